import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';
import { CachedCounters, Counter, CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { restoreCounters } from '../../src/count/restoreCounters';
import { sumOf } from '../../src/exposition/measured';
import { takeCounters } from '../../src/count/takeCounters';
import { CounterValues, counterOf } from '../fixtures/counterOf';
import { PlainCounters } from '../fixtures/PlainCounters';

const { Interval, Increment, LastValue, Statistics, Timestamp } = CounterType;
const EARLY = new Date('2024-01-01T00:00:00Z');
const MAX = Number.MAX_VALUE;
const LATE = new Date('2024-01-02T00:00:00Z');

/** The values that a counter has, without its name and type. */
function valuesOf(counter: Counter | undefined): CounterValues {
    const entries = Object.entries(counter ?? {}).filter(
        ([key, value]) => value !== undefined && key !== 'name' && key !== 'type'
    );
    return Object.fromEntries(entries);
}

/** Puts a counter back where another of its name and type was recorded meanwhile. */
function merge(
    make: () => CachedCounters,
    type: CounterType,
    earlier: CounterValues,
    later: CounterValues
): CounterValues {
    const counters = make();
    Object.assign(counters.get('a', type), later);
    void restoreCounters(counters, [counterOf('a', type, earlier)]);
    expect(counters.getAll()).toHaveLength(1);
    return valuesOf(counters.getAll()[0]);
}

const MAKERS: [string, () => CachedCounters][] = [
    ['PrometheusCounters', () => new PrometheusCounters()],
    ['other CachedCounters', () => new PlainCounters()],
];

describe.each(MAKERS)('merging in %s', (_store, make) => {
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
        ['averages without counts, set by a caller', Statistics, { average: 3 }, { average: 4 }, { average: 4 }],
        [
            'the largest numbers',
            Statistics,
            { count: 2, max: MAX, min: MAX, average: MAX, last: MAX },
            { count: 2, max: MAX, min: MAX, average: MAX, last: MAX },
            { count: 4, max: MAX, min: MAX, average: MAX, last: MAX },
        ],
        ['the largest counts', Increment, { count: MAX }, { count: MAX }, { count: MAX }],
        [
            'parts of statistics, set by a caller',
            Statistics,
            { count: 2, max: 3 },
            { count: 1, min: 7 },
            { count: 3, max: 3, min: 7 },
        ],
    ])('%s', (_, type, earlier, later, expected) => {
        expect(merge(make, type, earlier, later)).toEqual(expected);
    });

    test('missing values may be null too, as in counters of other classes', () => {
        expect(merge(make, Increment, { count: null }, { count: 4 })).toEqual({ count: 4 });
        expect(merge(make, Increment, { count: 3 }, { count: null })).toEqual({ count: 3 });
    });
});

describe('restoreCounters', () => {
    test('keeps kinds under one name apart, and leaves others as they are', () => {
        const counters = new PrometheusCounters();
        counters.increment('a', 1);
        counters.stats('a', 5);
        const taken = counters.getAll();
        counters.clearAll();
        counters.increment('b', 9);
        counters.increment('a', 2);
        void restoreCounters(counters, taken);
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
        void restoreCounters(counters, [taken]);
        counters.increment('a', 5);
        expect(valuesOf(taken)).toEqual({ count: 3 });
    });

    test('puts all back, also beside something that is no counter', () => {
        const counters = new PlainCounters();
        const strange = [null, undefined, 'a', 5, {}, { name: '' }, { name: null, type: Increment }];
        const taken = [...strange, counterOf('a', Increment, { count: 3 })] as Counter[];
        void restoreCounters(counters, taken);
        expect(counters.getAll().map((counter) => [counter.name, valuesOf(counter)])).toEqual([['a', { count: 3 }]]);
    });

    test('gives counters no further fields', () => {
        const counters = new PlainCounters();
        void restoreCounters(counters, [counterOf('a', Increment, { count: 3 })]);
        expect(counters.getAll().map((counter) => Object.keys(counter))).toEqual([['name', 'type', 'count']]);
    });

    test('a few counters are back before it returns', () => {
        const counters = new PrometheusCounters();
        for (let index = 0; index < 100; index++) counters.increment(`c${index}`);
        const taken = takeCounters(counters);
        void restoreCounters(counters, taken);
        expect(counters.getAll()).toHaveLength(100);
    });
});

