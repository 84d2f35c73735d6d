import { ConfigException, ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';
import { CounterType, LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { FakeGateway } from '../fixtures/FakeGateway';
import { RecordingLogger } from '../fixtures/RecordingLogger';
import { thrownBy } from '../fixtures/thrownBy';

const LOGGER = new Descriptor('test', 'logger', 'recording', 'default', '1.0');
const WRONG = ['connection.uri', 'not a uri'];

let counters: PrometheusCounters;
let logger: RecordingLogger;

beforeEach(() => {
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    counters = new PrometheusCounters();
    logger = new RecordingLogger();
    counters.setReferences(References.fromTuples(LOGGER, logger));
});

afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
});

function configure(...tuples: unknown[]): void {
    counters.configure(ConfigParams.fromTuples(...tuples));
}

function names(): string[] {
    return counters.getAll().map(({ name }) => name);
}

describe('without a push', () => {
    test.each<[string, unknown[], readonly string[]]>([
        ['no configuration', [], []],
        ['no connection', ['source', 'orders', 'interval', 1000], []],
        ['an empty connection', ['connection.host', '', 'connection.port', ''], []],
        ['push_enabled false', ['push_enabled', false, 'connection.uri', 'http://127.0.0.1:1'], []],
        ['push_enabled false and a wrong connection', ['push_enabled', false, ...WRONG], []],
        [
            'a wrong connection',
            WRONG,
            ['Counters are not pushed: The URI of the connection is invalid. It must be like http://host:9091'],
        ],
        [
            'a wrong protocol',
            ['connection.uri', 'ftp://127.0.0.1:9091'],
            ['Counters are not pushed: The URI of the connection must begin with http:// or https://'],
        ],
    ])(
        '%s: it is open, keeps measurements, has no timer, and warns of what is wrong only',
        async (_, config, logged) => {
            if (config.length > 0) configure(...config);
            expect(counters.isOpen()).toBe(false);
            await counters.open(null);
            expect(counters.isOpen()).toBe(true);
            expect(jest.getTimerCount()).toBe(0);
            counters.increment('a', 1);
            counters.dump();
            jest.setSystemTime(1_000_000);
            counters.increment('a', 1);
            counters.dump();
            expect(counters.get('a', CounterType.Increment).count).toBe(2);
            await counters.close(null);
            expect(counters.isOpen()).toBe(false);
            expect(logger.lines.map(({ message }) => message)).toEqual(logged);
            expect(logger.lines.filter(({ level }) => level !== LogLevel.Warn)).toEqual([]);
        }
    );

    test('open, close, open again: the counters stay', async () => {
        counters.increment('a');
        await counters.open('1');
        await counters.open('1');
        await counters.close('1');
        await counters.close('1');
        expect(counters.isOpen()).toBe(false);
        counters.increment('b');
        await counters.open('2');
        expect(counters.isOpen()).toBe(true);
        expect(names()).toEqual(['a', 'b']);
        await counters.close('2');
    });

    test('without references', async () => {
        const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
        counters = new PrometheusCounters();
        configure(...WRONG);
        await counters.open(null);
        expect(stderr).toHaveBeenCalledTimes(1);
        stderr.mockRestore();
        counters.increment('a', NaN);
        counters.increment('a', 1);
        await counters.close(null);
        expect(names()).toEqual(['a']);
    });

    test('recording and dumping before open and after close does not throw', async () => {
        counters.increment('a');
        counters.dump();
        await counters.open('1');
        await counters.close('1');
        counters.stats('b', 1);
        counters.dump();
        expect(names()).toEqual(['a', 'b']);
    });
});

describe('push_enabled', () => {
    let gateway: FakeGateway;

    beforeEach(async () => {
        gateway = await FakeGateway.start();
    });

    afterEach(() => gateway.stop());

    test('false sends nothing', async () => {
        configure('push_enabled', false, 'connection.uri', gateway.uri);
        await counters.open('1');
        counters.increment('a');
        counters.dump();
        await counters.close('1');
        expect(gateway.requests).toEqual([]);
    });

    test('is the default, without configure() of it', async () => {
        jest.useRealTimers();
        configure('connection.uri', gateway.uri);
        await counters.open('1');
        expect(counters.isOpen()).toBe(true);
        counters.increment('a');
        await counters.close('1');
        expect(gateway.requests.map(({ body }) => body)).toEqual(['# TYPE a gauge\na 1\n']);
        jest.useFakeTimers();
    });
});

