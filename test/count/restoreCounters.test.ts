import fc from 'fast-check';
import { CachedCounters, Counter, CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { restoreCounters } from '../../src/count/restoreCounters';
import { CounterValues, counterOf } from '../fixtures/counterOf';
import { PlainCounters } from '../fixtures/PlainCounters';

const { Interval, Increment, LastValue, Statistics, Timestamp } = CounterType;
const EARLY = new Date('2024-01-01T00:00:00Z');
const LATE = new Date('2024-01-02T00:00:00Z');

/** The values that a counter has, without its name and type. */
function valuesOf(counter: Counter | undefined): CounterValues {
    const entries = Object.entries(counter ?? {}).filter(
        ([key, value]) => value !== undefined && key !== 'name' && key !== 'type'
    );
    return Object.fromEntries(entries);
}

/** Puts a counter back where another of its name and type was recorded meanwhile. */
function merge(type: CounterType, earlier: CounterValues, later: CounterValues): CounterValues {
    const counters = new PrometheusCounters();
    Object.assign(counters.get('a', type), later);
    restoreCounters(counters, [counterOf('a', type, earlier)]);
    expect(counters.getAll()).toHaveLength(1);
    return valuesOf(counters.getAll()[0]);
}

describe('restoreCounters', () => {
    test.each<[string, CounterType, CounterValues, CounterValues, CounterValues]>([
        ['counts are added', Increment, { count: 3 }, { count: 4 }, { count: 7 }],
        ['a count of 0', Increment, { count: 0 }, { count: 4 }, { count: 4 }],
        ['negative counts', Increment, { count: 3 }, { count: -4 }, { count: -1 }],
        ['a count only before', Increment, { count: 3 }, {}, { count: 3 }],
        ['a count only after', Increment, {}, { count: 4 }, { count: 4 }],
        ['no values at all', Increment, {}, {}, {}],
        ['the newer last value is kept', LastValue, { last: 1 }, { last: 2 }, { last: 2 }],
        ['a newer last value of 0', LastValue, { last: 1 }, { last: 0 }, { last: 0 }],
        ['a newer last value of NaN', LastValue, { last: 1 }, { last: NaN }, { last: NaN }],
        ['a last value only before', LastValue, { last: 1 }, {}, { last: 1 }],
        ['the newer timestamp is kept', Timestamp, { time: EARLY }, { time: LATE }, { time: LATE }],
        ['also if it is the smaller one', Timestamp, { time: LATE }, { time: EARLY }, { time: EARLY }],
        ['a timestamp only before', Timestamp, { time: EARLY }, {}, { time: EARLY }],
        [
            'the average is weighed by count',
            Statistics,
            { count: 1, min: 8, max: 8, average: 8, last: 8 },
            { count: 3, min: 1, max: 6, average: 4, last: 5 },
            { count: 4, min: 1, max: 8, average: 5, last: 5 },
        ],
        [
            'minimum and maximum of before',
            Interval,
            { count: 2, min: -5, max: 50, average: 10, last: 50 },
            { count: 2, min: 0, max: 20, average: 20, last: 0 },
            { count: 4, min: -5, max: 50, average: 15, last: 0 },
        ],
        [
            'statistics only before',
            Statistics,
            { count: 2, min: 1, max: 3, average: 2, last: 3 },
            {},
            { count: 2, min: 1, max: 3, average: 2, last: 3 },
        ],
        [
            'statistics only after',
            Statistics,
            {},
            { count: 2, min: 1, max: 3, average: 2, last: 3 },
            { count: 2, min: 1, max: 3, average: 2, last: 3 },
        ],
        [
            'parts of statistics, set by a caller',
            Statistics,
            { count: 2, max: 3 },
            { count: 1, min: 7 },
            { count: 3, max: 3, min: 7 },
        ],
    ])('%s', (_, type, earlier, later, expected) => {
        expect(merge(type, earlier, later)).toEqual(expected);
    });

    test('missing values may be null too, as in counters of other classes', () => {
        expect(merge(Increment, { count: null }, { count: 4 })).toEqual({ count: 4 });
        expect(merge(Increment, { count: 3 }, { count: null })).toEqual({ count: 3 });
    });

    test('keeps kinds under one name apart, and leaves others as they are', () => {
        const counters = new PrometheusCounters();
        counters.increment('a', 1);
        counters.stats('a', 5);
        const taken = counters.getAll();
        counters.clearAll();
        counters.increment('b', 9);
        counters.increment('a', 2);
        restoreCounters(counters, taken);
        expect(counters.getAll().map((counter) => [counter.name, counter.type, valuesOf(counter)])).toEqual([
            ['b', Increment, { count: 9 }],
            ['a', Increment, { count: 3 }],
            ['a', Statistics, { count: 1, min: 5, max: 5, average: 5, last: 5 }],
        ]);
    });

    test('leaves what was taken as it is', () => {
        const counters = new PrometheusCounters();
        counters.increment('a', 1);
        const taken = counterOf('a', Increment, { count: 3 });
        restoreCounters(counters, [taken]);
        counters.increment('a', 5);
        expect(valuesOf(taken)).toEqual({ count: 3 });
    });

    test('puts all back, also beside something that is no counter', () => {
        const counters = new PlainCounters();
        const strange = [null, undefined, 'a', 5, {}, { name: '' }, { name: null, type: Increment }];
        const taken = [...strange, counterOf('a', Increment, { count: 3 })] as Counter[];
        restoreCounters(counters, taken);
        expect(counters.getAll().map((counter) => [counter.name, valuesOf(counter)])).toEqual([['a', { count: 3 }]]);
    });
});

describe('recording, and putting back what was taken between, is the same as recording', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { maxLength: 20 });
    const makers: [string, () => CachedCounters][] = [
        ['PrometheusCounters', () => new PrometheusCounters()],
        ['other CachedCounters', () => new PlainCounters()],
    ];

    test.each(makers)('%s', (_, make) => {
        fc.assert(
            fc.property(values, values, fc.integer({ min: 1, max: 1000 }), (first, second, amount) => {
                const record = (counters: CachedCounters, list: readonly number[]): void => {
                    for (const value of list) {
                        counters.stats('s', value);
                        counters.endTiming('t', value);
                        counters.increment('i', amount);
                        counters.last('l', value);
                    }
                };
                const plain = make();
                record(plain, first);
                record(plain, second);
                const counters = make();
                record(counters, first);
                const taken = counters.getAll();
                counters.clearAll();
                record(counters, second);
                restoreCounters(counters, taken);

                const expected = plain.getAll();
                const actual = counters.getAll();
                expect(actual.map(withoutAverage).sort(byName)).toEqual(expected.map(withoutAverage).sort(byName));
                for (const { name, type, average } of expected) {
                    if (type !== Statistics && type !== Interval) continue;
                    expect(Math.abs(counters.get(name, type).average - average)).toBeLessThanOrEqual(1e-4);
                }
            })
        );
    });
});

/** The values without the average, which depends on the order of additions, and without signs of zeros. */
function withoutAverage(counter: Counter): CounterValues {
    const values = { ...valuesOf(counter), average: 0, name: counter.name, type: counter.type };
    return JSON.parse(JSON.stringify(values)) as CounterValues;
}

function byName(a: CounterValues, b: CounterValues): number {
    return String(a.name) < String(b.name) ? -1 : 1;
}
