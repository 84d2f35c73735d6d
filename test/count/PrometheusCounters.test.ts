import { BadRequestException } from 'pip-services3-commons-nodex';
import { Counter, CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { thrownBy } from '../fixtures/thrownBy';

const { Interval, Increment, LastValue, Statistics, Timestamp } = CounterType;
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a.b', ' ', '0', '1', '\n', '\ud800'];

let counters: PrometheusCounters;

beforeEach(() => {
    counters = new PrometheusCounters();
});

afterEach(() => {
    jest.useRealTimers();
});

/** The counters as plain objects, without the values that are missing. */
function state(): Record<string, unknown>[] {
    return counters.getAll().map((counter) => {
        return Object.fromEntries(Object.entries(counter).filter(([, value]) => value !== undefined));
    });
}

function names(): string[] {
    return counters.getAll().map(({ name }) => name);
}

describe('recording', () => {
    const time = new Date('2024-05-06T07:08:09Z');
    test.each<[string, () => void, Partial<Counter>]>([
        ['increment', () => counters.increment('a', 3), { type: Increment, count: 3 }],
        ['increment by 0', () => counters.increment('a', 0), { type: Increment, count: 0 }],
        ['increment by less than 0', () => counters.increment('a', -2.5), { type: Increment, count: -2.5 }],
        ['increment without a value', () => counters.increment('a'), { type: Increment, count: 1 }],
        ['incrementOne', () => counters.incrementOne('a'), { type: Increment, count: 1 }],
        ['last', () => counters.last('a', 5), { type: LastValue, last: 5 }],
        ['last of NaN', () => counters.last('a', NaN), { type: LastValue, last: NaN }],
        ['last of Infinity', () => counters.last('a', Infinity), { type: LastValue, last: Infinity }],
        ['last of -Infinity', () => counters.last('a', -Infinity), { type: LastValue, last: -Infinity }],
        ['stats', () => counters.stats('a', 5), { type: Statistics, last: 5, count: 1, max: 5, min: 5, average: 5 }],
        [
            'endTiming',
            () => counters.endTiming('a', 0),
            { type: Interval, last: 0, count: 1, max: 0, min: 0, average: 0 },
        ],
        ['timestamp', () => counters.timestamp('a', time), { type: Timestamp, time }],
    ])('%s', (_, record, values) => {
        record();
        expect(state()).toEqual([{ name: 'a', ...values }]);
    });

    test('goes on in the counter of the name and kind', () => {
        for (const value of [4, -2, 7]) {
            counters.increment('a', value);
            counters.last('a', value);
            counters.stats('a', value);
            counters.endTiming('b', value);
        }
        const aggregate = { last: 7, count: 3, max: 7, min: -2, average: 3 };
        const timing = { last: 7, count: 3, max: 7, min: 0, average: 11 / 3 };
        expect(state()).toEqual([
            { name: 'a', type: Increment, count: 9 },
            { name: 'a', type: LastValue, last: 7 },
            { name: 'a', type: Statistics, ...aggregate },
            { name: 'b', type: Interval, ...timing },
        ]);
    });

    test('timestampNow and beginTiming take the time from the clocks', () => {
        jest.useFakeTimers({ now: 1000 });
        const timing = counters.beginTiming('t');
        jest.advanceTimersByTime(250);
        timing.endTiming();
        counters.timestampNow('n');
        expect(state()).toEqual([
            { name: 't', type: Interval, last: 250, count: 1, max: 250, min: 250, average: 250 },
            { name: 'n', type: Timestamp, time: new Date(1250) },
        ]);
    });

    test.each([-3_600_000, 3_600_000])('a wall clock that is set by %d ms meanwhile disturbs no timing', (step) => {
        jest.useFakeTimers({ now: 10_000_000 });
        const timing = counters.beginTiming('t');
        jest.setSystemTime(10_000_000 + step);
        jest.advanceTimersByTime(250);
        timing.endTiming();
        expect(counters.get('t', Interval)).toMatchObject({ last: 250, min: 250, max: 250 });
    });

    test('a timing has fractions of a millisecond, down to whole microseconds', () => {
        jest.spyOn(performance, 'now').mockReturnValueOnce(5.000_1).mockReturnValueOnce(7.123_456);
        counters.beginTiming('t').endTiming();
        jest.restoreAllMocks();
        expect(counters.get('t', Interval).last).toBe(2.123);
    });

    test.each([-1, -3_600_000, -Number.MIN_VALUE])(
        'an elapsed time of %d ms, as a clock set back gives it, is 0',
        (elapsed) => {
            counters.endTiming('t', 5);
            counters.endTiming('t', elapsed);
            expect(state()).toEqual([{ name: 't', type: Interval, last: 0, count: 2, max: 5, min: 0, average: 2.5 }]);
        }
    );

    test('a timing that ends twice is measured twice', () => {
        const timing = counters.beginTiming('t');
        timing.endTiming();
        timing.endTiming();
        expect(counters.get('t', Interval).count).toBe(2);
    });
});

describe('names', () => {
    const recorders: [string, (name: string) => void][] = [
        ['increment', (name) => counters.increment(name, 1)],
        ['increment of NaN', (name) => counters.increment(name, NaN)],
        ['incrementOne', (name) => counters.incrementOne(name)],
        ['last', (name) => counters.last(name, 1)],
        ['last of no number', (name) => counters.last(name, '1' as unknown as number)],
        ['stats', (name) => counters.stats(name, 1)],
        ['endTiming', (name) => counters.endTiming(name, 1)],
        ['beginTiming and endTiming', (name) => counters.beginTiming(name).endTiming()],
        ['timestamp', (name) => counters.timestamp(name, new Date())],
        ['timestampNow', (name) => counters.timestampNow(name)],
        ['get', (name) => counters.get(name, Increment)],
    ];

    test.each(recorders)('%s throws without a name', (_, record) => {
        for (const name of ['', null, undefined] as string[]) {
            const error = thrownBy(() => record(name));
            expect(error).toBeInstanceOf(BadRequestException);
            expect(error).toMatchObject({ code: 'NO_NAME', message: 'The name of a counter must not be empty' });
        }
        expect(counters.getAll()).toEqual([]);
    });

    test('are any string else, in the order in which they were recorded first', () => {
        for (const name of [...NAMES, ...NAMES]) counters.increment(name, 2);
        expect(state()).toEqual(NAMES.map((name) => ({ name, type: Increment, count: 4 })));
        counters.clear('__proto__');
        counters.clear('missing');
        counters.increment('__proto__', 1);
        expect(names()).toEqual([...NAMES.slice(1), '__proto__']);
        expect(counters.get('__proto__', Increment).count).toBe(1);
        expect(Object.keys(Object.prototype)).toEqual([]);
    });
});

describe('get', () => {
    test('finds the counter of the name and kind, and discards no other', () => {
        counters.increment('a', 1);
        counters.stats('a', 2);
        expect(counters.get('a', Statistics).count).toBe(1);
        expect(counters.get('a', Increment).count).toBe(1);
        expect(counters.get('a', Increment)).toBe(counters.getAll()[0]);
        expect(counters.getAll()).toHaveLength(2);
    });

    test('adds a counter without values, and a caller may change it', () => {
        const counter = counters.get('a', Increment);
        expect(state()).toEqual([{ name: 'a', type: Increment }]);
        counter.count = 5;
        counters.increment('a', 2);
        expect(state()).toEqual([{ name: 'a', type: Increment, count: 7 }]);
        Object.assign(counters.get('s', Statistics), { count: 3, average: 4 });
        counters.stats('s', 8);
        expect(state()[1]).toEqual({ name: 's', type: Statistics, last: 8, count: 4, max: 8, min: 8, average: 5 });
    });

    test('goes on from values of null', () => {
        const nothing = { last: null, count: null, max: null, min: null, average: null };
        Object.assign(counters.get('s', Statistics), nothing);
        Object.assign(counters.get('i', Increment), nothing);
        counters.stats('s', 8);
        counters.increment('i', 8);
        expect(state()).toEqual([
            { name: 's', type: Statistics, last: 8, count: 1, max: 8, min: 8, average: 8 },
            { ...nothing, name: 'i', type: Increment, count: 8 },
        ]);
    });
});

describe('clearing', () => {
    test('clear drops every kind of a name', () => {
        counters.increment('a', 1);
        counters.increment('b', 1);
        counters.last('a', 1);
        counters.clear('a');
        expect(names()).toEqual(['b']);
        counters.increment('a', 1);
        expect(counters.get('a', Increment).count).toBe(1);
    });

    test('clearAll drops all, and leaves lists that were taken before as they are', () => {
        counters.increment('a', 1);
        const taken = counters.getAll();
        counters.clearAll();
        expect(counters.getAll()).toEqual([]);
        counters.increment('a', 5);
        expect(taken.map(({ count }) => count)).toEqual([1]);
        expect(state()).toEqual([{ name: 'a', type: Increment, count: 5 }]);
    });
});
