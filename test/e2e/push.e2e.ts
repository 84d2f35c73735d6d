import { ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';
import { LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { Certificates, makeCertificates } from '../fixtures/certificates';
import { eventually } from '../fixtures/eventually';
import { FakeGateway } from '../fixtures/FakeGateway';
import { FakeProxy } from '../fixtures/FakeProxy';
import { PushedGroup, Pushgateway } from '../fixtures/Pushgateway';
import { RecordingLogger } from '../fixtures/RecordingLogger';

type Config = Record<string, string | number | boolean>;

let gateway: Pushgateway;
let counters: PrometheusCounters;
let logger: RecordingLogger;

beforeAll(async () => {
    gateway = await Pushgateway.start();
});

afterAll(() => gateway.stop());

beforeEach(() => {
    counters = new PrometheusCounters();
    logger = new RecordingLogger();
});

afterEach(() => counters.close('e2e'));

/** Opens counters that push to the gateway, without a timer. */
async function open(config: Config): Promise<void> {
    counters.configure(ConfigParams.fromValue({ 'connection.uri': gateway.uri, instance: '', interval: 0, ...config }));
    counters.setReferences(References.fromTuples(new Descriptor('test', 'logger', 'memory', '*', '1.0'), logger));
    await counters.open('e2e');
}

/** A group as it is stored when the source is its only grouping label. */
function groupOf(job: string, metrics: Record<string, string>): PushedGroup {
    const labels = { job, instance: '' };
    return {
        labels: { job },
        metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, [{ labels, value }]])),
    };
}

/** Waits until a job has exactly this group. */
async function untilStored(job: string, metrics: Record<string, string>): Promise<void> {
    await eventually(async () => {
        expect(await gateway.groups(job)).toEqual([groupOf(job, metrics)]);
    });
}

describe('a push to a Pushgateway', () => {
    test("brings two commands' timings at once", async () => {
        await open({ source: 'timings' });
        counters.endTiming('shop.buy.exec_time', 5);
        counters.endTiming('shop.buy.exec_time', 10);
        counters.endTiming('shop.sell.exec_time', 2.5);
        counters.increment('shop.sell.exec_count', 3);
        await counters.close('e2e');

        const buy = { job: 'timings', instance: '', service: 'shop', command: 'buy' };
        const sell = { ...buy, command: 'sell' };
        expect(await gateway.groups('timings')).toEqual([
            {
                labels: { job: 'timings' },
                metrics: {
                    exec_time_max: [
                        { labels: buy, value: '10' },
                        { labels: sell, value: '2.5' },
                    ],
                    exec_time_min: [
                        { labels: buy, value: '5' },
                        { labels: sell, value: '2.5' },
                    ],
                    exec_time_average: [
                        { labels: buy, value: '7.5' },
                        { labels: sell, value: '2.5' },
                    ],
                    exec_time_count: [
                        { labels: buy, value: '2' },
                        { labels: sell, value: '1' },
                    ],
                    exec_count: [{ labels: sell, value: '3' }],
                },
            },
        ]);
    });

    test.each<[string, string, string]>([
        ['shop/north 1', 'h/1', 'h/1'],
        ['..', '.', '.'],
        ['a+b%20c', 'h:9091', 'h:9091'],
        ['€ "花火" \\ \n', '?x=1#y', '?x=1#y'],
        ['broken', 'a\ud800b', 'a\ufffdb'],
    ])('keeps the job %j and the instance %j', async (job, instance, stored) => {
        await open({ source: job, instance });
        counters.increment('pushes', 1);
        await counters.close('e2e');

        expect(await gateway.groups(job)).toEqual([
            {
                labels: { job, instance: stored },
                metrics: { pushes: [{ labels: { job, instance: stored }, value: '1' }] },
            },
        ]);
        // A gateway that keeps a bad byte answers no scrape any more
        await expect(gateway.metrics()).resolves.toContain('# TYPE pushes gauge');
    });

    test('replaces what was pushed before', async () => {
        await open({ source: 'replaced' });
        counters.last('old', 1);
        counters.dump();
        await untilStored('replaced', { old: '1' });

        counters.clear('old');
        counters.last('new', 2);
        counters.dump();
        await untilStored('replaced', { new: '2' });
    });

    test.each<[string, () => void]>([
        ['clearAll', () => counters.clearAll()],
        ['clear', () => counters.clear('old')],
    ])('brings a %s: nothing is left of what was pushed before', async (name, clear) => {
        const job = `cleared by ${name}`;
        await open({ source: job });
        counters.last('old', 1);
        counters.dump();
        await untilStored(job, { old: '1' });

        clear();
        counters.dump();
        await untilStored(job, {});
        await counters.close('e2e');
        expect(logger.lines).toEqual([]);
    });

    test('brings a reset by reset_timeout, with nothing recorded since', async () => {
        await open({ source: 'reset', interval: 20, reset_timeout: 500 });
        counters.last('old', 1);
        await untilStored('reset', { old: '1' });
        await untilStored('reset', {});
    });

    test('does not happen before anything is recorded', async () => {
        const pushesBefore = await gateway.countPushes();
        await open({ source: 'idle', interval: 10 });
        counters.clearAll();
        counters.dump();
        await counters.close('e2e');
        expect(await gateway.countPushes()).toBe(pushesBefore);
        expect(await gateway.groups('idle')).toEqual([]);
    });

    test('goes by the proxy of the environment', async () => {
        const proxy = await FakeProxy.start();
        process.env.http_proxy = proxy.uri();
        try {
            await open({ source: 'by proxy' });
            counters.increment('pushes', 1);
            await counters.close('e2e');
            expect(await gateway.groups('by proxy')).toEqual([groupOf('by proxy', { pushes: '1' })]);
            expect(proxy.requests).toEqual([`PUT ${gateway.uri}/metrics/job/by%20proxy`]);
        } finally {
            delete process.env.http_proxy;
            await proxy.stop();
        }
    });

    test('happens at intervals, without a dump', async () => {
        await open({ source: 'intervals', interval: 50 });
        counters.increment('pushes', 1);
        await untilStored('intervals', { pushes: '1' });
        counters.increment('pushes', 1);
        await untilStored('intervals', { pushes: '2' });
    });

    test('keeps the path prefix of the URI', async () => {
        const behindPrefix = await Pushgateway.start({ prefix: '/team/push' });
        try {
            await open({ source: 'prefixed', 'connection.uri': `${behindPrefix.uri}/` });
            counters.increment('pushes', 1);
            await counters.close('e2e');
            expect(await behindPrefix.groups('prefixed')).toEqual([groupOf('prefixed', { pushes: '1' })]);
        } finally {
            await behindPrefix.stop();
        }
    });

    test('is made at most twice for 1,000 dumps in a loop, and brings the newest state', async () => {
        await open({ source: 'merged' });
        const pushesBefore = await gateway.countPushes();
        for (let index = 0; index < 1000; index++) {
            counters.increment('dumps', 1);
            counters.dump();
        }
        await counters.close('e2e');

        expect(await gateway.groups('merged')).toEqual([groupOf('merged', { dumps: '1000' })]);
        const pushes = (await gateway.countPushes()) - pushesBefore;
        expect(pushes).toBeGreaterThanOrEqual(1);
        expect(pushes).toBeLessThanOrEqual(2);
    });
});

