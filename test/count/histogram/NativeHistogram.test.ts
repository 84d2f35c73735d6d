import fc from 'fast-check';

import { NativeBuckets, NativeHistogram, schemaOf, ZERO_THRESHOLD } from '../../../src/count/histogram/NativeHistogram';

interface Content {
    readonly schema: number;
    readonly zeroCount: number;
    /** Counts by index, without empty buckets. */
    readonly positive: Readonly<Record<number, number>>;
    readonly negative: Readonly<Record<number, number>>;
}

function byIndex({ first, counts }: NativeBuckets): Record<number, number> {
    return Object.fromEntries(
        counts.flatMap((count, slot): [number, number][] => (count === 0 ? [] : [[first + slot, count]]))
    );
}

function contentOf(histogram: NativeHistogram): Content {
    const { schema, zeroCount, positive, negative } = histogram;
    return { schema, zeroCount, positive: byIndex(positive), negative: byIndex(negative) };
}

function observing(values: readonly number[], schema = 3, maxBuckets = 160): NativeHistogram {
    const histogram = new NativeHistogram({ schema, maxBuckets });
    for (const value of values) histogram.observe(value);
    return histogram;
}

function merged(...parts: readonly NativeHistogram[]): NativeHistogram {
    const [first, ...rest] = parts.map((part) => part.copy());
    if (first === undefined) throw new Error('Nothing to merge');
    for (const part of rest) first.merge(part);
    return first;
}

/** What a histogram must hold, by the definition: all observations are known, so the schema can be looked for. */
function model(values: readonly number[], schema: number, maxBuckets: number): Content {
    const indexOf = (value: number, at: number): number => Math.ceil(Math.log2(Math.abs(value)) * 2 ** at);
    const countable = values.filter((value) => Math.abs(value) > ZERO_THRESHOLD);
    const width = (at: number): number => {
        const indexes = countable.map((value) => indexOf(value, at));
        return Math.max(...indexes) - Math.min(...indexes) + 1;
    };
    while (schema > -4 && width(schema) > maxBuckets) schema--;

    const count = (some: readonly number[]): Record<number, number> => {
        const counts: Record<number, number> = {};
        for (const value of some) {
            const index = indexOf(value, schema);
            counts[index] = (counts[index] ?? 0) + 1;
        }
        return counts;
    };
    return {
        schema,
        zeroCount: values.length - countable.length,
        positive: count(countable.filter((value) => value > 0)),
        negative: count(countable.filter((value) => value < 0)),
    };
}

/** Numbers at which a rounded logarithm gives the right index: no bound is near, at any schema. */
const observation = fc
    .record({
        exponent: fc.integer({ min: -150, max: 1000 }),
        nearby: fc.integer({ min: -12, max: 12 }),
        near: fc.boolean(),
        step: fc.integer({ min: 0, max: 255 }),
        sign: fc.constantFrom(1, 1, 1, -1, 0),
    })
    .map(({ exponent, nearby, near, step, sign }) => sign * 2 ** ((near ? nearby : exponent) + (step + 0.4) / 256));
const observations = fc.array(observation, { maxLength: 40 });
const settings = fc.record({
    schema: fc.integer({ min: -4, max: 8 }),
    maxBuckets: fc.constantFrom(1, 2, 20, 160, 1000),
});

/** The vector NH08. */
test.each([
    [1.001, 8],
    [1.0027, 8],
    [1.00271, 8],
    [1.0055, 7],
    [1.01, 7],
    [1.05, 4],
    [1.0905, 4],
    [1.1, 3],
    [1.189, 3],
    [1.2, 2],
    [1.4142, 2],
    [1.5, 1],
    [1.999, 1],
    [2, 0],
    [3.9, 0],
    [4, -1],
    [10, -1],
    [16, -2],
    [255, -2],
    [256, -3],
    [65535, -3],
    [65536, -4],
    [1000000000, -4],
])('the factor %p is schema %p', (factor, schema) => {
    expect(schemaOf(factor)).toBe(schema);
});

