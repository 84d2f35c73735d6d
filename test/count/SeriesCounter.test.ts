import fc from 'fast-check';
import { Counter, CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { SeriesCounter } from '../../src/count/SeriesCounter';
import { sumOf } from '../../src/exposition/measured';
import { counterOf } from '../fixtures/counterOf';

const { Increment, LastValue, Statistics, Timestamp } = CounterType;
const MAX = Number.MAX_VALUE;

function observed(...values: number[]): SeriesCounter {
    const counter = new SeriesCounter('a', Statistics);
    for (const value of values) counter.observe(value);
    return counter;
}

/** What a counter becomes when others are put back into it, the oldest first. */
function merged(live: SeriesCounter, ...taken: Counter[]): SeriesCounter {
    taken.forEach((counter, order) => {
        SeriesCounter.merge(live, counter, order);
    });
    return live;
}

describe('the sum of what was observed', () => {
    test('is exact for whole numbers, where average × count is not', () => {
        const counter = new SeriesCounter('a', Statistics);
        let expected = 0;
        let falls = 0;
        let product = 0;
        for (let index = 0; index < 100_000; index++) {
            const value = (index * 7919) % 1013 === 0 ? 0 : (index * 31) % 97;
            counter.observe(value);
            expected += value;
            if (counter.average * counter.count < product) falls++;
            product = counter.average * counter.count;
            if (counter.sum !== expected)
                throw new Error(`Observation ${index}: ${String(counter.sum)}, not ${expected}`);
        }
        expect(falls).toBeGreaterThan(0);
    });

    test('never falls while nothing below 0 is observed', () => {
        const positive = fc.double({ min: 0, max: MAX, noNaN: true });
        fc.assert(
            fc.property(fc.array(positive, { maxLength: 50 }), (values) => {
                const counter = new SeriesCounter('a', Statistics);
                let before = 0;
                for (const value of values) {
                    counter.observe(value);
                    expect(counter.sum).toBeGreaterThanOrEqual(before);
                    expect(counter.sum).toBeLessThanOrEqual(MAX);
                    before = counter.sum ?? NaN;
                }
            })
        );
    });

    test.each<[string, Counter, number | undefined]>([
        ['nothing observed', new SeriesCounter('a', Statistics), undefined],
        ['zeros', observed(0, 0), 0],
        ['values of both signs', observed(5, -7), -2],
        ['the largest numbers', observed(MAX, MAX), MAX],
        ['the smallest numbers', observed(-MAX, -MAX), -MAX],
        ['the count changed by a caller', Object.assign(observed(1, 2), { count: 10, average: 4 }), 40],
        ['a count set by a caller, and no average', Object.assign(observed(), { count: 10 }), undefined],
        ['a count taken away by a caller', Object.assign(observed(1, 2), { count: undefined }), undefined],
        ['a plain counter', counterOf('a', Statistics, { count: 3, average: 4 }), 12],
        ['a plain counter without values', counterOf('a', Statistics), undefined],
        ['a plain counter with values of null', counterOf('a', Statistics, { count: null, average: null }), undefined],
        ['the rounding of an average of whole numbers', counterOf('a', Statistics, { count: 49, average: 1 / 49 }), 1],
        [
            'a plain counter of the largest numbers',
            counterOf('a', Statistics, { count: 3, average: MAX }),
            1.79769313486e308,
        ],
    ])('%s', (_, counter, expected) => {
        expect(sumOf(counter)).toBe(expected);
    });

    test('goes on from what a caller set', () => {
        const counter = Object.assign(observed(1, 2), { count: 10, average: 4 });
        counter.observe(6);
        expect(counter).toMatchObject({ count: 11, sum: 46 });
        counter.count = 0;
        counter.observe(6);
        expect(counter).toMatchObject({ count: 1, average: 6, sum: 6 });
    });
});

describe('what is hidden', () => {
    test('the sum and the time of creation are in no list of fields', () => {
        const counter = observed(1, 2);
        expect(Object.keys(counter)).toEqual(['name', 'type', 'last', 'count', 'max', 'min', 'average']);
        expect(JSON.parse(JSON.stringify(counter))).toEqual({
            ...{ name: 'a', type: Statistics },
            ...{ last: 2, count: 2, max: 2, min: 1, average: 1.5 },
        });
        expect(counter).toEqual(counterOf('a', Statistics, { last: 2, count: 2, max: 2, min: 1, average: 1.5 }));
    });

    test('a counter without values has its name and type only', () => {
        expect(Object.keys(new SeriesCounter('a', Timestamp))).toEqual(['name', 'type']);
    });
});

describe('the time of creation', () => {
    beforeEach(() => jest.useFakeTimers({ now: 1000 }));
    afterEach(() => jest.useRealTimers());

    test('is that of the first record, and of the first one after a reset', () => {
        const counters = new PrometheusCounters();
        counters.increment('a');
        jest.advanceTimersByTime(500);
        counters.increment('a');
        expect(createdOf(counters)).toBe(1000);
        counters.clearAll();
        jest.advanceTimersByTime(500);
        counters.increment('a');
        expect(createdOf(counters)).toBe(2000);
    });

    test('is the earlier one after merging, whichever that is', () => {
        const first = observed(1);
        jest.advanceTimersByTime(500);
        const second = observed(1);
        expect(merged(second, first).created).toBe(1000);
        expect(merged(observed(1), counterOf('a', Statistics, { count: 1 })).created).toBe(1500);
    });

    function createdOf(counters: PrometheusCounters): number | undefined {
        const [counter] = counters.getAll();
        return counter instanceof SeriesCounter ? counter.created : undefined;
    }
});

describe('merging', () => {
    const values = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { maxLength: 20 });

    function state(counter: SeriesCounter): unknown {
        const { count, min, max, last, sum } = counter;
        return { count, min, max, last, sum };
    }

    test('is associative, and the same as observing all, with plain counters among them', () => {
        fc.assert(
            fc.property(values, values, values, fc.boolean(), (first, second, third, isPlain) => {
                const oldest = (): Counter =>
                    isPlain ? Object.assign(new Counter('a', Statistics), observed(...first)) : observed(...first);
                const left = merged(merged(observed(...third), observed(...second)), oldest());
                const right = merged(observed(...third), merged(observed(...second), oldest()));
                const all = observed(...first, ...second, ...third);
                expect(state(left)).toEqual(state(all));
                expect(state(right)).toEqual(state(all));
            }),
            { numRuns: 500 }
        );
    });

    test('of counts and last values is associative too', () => {
        const parts = fc.tuple(values, values, values);
        fc.assert(
            fc.property(parts, ([first, second, third]) => {
                const make = (type: CounterType, list: readonly number[]): SeriesCounter => {
                    const counter = new SeriesCounter('a', type);
                    for (const value of list) {
                        if (type === Increment) counter.add(value);
                        else counter.set(value);
                    }
                    return counter;
                };
                for (const type of [Increment, LastValue]) {
                    const left = merged(merged(make(type, third), make(type, second)), make(type, first));
                    const right = merged(make(type, third), merged(make(type, second), make(type, first)));
                    const all = make(type, [...first, ...second, ...third]);
                    expect([left.count, left.last]).toEqual([all.count, all.last]);
                    expect([right.count, right.last]).toEqual([all.count, all.last]);
                }
            })
        );
    });
});