describe('close', () => {
    test('brings what was recorded before', async () => {
        await open({ source: 'closed' });
        counters.increment('records', 7);
        await counters.close('e2e');
        expect(await gateway.groups('closed')).toEqual([groupOf('closed', { records: '7' })]);
        expect(logger.lines).toEqual([]);
    });

    test('is no end: opened again, the counters push on', async () => {
        await open({ source: 'reopened' });
        counters.increment('records', 1);
        await counters.close('e2e');
        counters.increment('records', 1);
        await counters.open('e2e');
        await counters.close('e2e');
        expect(await gateway.groups('reopened')).toEqual([groupOf('reopened', { records: '2' })]);
    });

    test('deletes the group if it is told to', async () => {
        await open({ source: 'deleted', 'options.delete_on_close': true });
        counters.increment('records', 1);
        counters.dump();
        await untilStored('deleted', { records: '1' });
        counters.increment('records', 1);
        await counters.close('e2e');
        expect(await gateway.groups('deleted')).toEqual([]);
        expect(logger.lines).toEqual([]);
    });

    test.each([true, false])('returns in time from a gateway that never answers (with delete: %s)', async (deletes) => {
        const hanging = await FakeGateway.start();
        hanging.answer = 'hang';
        const timeout = 500;
        await open({
            source: 'hanging',
            'connection.uri': hanging.uri,
            'options.timeout': timeout,
            'options.delete_on_close': deletes,
        });
        counters.increment('records', 1);
        counters.dump();
        await hanging.nextRequest();

        const start = performance.now();
        await counters.close('e2e');
        // A second more than the timeout is promised; the rest is for a busy machine
        expect(performance.now() - start).toBeLessThan(timeout + 1000 + 5000);
        expect(counters.isOpen()).toBe(false);
        await hanging.stop();
    });
});