describe('a counter that cannot be put back', () => {
    class Fragile extends PlainCounters {
        public override get(name: string, type: CounterType): Counter {
            if (name.startsWith('broken')) throw new Error(`No ${name}`);
            return super.get(name, type);
        }
    }
    const taken = ['a', 'broken.1', 'b', 'broken.2', 'c'].map((name) => counterOf(name, Increment, { count: 3 }));

    test('costs itself only, and the caller is told once', async () => {
        const counters = new Fragile();
        const onFailure = jest.fn();
        await restoreCounters(counters, taken, onFailure);
        expect(counters.getAll().map(({ name, count }) => [name, count])).toEqual([
            ['a', 3],
            ['b', 3],
            ['c', 3],
        ]);
        expect(onFailure.mock.calls).toEqual([[new Error('No broken.1'), 2]]);
    });

    test('rejects nothing, whether somebody is told or not, and if that throws', async () => {
        await expect(restoreCounters(new Fragile(), taken)).resolves.toBeUndefined();
        const onFailure = (): void => {
            throw new Error('The disk is full');
        };
        await expect(restoreCounters(new Fragile(), taken, onFailure)).resolves.toBeUndefined();
    });

    test('nobody is told if all are back', async () => {
        const onFailure = jest.fn();
        await restoreCounters(new PlainCounters(), taken, onFailure);
        expect(onFailure).not.toHaveBeenCalled();
    });
});

describe('many counters', () => {
    const SIZE = 30_000;

    test('come back in slices, none twice and none lost, while others record, read and reset', async () => {
        const counters = new PrometheusCounters();
        for (let index = 0; index < SIZE; index++) counters.increment(`c${index}`);
        let expected = SIZE;
        let delivered = 0;
        let turns = 0;
        const progress = { isDone: false };
        const restoring = restoreCounters(counters, takeCounters(counters)).then(() => (progress.isDone = true));
        const others: Promise<void>[] = [];
        while (!progress.isDone) {
            turns++;
            counters.increment(`c${turns}`);
            expected++;
            expect(totalOf(counters.getAll())).toBeLessThanOrEqual(expected - delivered);
            if (turns === 2) delivered += totalOf(takeCounters(counters));
            if (turns === 3) others.push(restoreCounters(counters, takeCounters(counters)));
            await setImmediate();
        }
        await Promise.all([restoring, ...others]);
        expect(turns).toBeGreaterThan(3);
        expect(totalOf(counters.getAll())).toBe(expected - delivered);
    });

    function totalOf(list: readonly Counter[]): number {
        return list.reduce((sum, { count }) => sum + count, 0);
    }
});

