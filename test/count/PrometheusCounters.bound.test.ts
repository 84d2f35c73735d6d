import { ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';
import { CounterType, LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounterConverter, PrometheusCounters } from '../../src/count';
import { restoreCounters } from '../../src/count/restoreCounters';
import { takeCounters } from '../../src/count/takeCounters';
import { RecordingLogger } from '../fixtures/RecordingLogger';

const DROPPED = 'prometheus_counters_dropped';
const LOGGER = new Descriptor('test', 'logger', 'recording', 'default', '1.0');

let counters: PrometheusCounters;
let logger: RecordingLogger;

beforeEach(() => {
    counters = new PrometheusCounters();
    logger = new RecordingLogger();
    counters.setReferences(References.fromTuples(LOGGER, logger));
    bound(2);
});

function bound(limit: number): void {
    counters.configure(ConfigParams.fromTuples('options.max_counters', limit));
}

function text(): string {
    return PrometheusCounterConverter.toString(counters.getAll(), null, null);
}

/** The lines of gauges with one sample. */
function gauges(values: Readonly<Record<string, number>>): string {
    return Object.entries(values)
        .map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`)
        .join('');
}

describe('options.max_counters', () => {
    test('is reached without a word', () => {
        counters.increment('a', 1);
        counters.last('b', 2);
        expect(text()).toBe(gauges({ a: 1, b: 2 }));
        expect(logger.lines).toEqual([]);
    });

    test('turns new counters away, of every kind, while existing ones go on', () => {
        counters.increment('a', 1);
        counters.last('b', 2);
        counters.increment('c', 1);
        counters.last('c', 1);
        counters.stats('c', 1);
        counters.endTiming('c', 1);
        counters.timestampNow('c');
        counters.beginTiming('c').endTiming();
        counters.increment('c');
        counters.increment('b', 1);
        counters.increment('a', 10);
        counters.last('b', 20);
        expect(text()).toBe(gauges({ a: 11, b: 20, [DROPPED]: 8 }));
    });

    test('is one warning', () => {
        for (const name of ['a', 'b', 'c', 'd', 'd']) counters.increment(name);
        counters.clearAll();
        for (const name of ['a', 'b', 'c']) counters.increment(name);
        expect(logger.lines).toEqual([
            {
                level: LogLevel.Warn,
                correlationId: 'prometheus-counters',
                message:
                    'There are 2 counters, which is options.max_counters. New ones are turned away, the first is c',
                error: null,
            },
        ]);
    });

    test('refused values and empty names are not counted as turned away', () => {
        counters.increment('a');
        counters.increment('b');
        counters.increment('c', NaN);
        counters.last('c', '1' as unknown as number);
        expect(() => counters.increment('')).toThrow();
        expect(text()).toBe(gauges({ a: 1, b: 1 }));
    });

    test('the gauge takes no place, and is gone after clearAll', () => {
        for (const name of ['a', 'b', 'c']) counters.increment(name);
        expect(text()).toBe(gauges({ a: 1, b: 1, [DROPPED]: 1 }));
        counters.clearAll();
        for (const name of ['c', 'd']) counters.increment(name);
        expect(text()).toBe(gauges({ c: 1, d: 1 }));
        counters.increment('a');
        expect(text()).toBe(gauges({ c: 1, d: 1, [DROPPED]: 1 }));
    });

    test('clear frees the places of a name, and drops the gauge by its name', () => {
        for (const name of ['a', 'b', 'c']) counters.increment(name);
        counters.clear('a');
        counters.increment('c', 5);
        counters.increment('d');
        expect(text()).toBe(gauges({ b: 1, [DROPPED]: 2, c: 5 }));
        counters.clear(DROPPED);
        expect(text()).toBe(gauges({ b: 1, c: 5 }));
    });

    test('a reset timeout frees all places', () => {
        jest.useFakeTimers({ now: 0 });
        try {
            counters = new PrometheusCounters();
            counters.configure(ConfigParams.fromTuples('options.max_counters', 1, 'reset_timeout', 100));
            counters.increment('a');
            counters.increment('b');
            jest.advanceTimersByTime(101);
            counters.increment('b');
            expect(text()).toBe(gauges({ b: 1 }));
        } finally {
            jest.useRealTimers();
        }
    });

    test('a lower limit leaves the counters that are there', () => {
        counters.increment('a');
        counters.increment('b');
        bound(1);
        counters.increment('a');
        counters.increment('b');
        counters.increment('c');
        expect(text()).toBe(gauges({ a: 2, b: 2, [DROPPED]: 1 }));
    });

    test('get adds a counter beyond it', () => {
        counters.increment('a');
        counters.increment('b');
        counters.get('c', CounterType.Increment).count = 5;
        counters.increment('c', 1);
        counters.increment('d', 1);
        expect(text()).toBe(gauges({ a: 1, b: 1, c: 6, [DROPPED]: 1 }));
    });

    test('a configuration without it keeps it', () => {
        counters.configure(new ConfigParams());
        for (const name of ['a', 'b', 'c']) counters.increment(name);
        expect(text()).toBe(gauges({ a: 1, b: 1, [DROPPED]: 1 }));
    });

    test('0 is no limit, which is the default', () => {
        bound(0);
        const unbounded = new PrometheusCounters();
        for (const each of [counters, unbounded]) {
            for (let index = 0; index < 2000; index++) each.increment(`c${index}`);
            expect(each.getAll()).toHaveLength(2000);
        }
        expect(logger.lines).toEqual([]);
    });

    test('measurements turned away do not throw, even if the logger does', () => {
        jest.spyOn(logger, 'log').mockImplementation(() => {
            throw new Error('The disk is full');
        });
        for (const name of ['a', 'b', 'c', 'd']) expect(() => counters.increment(name)).not.toThrow();
        expect(text()).toBe(gauges({ a: 1, b: 1, [DROPPED]: 2 }));
    });

    test('holds for what is put back: what finds no room is dropped, by the number of its measurements', async () => {
        counters.stats('a', 1);
        counters.stats('a', 2);
        counters.increment('b', 100);
        const taken = takeCounters(counters);
        counters.increment('b', 5);
        counters.increment('c', 1);
        await restoreCounters(counters, taken);
        expect(text()).toBe(gauges({ b: 105, c: 1, [DROPPED]: 2 }));

        const [, , dropped] = takeCounters(counters);
        counters.last('d', 1);
        counters.last('e', 1);
        counters.last('f', 1);
        expect(dropped).toMatchObject({ name: DROPPED });
        await restoreCounters(counters, dropped ? [dropped] : []);
        expect(text()).toBe(gauges({ d: 1, e: 1, [DROPPED]: 3 }));
        expect(logger.lines).toHaveLength(1);
    });

    test.each([
        ['increment', 1, () => counters.increment('a', 100)],
        ['last', 1, () => counters.last('a', 100)],
        ['timestamp', 1, () => counters.timestampNow('a')],
        ['stats', 2, () => [1, 2].forEach((value) => counters.stats('a', value))],
        ['endTiming', 3, () => [1, 2, 3].forEach((value) => counters.endTiming('a', value))],
    ])('%s put back without room is %d dropped', async (_, expected, record) => {
        record();
        const taken = takeCounters(counters);
        counters.increment('b');
        counters.increment('c');
        await restoreCounters(counters, taken);
        expect(text()).toBe(gauges({ b: 1, c: 1, [DROPPED]: expected }));
    });

    test('the store does not grow with changing names and a reset that is put back in each round', async () => {
        bound(1000);
        for (let round = 0; round < 20; round++) {
            const taken = takeCounters(counters);
            for (let index = 0; index < 1000; index++) counters.increment(`${round}.${index}`);
            await restoreCounters(counters, taken);
            expect(counters.getAll().length).toBeLessThanOrEqual(1001);
        }
        const recorded = counters.getAll().reduce((sum, { count }) => sum + count, 0);
        expect(recorded).toBe(20_000);
    });
});
