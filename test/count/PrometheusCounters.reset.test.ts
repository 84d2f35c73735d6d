import os from 'node:os';

import { ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { FakeGateway } from '../fixtures/FakeGateway';

const HOUR = 3_600_000;
const NOW = 1_700_000_000_000;

let counters: PrometheusCounters;
/** How long, in ms, the machine was suspended: the monotonic clock does not count that, the uptime does. */
let suspended: number;

beforeEach(() => {
    jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    suspended = 0;
    // Linux tells the uptime in hundredths of a second
    jest.spyOn(os, 'uptime').mockImplementation(() => Math.floor((performance.now() + suspended) / 10) / 100);
    counters = new PrometheusCounters();
});

afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
});

function configure(...tuples: unknown[]): void {
    counters.configure(ConfigParams.fromTuples(...tuples));
}

function names(): string[] {
    return counters.getAll().map(({ name }) => name);
}

function setWallClock(step: number): void {
    jest.setSystemTime(Date.now() + step);
}

function suspend(time: number): void {
    suspended += time;
    setWallClock(time);
}

describe('reset_timeout', () => {
    test.each([
        ['reset_timeout', 100, 100],
        ['options.reset_timeout', 100, 100],
        ['reset_timeout', '', Infinity],
        ['reset_timeout', 0, Infinity],
    ])('%s of %p: cleared after %d ms', (option, value, timeout) => {
        configure(option, value);
        jest.advanceTimersByTime(100);
        counters.increment('a');
        expect(names()).toEqual(['a']);
        jest.advanceTimersByTime(1);
        expect(names()).toEqual(timeout === 100 ? [] : ['a']);
    });

    test('is noticed by every way to record, to read, and to get', () => {
        configure('reset_timeout', 100);
        const ways: (() => void)[] = [
            () => counters.increment('b', 1),
            () => counters.last('b', 1),
            () => counters.stats('b', 1),
            () => counters.endTiming('b', 1),
            () => counters.timestampNow('b'),
            () => counters.get('b', CounterType.Increment),
        ];
        for (const way of ways) {
            counters.increment('a');
            jest.advanceTimersByTime(101);
            way();
            expect(names()).toEqual(['b']);
            jest.advanceTimersByTime(101);
            expect(names()).toEqual([]);
        }
    });

    test('counts from the last reset', () => {
        configure('reset_timeout', 100);
        jest.advanceTimersByTime(150);
        counters.increment('a');
        jest.advanceTimersByTime(100);
        counters.increment('b');
        expect(names()).toEqual(['a', 'b']);
        jest.advanceTimersByTime(1);
        counters.increment('c');
        expect(names()).toEqual(['c']);
    });

    test('0 looks at no clock', () => {
        const clocks = [jest.spyOn(Date, 'now'), jest.spyOn(performance, 'now'), jest.mocked(os.uptime)];
        counters.increment('a');
        clocks.forEach((clock) => clock.mockClear());
        counters.increment('a');
        counters.getAll();
        for (const clock of clocks) expect(clock).not.toHaveBeenCalled();
    });
});

describe('reset_timeout, when the wall clock is set', () => {
    beforeEach(() => {
        configure('reset_timeout', HOUR);
        counters.increment('a');
    });

    test('back by an hour, it is not postponed', () => {
        jest.advanceTimersByTime(HOUR / 2);
        setWallClock(-HOUR);
        jest.advanceTimersByTime(HOUR / 2);
        expect(names()).toEqual(['a']);
        jest.advanceTimersByTime(1);
        expect(names()).toEqual([]);
    });

    test.each([HOUR, 24 * HOUR, 20 * 365 * 24 * HOUR])('forward by %d ms, it is not due at once', (step) => {
        setWallClock(step);
        expect(names()).toEqual(['a']);
        jest.advanceTimersByTime(HOUR);
        expect(names()).toEqual(['a']);
        jest.advanceTimersByTime(1);
        expect(names()).toEqual([]);
    });

    test('forward, the uptime is asked once and not at each recording', () => {
        setWallClock(24 * HOUR);
        counters.increment('a');
        jest.mocked(os.uptime).mockClear();
        for (let second = 0; second < 1000; second++) {
            jest.advanceTimersByTime(1000);
            counters.increment('a');
        }
        expect(os.uptime).not.toHaveBeenCalled();
    });

    test('forward and back again and again, it is due when its time is over', () => {
        for (let minute = 0; minute < 60; minute++) {
            expect(names()).toEqual(['a']);
            setWallClock(minute % 2 === 0 ? 5 * HOUR : -7 * HOUR);
            expect(names()).toEqual(['a']);
            jest.advanceTimersByTime(60_000);
        }
        jest.advanceTimersByTime(1);
        expect(names()).toEqual([]);
    });
});

describe('reset_timeout, when the machine is suspended', () => {
    beforeEach(() => {
        configure('reset_timeout', HOUR);
        counters.increment('a');
    });

    test('for longer, it is due at once', () => {
        suspend(2 * HOUR);
        expect(names()).toEqual([]);
        counters.increment('b');
        jest.advanceTimersByTime(HOUR);
        expect(names()).toEqual(['b']);
    });

    test('for a while, that counts', () => {
        jest.advanceTimersByTime(HOUR / 2);
        suspend(HOUR / 3);
        expect(names()).toEqual(['a']);
        jest.advanceTimersByTime(HOUR / 6);
        expect(names()).toEqual(['a']);
        jest.advanceTimersByTime(20);
        expect(names()).toEqual([]);
    });

    test('after the clock was set forward, that counts too', () => {
        setWallClock(5 * HOUR);
        expect(names()).toEqual(['a']);
        suspend(2 * HOUR);
        expect(names()).toEqual([]);
    });

    test('where the system tells no uptime, the monotonic clock decides, and nothing throws', () => {
        jest.mocked(os.uptime).mockImplementation(() => {
            throw new Error('EPERM');
        });
        counters = new PrometheusCounters();
        configure('reset_timeout', HOUR);
        counters.increment('a');
        setWallClock(2 * HOUR);
        expect(names()).toEqual(['a']);
        jest.advanceTimersByTime(HOUR + 1);
        expect(names()).toEqual([]);
    });
});

describe('what is cleared is a change for the gateway', () => {
    let gateway: FakeGateway;

    beforeEach(async () => {
        jest.useRealTimers();
        gateway = await FakeGateway.start();
        configure('connection.uri', gateway.uri);
        await counters.open(null);
        counters.increment('a');
    });

    afterEach(async () => {
        await counters.close(null);
        await gateway.stop();
    });

    async function push(): Promise<string | undefined> {
        const before = gateway.requests.length;
        counters.dump();
        await counters.close(null);
        await counters.open(null);
        return gateway.requests.length > before ? gateway.requests.at(-1)?.body : undefined;
    }

    test.each<[string, () => void]>([
        ['clearAll', () => counters.clearAll()],
        ['clear', () => counters.clear('a')],
    ])('%s', async (_, clear) => {
        expect(await push()).toBe('# TYPE a gauge\na 1\n');
        expect(await push()).toBeUndefined();
        clear();
        expect(await push()).toBe('');
        clear();
        expect(await push()).toBeUndefined();
    });

    test('clearAll after clear keeps the change', async () => {
        await push();
        counters.clear('a');
        counters.clearAll();
        expect(await push()).toBe('');
    });

    test('an expired reset_timeout, without a further recording', async () => {
        await push();
        const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 2 * HOUR);
        configure('reset_timeout', HOUR);
        counters.dump();
        now.mockRestore();
        expect(await push()).toBe('');
    });
});