describe('overlapping resets', () => {
    test.each(MAKERS)(
        '%s: the newest last value and timestamp stay, in whatever order they come back',
        async (_, make) => {
            for (const isReversed of [false, true]) {
                const counters = make();
                const takes = [3, 1, 2].map((value) => {
                    counters.last('l', value);
                    counters.timestamp('t', new Date(value));
                    return takeCounters(counters);
                });
                for (const taken of isReversed ? takes.reverse() : takes) await restoreCounters(counters, taken);
                expect(counters.getAll()).toMatchObject([{ last: 2 }, { time: new Date(2) }]);
            }
        }
    );

    test.each(MAKERS)('%s: what is recorded between two of them is newer than both', async (_, make) => {
        const counters = make();
        const takes = [1, 2].map((value) => {
            counters.last('l', value);
            return takeCounters(counters);
        });
        await restoreCounters(counters, takes[0] ?? []);
        counters.last('l', 3);
        await restoreCounters(counters, takes[1] ?? []);
        expect(counters.getAll()).toMatchObject([{ last: 3 }]);
    });

    test.each(MAKERS)('%s: a value that comes back and is taken again is as old as it was', async (_, make) => {
        const counters = make();
        counters.last('l', 1);
        const first = takeCounters(counters);
        counters.last('l', 2);
        const second = takeCounters(counters);
        await restoreCounters(counters, first);
        const third = takeCounters(counters);
        await restoreCounters(counters, second);
        await restoreCounters(counters, third);
        expect(counters.getAll()).toMatchObject([{ last: 2 }]);
    });

    /** All that was recorded and is not delivered, each value with its place in time. */
    type Model = Map<string, { at: number; value: number }[]>;
    interface Take {
        readonly taken: Counter[];
        readonly model: Model;
    }
    const steps = fc.array(
        fc.oneof(
            {
                weight: 4,
                arbitrary: fc.record({ record: fc.constantFrom('a', 'b'), value: fc.integer({ min: 0, max: 9 }) }),
            },
            { weight: 1, arbitrary: fc.constant('take' as const) },
            { weight: 1, arbitrary: fc.record({ restore: fc.nat() }) },
            { weight: 1, arbitrary: fc.record({ deliver: fc.nat() }) }
        ),
        { maxLength: 40 }
    );

    // All values differ, as a plain counter cannot tell a value that came back from the same one recorded since
    test.each(MAKERS)('%s: gives what a list of all that is not delivered gives', async (_, make) => {
        await fc.assert(
            fc.asyncProperty(steps, async (sequence) => {
                const counters = make();
                let model: Model = new Map();
                const takes: Take[] = [];
                let now = 0;
                for (const step of sequence) {
                    if (step === 'take') {
                        takes.push({ taken: takeCounters(counters), model });
                        model = new Map();
                    } else if ('record' in step) {
                        const value = step.value + 10 * now++;
                        record(counters, step.record, value);
                        model.set(step.record, [...(model.get(step.record) ?? []), { at: now, value }]);
                    } else if ('deliver' in step) {
                        if (takes.length > 0) takes.splice(step.deliver % takes.length, 1);
                    } else if (takes.length > 0) {
                        const [take] = takes.splice(step.restore % takes.length, 1);
                        await restoreCounters(counters, take?.taken ?? []);
                        for (const [name, values] of take?.model ?? []) {
                            model.set(name, [...(model.get(name) ?? []), ...values]);
                        }
                    }
                }
                expect(new Map(counters.getAll().map((counter) => [counter.name, shown(counter)]))).toEqual(
                    expectedOf(model)
                );
            }),
            { numRuns: 500 }
        );
    });

    function record(counters: CachedCounters, name: string, value: number): void {
        counters.increment(`${name}.increment`, value);
        counters.last(`${name}.last`, value);
        counters.stats(`${name}.stats`, value);
        counters.timestamp(`${name}.timestamp`, new Date(value));
    }

    function shown(counter: Counter): CounterValues & { sum?: number } {
        const sum = counter.type === Statistics ? sumOf(counter) : undefined;
        const values = valuesOf(counter);
        delete values.average;
        return sum === undefined ? values : { ...values, sum };
    }

    function expectedOf(model: Model): Map<string, CounterValues & { sum?: number }> {
        const expected = new Map<string, CounterValues & { sum?: number }>();
        for (const [name, list] of model) {
            const values = list.sort((a, b) => a.at - b.at).map(({ value }) => value);
            const sum = values.reduce((total, value) => total + value, 0);
            const last = values.at(-1);
            const [min, max] = [Math.min(...values), Math.max(...values)];
            expected.set(`${name}.increment`, { count: sum });
            expected.set(`${name}.last`, { last });
            expected.set(`${name}.stats`, { count: values.length, min, max, last, sum });
            expected.set(`${name}.timestamp`, { time: new Date(last ?? NaN) });
        }
        return expected;
    }
});

describe('recording, and putting back what was taken between, is the same as recording', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { maxLength: 20 });

    test.each(MAKERS)('%s', (_, make) => {
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
                void restoreCounters(counters, taken);

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