describe('a Pushgateway that is gone', () => {
    let mortal: Pushgateway;

    beforeEach(async () => {
        mortal = await Pushgateway.start();
    });

    afterEach(() => mortal.stop());

    test('gets the value when it is back, with no new measurement', async () => {
        await open({ source: 'survivor', 'connection.uri': mortal.uri, interval: 100, 'options.retries': 1 });
        counters.increment('records', 1);
        counters.dump();
        await eventually(async () => {
            expect(await mortal.groups('survivor')).toEqual([groupOf('survivor', { records: '1' })]);
        });

        await mortal.kill();
        counters.increment('records', 1);
        counters.dump();
        await eventually(() => {
            expect(logger.lines).toHaveLength(1);
        });
        await mortal.restart();
        await eventually(async () => {
            expect(await mortal.groups('survivor')).toEqual([groupOf('survivor', { records: '2' })]);
        });
        await counters.close('e2e');

        const url = `${mortal.uri}/metrics/job/survivor`;
        const [failure, recovery, ...others] = logger.lines;
        expect(failure).toMatchObject({
            level: LogLevel.Error,
            message: 'Failed to push counters, they stay unsent',
            error: { code: 'NO_RESPONSE', details: { method: 'PUT', url } },
        });
        expect(recovery).toMatchObject({ level: LogLevel.Info, message: `Counters are pushed again to ${url}` });
        expect(others).toEqual([]);
    });

    test('gets what was dumped meanwhile on close, if it is back by then', async () => {
        await open({ source: 'late', 'connection.uri': mortal.uri, 'options.retries': 0 });
        await mortal.kill();
        counters.increment('records', 1);
        counters.dump();
        await eventually(() => {
            expect(logger.lines).toHaveLength(1);
        });
        await mortal.restart();
        await counters.close('e2e');
        expect(await mortal.groups('late')).toEqual([groupOf('late', { records: '1' })]);
    });
});

describe('a Pushgateway that wants TLS, a client certificate, and a password', () => {
    const USER = { 'credential.username': 'ü', 'credential.password': 'p:€' };
    let certificates: Certificates;
    let locked: Pushgateway;

    beforeAll(async () => {
        certificates = await makeCertificates();
        locked = await Pushgateway.start({
            protection: {
                certificates,
                username: 'ü',
                password: 'p:€',
                passwordHash: '$2b$04$ED/8sUstxopbk/O984MLMuLeyLufUMqM/p.56MFE50GPxubhqw/e6',
            },
        });
    });

    afterAll(async () => {
        await locked.stop();
        await certificates.remove();
    });

    async function pushWith(source: string, credential: Config): Promise<void> {
        await open({ source, 'connection.uri': locked.uri, 'options.retries': 0, ...credential });
        counters.increment('records', 1);
        await counters.close('e2e');
    }

    function files(): Config {
        return {
            'credential.ssl_ca_file': certificates.caFile,
            'credential.ssl_key_file': certificates.client.keyFile,
            'credential.ssl_crt_file': certificates.client.certFile,
        };
    }

    test('gets the measurements from who has all of them', async () => {
        await pushWith('locked', { ...files(), ...USER });
        expect(logger.lines).toEqual([]);
        expect(await locked.groups('locked')).toEqual([groupOf('locked', { records: '1' })]);
    });

    test('gets them through the tunnel of a proxy, too', async () => {
        const proxy = await FakeProxy.start();
        process.env.https_proxy = proxy.uri();
        try {
            await pushWith('tunnel', { ...files(), ...USER });
            expect(logger.lines).toEqual([]);
            expect(await locked.groups('tunnel')).toEqual([groupOf('tunnel', { records: '1' })]);
            expect(proxy.requests).toEqual([`CONNECT ${new URL(locked.uri).host}`]);
        } finally {
            delete process.env.https_proxy;
            await proxy.stop();
        }
    });

    test.each<[string, () => Config, object]>([
        ['password', () => ({ ...files(), 'credential.access_key': 'p' }), { status: 401 }],
        [
            'client certificate',
            () => ({ ...USER, 'credential.ssl_ca_file': certificates.caFile }),
            { code: 'NO_RESPONSE' },
        ],
        ['trust in its CA', () => USER, { code: 'NO_RESPONSE', cause: expect.stringMatching(/certificate/) as string }],
    ])('is not reached without the %s', async (_title, credential, error) => {
        await pushWith('locked out', credential());
        expect(logger.lines).toMatchObject([{ level: LogLevel.Error, error }]);
        expect(await locked.groups('locked out')).toEqual([]);
    });
});

test('a push that the gateway refuses is logged with its reason', async () => {
    // The gateway has a counter of that name, so a gauge is refused
    await open({ source: 'refused' });
    counters.last('go_memstats_mallocs_total', 1);
    await counters.close('e2e');

    expect(logger.lines).toHaveLength(1);
    const url = `${gateway.uri}/metrics/job/refused`;
    expect(logger.lines[0]?.error).toMatchObject({ code: 'BAD_STATUS', status: 400, details: { method: 'PUT', url } });
    expect(logger.lines[0]?.error?.message).toContain(
        `PUT ${url} got status 400: pushed metrics are invalid or inconsistent with existing metrics:`
    );
});
