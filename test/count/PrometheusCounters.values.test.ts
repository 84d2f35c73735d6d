import fc from 'fast-check';
import { Descriptor, References } from 'pip-services3-commons-nodex';
import { Counter, CounterType, LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { RecordingLogger } from '../fixtures/RecordingLogger';

const LOGGER = new Descriptor('test', 'logger', 'recording', 'default', '1.0');
const NOT_FINITE = [NaN, Infinity, -Infinity];
const NO_NUMBERS = [null, '5', '', true, {}, [], 5n, Symbol('s'), new Date(0), () => 5];

let counters: PrometheusCounters;
let logger: RecordingLogger;

beforeEach(() => {
    counters = new PrometheusCounters();
    logger = new RecordingLogger();
    counters.setReferences(References.fromTuples(LOGGER, logger));
});

type Record = (name: string, value: number) => void;

const recorders: [string, Record, CounterType][] = [
    ['increment', (name, value) => counters.increment(name, value), CounterType.Increment],
    ['stats', (name, value) => counters.stats(name, value), CounterType.Statistics],
    ['endTiming', (name, value) => counters.endTiming(name, value), CounterType.Interval],
];

describe('values that are no finite numbers', () => {
    test.each(recorders)('%s leaves them out', (_, record, type) => {
        record('a', 4);
        const before: unknown = structuredClone(counters.get('a', type));
        for (const value of [...NOT_FINITE, ...NO_NUMBERS]) record('a', value as number);
        expect(structuredClone(counters.getAll())).toEqual([before]);
    });

    test('last leaves out what is no number', () => {
        counters.last('a', 4);
        for (const value of [...NO_NUMBERS, undefined]) counters.last('a', value as number);
        expect(counters.getAll()).toMatchObject([{ name: 'a', last: 4 }]);
        expect(logger.lines).toHaveLength(1);
    });

    test.each(recorders)('%s adds no counter for them', (_, record) => {
        for (const value of [...NOT_FINITE, ...NO_NUMBERS]) record('a', value as number);
        expect(counters.getAll()).toEqual([]);
    });

    test('stats and endTiming need a value', () => {
        counters.stats('a', undefined as unknown as number);
        counters.endTiming('a', undefined as unknown as number);
        expect(counters.getAll()).toEqual([]);
    });

    test('are one warning for each name', () => {
        counters.increment('orders.done', NaN);
        counters.stats('orders.done', Infinity);
        counters.increment('%s %d', '7' as unknown as number);
        counters.increment('__proto__', -Infinity);
        counters.clearAll();
        counters.increment('orders.done', NaN);
        expect(logger.lines).toEqual([
            warning('Counter orders.done was given NaN, which is left out'),
            warning('Counter %s %d was given a string, which is left out'),
            warning('Counter __proto__ was given -Infinity, which is left out'),
        ]);
    });

    test.each<[string, unknown, string]>([
        ['an object', { password: 'hunter2' }, 'an object'],
        ['an array', ['hunter2'], 'an object'],
        ['an object with toString', { toString: () => 'hunter2' }, 'an object'],
        ['a text', 'hunter2', 'a string'],
        ['a symbol', Symbol('hunter2'), 'a symbol'],
        ['a function', () => 'hunter2', 'a function'],
        ['a bigint', 4111111111111111n, 'a bigint'],
        ['a switch', true, 'a boolean'],
        ['null', null, 'null'],
        ['undefined', undefined, 'undefined'],
    ])('say the type only: %s', (_, value, said) => {
        counters.last('a', value as number);
        expect(logger.lines).toEqual([warning(`Counter a was given ${said}, which is left out`)]);
    });

    test.each<[string, string, string]>([
        ['line ends', 'a\nERROR forged\r\n', 'a\\u{a}ERROR forged\\u{d}\\u{a}'],
        ['other line ends', 'a\u2028b\u2029c\x85', 'a\\u{2028}b\\u{2029}c\\u{85}'],
        ['control characters', 'a\0b\x1b[31mc\x7f', 'a\\u{0}b\\u{1b}[31mc\\u{7f}'],
        ['characters that turn the direction', 'a\u202eb', 'a\\u{202e}b'],
        ['lone surrogates', 'a\ud800', 'a\\u{d800}'],
        ['letters of all kinds', 'é.日本.😀 "x"', 'é.日本.😀 "x"'],
        ['200 characters', 'x'.repeat(200), 'x'.repeat(200)],
        ['more of them', 'x'.repeat(1_000_000), `${'x'.repeat(200)}…`],
        ['a name that is no text', 5 as unknown as string, '5'],
    ])('name the counter so that it can forge no line: %s', (_, name, shown) => {
        counters.increment(name, NaN);
        expect(logger.lines).toEqual([warning(`Counter ${shown} was given NaN, which is left out`)]);
    });

    test('are warned of for a bounded number of names', () => {
        for (let round = 0; round < 2; round++) {
            for (let index = 0; index < 20_000; index++) counters.increment(`user.${index}`, NaN);
        }
        expect(logger.lines.length).toBeGreaterThanOrEqual(100);
        expect(logger.lines.length).toBeLessThanOrEqual(10_000);
        expect(new Set(logger.lines.map(({ message }) => message)).size).toBe(logger.lines.length);
    });

    test('do not throw, even if the logger does', () => {
        jest.spyOn(logger, 'log').mockImplementation(() => {
            throw new Error('The disk is full');
        });
        expect(() => counters.increment('a', NaN)).not.toThrow();
        expect(() => counters.last('b', 'x' as unknown as number)).not.toThrow();
    });
});

describe('the largest numbers', () => {
    const MAX = Number.MAX_VALUE;

    test.each<[string, number[], Partial<Counter>]>([
        ['twice the same', [1.7e308, 1.7e308], { average: 1.7e308, max: 1.7e308, min: 1.7e308 }],
        ['the largest', [MAX, MAX], { average: MAX, max: MAX, min: MAX }],
        ['the smallest', [-MAX, -MAX], { average: -MAX, max: -MAX, min: -MAX }],
        ['both', [MAX, -MAX], { average: 0, max: MAX, min: -MAX }],
    ])('%s: statistics stay finite', (_, values, expected) => {
        for (const value of values) counters.stats('a', value);
        expect(counters.getAll()).toMatchObject([expected]);
    });

    test('any finite values give finite statistics, and an average between the smallest and the largest', () => {
        const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(MAX, -MAX, 1e308));
        fc.assert(
            fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
                const fresh = new PrometheusCounters();
                for (const each of values) fresh.stats('a', each);
                const { average, max, min } = fresh.get('a', CounterType.Statistics);
                const tolerance = 1e-12 * Math.max(...values.map((each) => Math.abs(each)));
                expect(Number.isFinite(average)).toBe(true);
                expect(average).toBeGreaterThanOrEqual(min - tolerance);
                expect(average).toBeLessThanOrEqual(max + tolerance);
            })
        );
    });

    test('increments end at the largest number', () => {
        for (let time = 0; time < 3; time++) {
            counters.increment('up', 1e308);
            counters.increment('down', -1e308);
        }
        expect(counters.getAll().map(({ count }) => count)).toEqual([MAX, -MAX]);
    });
});

function warning(message: string): unknown {
    return { level: LogLevel.Warn, correlationId: 'prometheus-counters', message, error: null };
}
