import fc from 'fast-check';

import { BucketBounds } from '../../../src/count/histogram/BucketBounds';
import { Histogram, HistogramOptions } from '../../../src/count/histogram/Histogram';
import { NativeHistogram } from '../../../src/count/histogram/NativeHistogram';

const SECONDS = new BucketBounds([0.01, 0.1, 1], 1000);
const NATIVE = { schema: 3, maxBuckets: 160 };

function observing(options: HistogramOptions, recorded: readonly number[]): Histogram {
    const histogram = new Histogram(options);
    for (const value of recorded) histogram.observe(value);
    return histogram;
}

/** The number of observations that native buckets hold. */
function nativeCount({ zeroCount, positive, negative }: NativeHistogram): number {
    return [...positive.counts, ...negative.counts].reduce((sum, count) => sum + count, zeroCount);
}

test('classic buckets count what is not above their bounds', () => {
    const histogram = observing({ bounds: SECONDS, native: null }, [10, 10.5, 2000, 0, 100, 1000]);
    expect(histogram.counts).toEqual([2, 2, 1, 1]);
    expect(histogram.sum).toBe(3120.5);
    expect(histogram.native).toBeNull();
});

test('without bounds there is the bucket up to Infinity', () => {
    const histogram = observing({ bounds: new BucketBounds([], 1000), native: null }, [1, 2]);
    expect(histogram.counts).toEqual([2]);
});

test('native buckets stand beside the classic ones, in the exposed unit', () => {
    const histogram = observing({ bounds: SECONDS, native: NATIVE }, [2000, 0]);
    const native = new NativeHistogram(NATIVE);
    native.observe(2);
    native.observe(0);
    expect(histogram.counts).toEqual([1, 0, 0, 1]);
    expect(histogram.native).toEqual(native);
});

test('observations of which only the highest is known are counted where that is', () => {
    const histogram = observing({ bounds: SECONDS, native: NATIVE }, [5]);
    histogram.add(100, 3, 150);
    histogram.add(5000, 0, 0);
    expect([histogram.counts, histogram.sum]).toEqual([[1, 3, 0, 0], 155]);
    expect(histogram.native && nativeCount(histogram.native)).toBe(4);
});

test('the sum ends at the range of numbers', () => {
    const { MAX_VALUE } = Number;
    expect(observing({ bounds: SECONDS, native: null }, [MAX_VALUE, MAX_VALUE]).sum).toBe(MAX_VALUE);
});

describe('merging', () => {
    test('adds buckets, and leaves the other one alone', () => {
        const options = { bounds: SECONDS, native: NATIVE };
        const other = observing(options, [50, 5000]);
        const histogram = observing(options, [5, 50]);
        histogram.merge(other);
        expect(histogram.counts).toEqual([1, 2, 0, 1]);
        expect(histogram.native && nativeCount(histogram.native)).toBe(4);
        expect(other).toEqual(observing(options, [50, 5000]));
    });

    test('is the same as recording everything in one', () => {
        const ms = fc.array(fc.integer({ min: 0, max: 5000 }));
        fc.assert(
            fc.property(ms, ms, (earlier, later) => {
                const histogram = observing({ bounds: SECONDS, native: null }, later);
                histogram.merge(observing({ bounds: SECONDS, native: null }, earlier));
                expect(histogram).toEqual(observing({ bounds: SECONDS, native: null }, [...earlier, ...later]));
            })
        );
    });

    test.each<[string, number[], number[]]>([
        ['the same, of another configuration', [0.01, 0.1, 1], [1, 2, 3, 4]],
        ['finer', [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5], [0, 1, 0, 2, 0, 3, 0, 4]],
        ['coarser', [0.1, 2], [3, 3, 4]],
        ['between', [0.03, 0.3], [1, 2, 7]],
        ['none', [], [10]],
    ])('counts at upper bounds if the bounds differ: %s', (_, bounds, expected) => {
        const old = observing({ bounds: SECONDS, native: null }, [1, 20, 20, 200, 200, 200, 2000, 2000, 2000, 2000]);
        const histogram = new Histogram({ bounds: new BucketBounds(bounds, 1000), native: null });
        histogram.merge(old);
        expect(histogram.counts).toEqual(expected);
    });

    test('with native buckets only on this side: they get the classic ones, so that they add up to the count', () => {
        const histogram = new Histogram({ bounds: SECONDS, native: { schema: 0, maxBuckets: 160 } });
        histogram.merge(observing({ bounds: new BucketBounds([0.5, 1], 1000), native: null }, [1, 600, 700, 5000]));
        // 0.5 is in bucket -1; 600, 700 and 5000 ms count as 1 s, in bucket 0
        expect(histogram.native?.positive.counts.filter((count) => count > 0)).toEqual([1, 3]);
        expect(histogram.native?.zeroCount).toBe(0);

        histogram.merge(observing({ bounds: new BucketBounds([], 1000), native: null }, [3]));
        expect(histogram.native?.zeroCount).toBe(1);
        expect(histogram.native && nativeCount(histogram.native)).toBe(5);
    });

    test('with native buckets only on the other side: the classic ones have it all', () => {
        const histogram = observing({ bounds: SECONDS, native: null }, [5]);
        histogram.merge(observing({ bounds: SECONDS, native: NATIVE }, [50]));
        expect(histogram).toEqual(observing({ bounds: SECONDS, native: null }, [5, 50]));
    });
});
