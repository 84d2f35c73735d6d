import { Descriptor, References } from 'pip-services3-commons-nodex';
import { CounterType, LogLevel } from 'pip-services3-components-nodex';

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
            warning('Counter %s %d was given 7, which is left out'),
            warning('Counter __proto__ was given -Infinity, which is left out'),
        ]);
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

function warning(message: string): unknown {
    return { level: LogLevel.Warn, correlationId: 'prometheus-counters', message, error: null };
}