describe('native buckets', () => {
    test('without observations', () => {
        expect(contentOf(observing([]))).toEqual({ schema: 3, zeroCount: 0, positive: {}, negative: {} });
    });

    test('powers of two are upper bounds', () => {
        expect(contentOf(observing([1, 2, 4, 3], 0)).positive).toEqual({ 0: 1, 1: 1, 2: 2 });
    });

    test('what is not above 2^-128 is zero, whatever its sign', () => {
        const tiny = [0, -0, 5e-324, -5e-324, 2 ** -1022, 2 ** -128, -(2 ** -128)];
        expect(contentOf(observing(tiny)).zeroCount).toBe(7);

        const above = 2 ** -128 * (1 + Number.EPSILON);
        expect(contentOf(observing([above, -above], 0))).toEqual({
            schema: 0,
            zeroCount: 0,
            positive: { [-127]: 1 },
            negative: { [-127]: 1 },
        });
    });

    test('negative observations have buckets of their own, by their magnitude', () => {
        expect(contentOf(observing([-1, -2, -3, 2, 0], 0))).toEqual({
            schema: 0,
            zeroCount: 1,
            positive: { 1: 1 },
            negative: { 0: 1, 1: 1, 2: 1 },
        });
    });

    test('several observations of one value', () => {
        const histogram = observing([]);
        histogram.observe(0.5, 3);
        histogram.observe(0, 2);
        expect(contentOf(histogram)).toEqual({ schema: 3, zeroCount: 2, positive: { [-8]: 3 }, negative: {} });
    });

    test('whole ms from 1 ms to 1000 s keep schema 3 within 160 buckets: 160 it is, and one more is too many', () => {
        const histogram = observing([0.001, 1000]);
        expect(contentOf(histogram)).toEqual({
            schema: 3,
            zeroCount: 0,
            positive: { [-79]: 1, 80: 1 },
            negative: {},
        });
        // 2^(80/8) is 1024: above it bucket 81 begins, which is 41 at schema 2, as -79 is -39 and 80 is 40
        histogram.observe(1025);
        expect(contentOf(histogram).schema).toBe(2);
        expect(contentOf(histogram).positive).toEqual({ [-39]: 1, 40: 1, 41: 1 });
        histogram.observe(1);
        expect(histogram.schema).toBe(2);
    });

    test('the window reaches over both signs', () => {
        expect(observing([0.001, -1000]).schema).toBe(3);
        expect(observing([0.001, -1025]).schema).toBe(2);
        expect(observing([-1025, 0.001]).schema).toBe(2);
    });

    test('the coarsest schema is -4, though there are more buckets than wanted', () => {
        // 2^-127 is in bucket ceil(-127/16), the highest number in bucket 64
        expect(contentOf(observing([2 ** -127, Number.MAX_VALUE], 8, 10))).toEqual({
            schema: -4,
            zeroCount: 0,
            positive: { [-7]: 1, 64: 1 },
            negative: {},
        });
    });

    test('a million observations over nine decades and both signs stay within 160 buckets, none is lost', () => {
        const histogram = observing([]);
        for (let step = 0; step < 1_000_000; step++) {
            const magnitude = 1e-6 * 10 ** ((9 * ((step * 7919) % 1_000_000)) / 1_000_000);
            histogram.observe(step % 10 === 0 ? -magnitude : magnitude);
        }
        const { schema, zeroCount, positive, negative } = contentOf(histogram);
        const indexes = [...Object.keys(positive), ...Object.keys(negative)].map(Number);
        // Nine decades are 29.9 doublings: 240 buckets at schema 3, 120 at schema 2
        expect(schema).toBe(2);
        expect(Math.max(...indexes) - Math.min(...indexes)).toBeLessThan(160);
        const sum = (counts: Readonly<Record<number, number>>): number =>
            Object.values(counts).reduce((total, count) => total + count, 0);
        expect([zeroCount, sum(positive), sum(negative)]).toEqual([0, 900_000, 100_000]);
    });

    test('hold what the definition says, in any order of observations', () => {
        fc.assert(
            fc.property(observations, settings, (values, { schema, maxBuckets }) => {
                const expected = model(values, schema, maxBuckets);
                expect(contentOf(observing(values, schema, maxBuckets))).toEqual(expected);
                expect(contentOf(observing(values.slice().reverse(), schema, maxBuckets))).toEqual(expected);
            }),
            { numRuns: 1000 }
        );
    });
});

describe('merging', () => {
    test('takes the coarser schema, whichever side has it', () => {
        const fine = observing([1, 3], 3);
        const coarse = observing([4, -4, 0], 0);
        // 3 is above 2 and not above 4
        const expected = { schema: 0, zeroCount: 1, positive: { 0: 1, 2: 2 }, negative: { 2: 1 } };
        expect(contentOf(merged(fine, coarse))).toEqual(expected);
        expect(contentOf(merged(coarse, fine))).toEqual(expected);
    });

    test('takes the coarser schema of one without observations', () => {
        expect(contentOf(merged(observing([3], 3), observing([], 0)))).toEqual(contentOf(observing([3], 0)));
        expect(contentOf(merged(observing([], 3), observing([3], 0)))).toEqual(contentOf(observing([3], 0)));
    });

    test('gives what observing all of it gives, in any order and grouping', () => {
        fc.assert(
            fc.property(
                fc.tuple(observations, observations, observations),
                fc.tuple(settings, settings, settings),
                (values, each) => {
                    const maxBuckets = each[0].maxBuckets;
                    const [a, b, c] = [0, 1, 2].map((part) =>
                        observing(values[part] ?? [], each[part]?.schema ?? 0, maxBuckets)
                    ) as [NativeHistogram, NativeHistogram, NativeHistogram];
                    const all = contentOf(merged(a, b, c));

                    const coarsest = Math.min(...each.map(({ schema }) => schema));
                    expect(all).toEqual(model(values.flat(), coarsest, maxBuckets));
                    expect(contentOf(merged(a, merged(b, c)))).toEqual(all);
                    expect(contentOf(merged(c, b, a))).toEqual(all);
                    expect(contentOf(merged(b, c, a))).toEqual(all);
                }
            ),
            { numRuns: 500 }
        );
    });
});

test('a copy is independent', () => {
    const histogram = observing([1, -1, 0]);
    const before = contentOf(histogram);
    const copy = histogram.copy();
    histogram.observe(1);
    histogram.observe(-1);
    histogram.observe(0);
    histogram.observe(1e9);
    expect(contentOf(copy)).toEqual(before);

    const after = contentOf(histogram);
    copy.observe(1);
    expect(contentOf(histogram)).toEqual(after);
});
