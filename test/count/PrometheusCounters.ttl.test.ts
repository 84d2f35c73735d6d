/** Series that go when nothing is written to them. */
import { ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';

const MINUTE = 60_000;

let counters: PrometheusCounters;

beforeEach(() => {
    jest.useFakeTimers();
    counters = new PrometheusCounters();
});

afterEach(async () => {
    await counters.close('test');
    jest.useRealTimers();
});

function configure(ttl: string, style = 'idiomatic'): void {
    counters.configure(ConfigParams.fromValue({ style, defaults: { ttl } }));
}

/** A scrape: the names of what it finds. */
function scrape(): string[] {
    return counters.getAll().map(({ name }) => name);
}

describe.each(['idiomatic', 'compatible'])('in the style %s', (style) => {
    test('a series that is not written for that long goes, one that is stays, by scrapes alone', () => {
        configure('1m', style);
        counters.increment('idle');
        counters.increment('busy');
        for (let scrapes = 0; scrapes < 5; scrapes++) {
            expect(scrape()).toEqual(['idle', 'busy']);
            counters.increment('busy');
            jest.advanceTimersByTime(MINUTE / 5);
        }
        expect(scrape()).toEqual(['busy']);
    });
});

test.each<[string, () => void]>([
    [
        'increment',
        () => {
            counters.increment('a', 0);
        },
    ],
    [
        'last',
        () => {
            counters.last('a', 1);
        },
    ],
    [
        'stats',
        () => {
            counters.stats('a', 1);
        },
    ],
    [
        'endTiming',
        () => {
            counters.endTiming('a', 1);
        },
    ],
    [
        'timestamp',
        () => {
            counters.timestampNow('a');
        },
    ],
    ['get', () => void counters.get('a', CounterType.Increment)],
])('%s counts as written', (_, write) => {
    configure('1m');
    write();
    for (let scrapes = 0; scrapes < 4; scrapes++) {
        write();
        expect(scrape()).toEqual(['a']);
        jest.advanceTimersByTime(MINUTE);
    }
    jest.advanceTimersByTime(MINUTE);
    scrape();
    jest.advanceTimersByTime(MINUTE);
    expect(scrape()).toEqual([]);
});

test('a mapping has a time of its own, also for ever', () => {
    counters.configure(
        ConfigParams.fromValue({
            defaults: { ttl: '1m' },
            mappings: [
                { match: 'long.*', name: 'long_$1', ttl: '1h' },
                { match: 'ever.*', name: 'ever_$1', ttl: '0' },
            ],
        })
    );
    ['long.a', 'ever.a', 'short'].forEach((name) => {
        counters.increment(name);
    });
    scrape();
    jest.advanceTimersByTime(MINUTE);
    expect(scrape()).toEqual(['long.a', 'ever.a']);
    jest.advanceTimersByTime(60 * MINUTE);
    expect(scrape()).toEqual(['ever.a']);
});

test('a series that came back is new, and all of its names lead to it', () => {
    counters.configure(ConfigParams.fromValue({ mappings: [{ match: 'users.*.login', name: 'logins', ttl: '1m' }] }));
    counters.increment('users.1.login', 5);
    counters.increment('users.2.login', 5);
    scrape();
    jest.advanceTimersByTime(MINUTE);
    expect(scrape()).toEqual([]);
    counters.increment('users.2.login', 1);
    counters.increment('users.1.login', 1);
    expect(counters.getAll()).toMatchObject([{ name: 'users.2.login', count: 2 }]);
});

describe('the timer', () => {
    test.each<[ttl: string, period: number]>([
        ['100ms', 1000],
        ['8s', 2000],
        ['10h', MINUTE],
    ])('of a ttl of %s looks every %d ms while the component is open', async (ttl, period) => {
        configure(ttl);
        expect(jest.getTimerCount()).toBe(0);
        await counters.open('test');
        expect(jest.getTimerCount()).toBe(1);
        const sweep = jest.spyOn(performance, 'now');
        jest.advanceTimersByTime(period * 3);
        expect(sweep).toHaveBeenCalledTimes(3);
        await counters.close('test');
        expect(jest.getTimerCount()).toBe(0);
    });

    test('removes without a scrape, and what is removed is a change', async () => {
        configure('1s');
        await counters.open('test');
        counters.increment('a');
        const list = () => (counters as unknown as { _store: { all(): unknown[] } })._store.all();
        jest.advanceTimersByTime(1000);
        expect(list()).toHaveLength(1);
        jest.advanceTimersByTime(1000);
        expect(list()).toHaveLength(0);
    });

    test('goes with the configuration', async () => {
        configure('1m');
        await counters.open('test');
        counters.configure(ConfigParams.fromValue({ style: 'idiomatic' }));
        expect(jest.getTimerCount()).toBe(0);
        configure('1m');
        expect(jest.getTimerCount()).toBe(1);
    });

    test('does not keep the process alive', async () => {
        jest.useRealTimers();
        const start = jest.spyOn(globalThis, 'setInterval');
        configure('1m');
        await counters.open('test');
        const timers = start.mock.results.map(({ value }) => value as NodeJS.Timeout);
        expect(timers.map((timer) => timer.hasRef())).toEqual([false]);
    });

    test('there is none without a ttl', async () => {
        counters.configure(ConfigParams.fromValue({ style: 'idiomatic' }));
        await counters.open('test');
        expect(jest.getTimerCount()).toBe(0);
    });
});