describe('switches', () => {
    test.each(['push_enabled', 'options.delete_on_close'])('%s that nobody understands change nothing', (option) => {
        configure('interval', 5);
        for (const value of ['disabled', 'none', '2']) {
            const error = thrownBy(() => configure('interval', 6, option, value));
            expect(error).toBeInstanceOf(ConfigException);
            expect(error).toMatchObject({ code: 'WRONG_OPTION', details: { option, value } });
        }
        expect(counters.getInterval()).toBe(5);
    });

    test.each(['off', ' Off', 'no', 'FALSE', 0])('push_enabled %j pushes nothing', async (value) => {
        configure('push_enabled', value, ...WRONG);
        await counters.open(null);
        await counters.close(null);
        expect(logger.lines).toEqual([]);
    });
});

describe('options', () => {
    const OPTIONS = [
        'interval',
        'options.interval',
        'reset_timeout',
        'options.reset_timeout',
        'options.max_counters',
        'options.retries',
        'options.connect_timeout',
        'options.timeout',
    ];

    test.each(OPTIONS)('%s must be a non-negative integer', (option) => {
        for (const value of ['abc', '-1', -1, '1.5', 'Infinity', true]) {
            const error = thrownBy(() => configure('interval', 5, 'options.max_counters', 5, option, value));
            expect(error).toBeInstanceOf(ConfigException);
            expect(error).toMatchObject({ code: 'WRONG_OPTION', details: { option, value: String(value) } });
        }
    });

    test.each(OPTIONS)('%s may be 0, and an empty value is ignored', (option) => {
        for (const value of ['0', 0, '', ' ', null]) configure(option, value);
    });

    test('that are wrong change nothing', () => {
        configure('interval', 5);
        expect(() => configure('interval', 6, 'options.max_counters', 'abc')).toThrow();
        expect(counters.getInterval()).toBe(5);
    });

    test.each([
        [[], 300000],
        [['interval', 1000], 1000],
        [['options.interval', 2000], 2000],
        [['interval', 1000, 'options.interval', 2000], 2000],
        [['interval', ''], 300000],
        [['interval', 0], 0],
    ])('%j: an interval of %d ms', (tuples, expected) => {
        configure(...tuples);
        expect(counters.getInterval()).toBe(expected);
    });
});

describe('configuring and referencing again', () => {
    test('keeps the measurements, and takes over what is new only', () => {
        configure('interval', 1000, 'options.max_counters', 1);
        counters.increment('a');
        configure('options.max_counters', 2);
        counters.increment('b');
        counters.increment('c');
        expect(counters.getInterval()).toBe(1000);
        expect(names()).toEqual(['a', 'b', 'prometheus_counters_dropped']);
    });

    test('logs each line once, to the logger that was referenced last', async () => {
        const later = new RecordingLogger();
        counters.setReferences(References.fromTuples(LOGGER, logger));
        counters.setReferences(References.fromTuples(LOGGER, later));
        counters.setReferences(References.fromTuples(LOGGER, later));
        configure(...WRONG);
        await counters.open('1');
        counters.increment('a', NaN);
        await counters.close('1');
        expect(logger.lines).toEqual([]);
        expect(later.lines.map(({ message }) => message)).toEqual([
            'Counters are not pushed: The URI of the connection is invalid. It must be like http://host:9091',
            'Counter a was given NaN, which is left out',
        ]);
    });

    test('takes effect while it is open', async () => {
        await counters.open('1');
        configure('reset_timeout', 100, 'interval', 7);
        counters.setReferences(new References());
        counters.increment('a');
        jest.advanceTimersByTime(101);
        expect(names()).toEqual([]);
        expect(counters.isOpen()).toBe(true);
        await counters.close('1');
        expect(logger.lines).toEqual([]);
    });
});
