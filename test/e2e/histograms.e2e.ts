/** The style idiomatic in two real Prometheus servers, with and without native histograms, against what was recorded. */
import { ConfigParams } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src';
import { OPEN_METRICS, PROTOBUF, TEXT } from '../fixtures/acceptHeaders';
import { Documents } from '../fixtures/Documents';
import { eventually } from '../fixtures/eventually';
import { MetricsServer } from '../fixtures/MetricsServer';
import { seriesId } from '../fixtures/parseExposition';
import { Prometheus } from '../fixtures/Prometheus';
import { Pushgateway } from '../fixtures/Pushgateway';
import { Relay } from '../fixtures/Relay';
import { createCounters } from '../fixtures/writeRun';

jest.setTimeout(120_000);

const documents = new Documents();
const metrics = documents.of('docs/metrics.md');
const natives = documents.of('docs/native-histograms.md');
const asked = (queries: { text: string }[]) => queries.map(({ text }) => text.trim());
const [rate, errors, average, percentile, fast] = asked(
    metrics.take('promql idiomatic', 'Queries for the style idiomatic')
);
const classic = asked(natives.take('promql classic', 'Queries side by side'));
const native = asked(natives.take('promql native', 'Queries side by side'));

const HISTOGRAMS = {
    style: 'idiomatic',
    defaults: { observer_type: 'histogram', histogram_options: { native_histogram_bucket_factor: 1.1 } },
};
const BUCKETS = [0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** In the queries of this test, in which there are about 30 scrapes. */
const RANGE_SECONDS = 8;
const SCRAPE_INTERVAL = '250ms';
const PERIOD = 50;

/** What each replica records at a time: times in ms, from 1 to 1000, and errors. */
const REPLICAS = [0, 1, 2].map((replica) => ({
    times: Array.from({ length: 200 }, (_, index) => 10 ** ((3 * (index + replica / 3)) / 200)),
    errors: 10 + 5 * replica,
}));
const ALL_TIMES = REPLICAS.flatMap(({ times }) => times)
    .map((time) => time / 1000)
    .sort((one, other) => one - other);

const servers: MetricsServer[] = [];
const relays: Relay[] = [];
/** When the replicas recorded, in ms. */
const recordedAt: number[] = [];
let recording: NodeJS.Timeout;
let gateway: Pushgateway;
let pushing: PrometheusCounters;
/** Asks for OpenMetrics. */
let plain: Prometheus;
/** Asks for protobuf, and stores native histograms. */
let modern: Prometheus;
let now: number;

async function serve(config: object): Promise<MetricsServer> {
    const server = await MetricsServer.start();
    if (server.counters instanceof PrometheusCounters) server.counters.configure(ConfigParams.fromValue(config));
    servers.push(server);
    return server;
}

async function relay(url: string, accept?: string): Promise<Relay> {
    const started = await Relay.start(url, accept);
    relays.push(started);
    return started;
}

function job(name: string, ...targets: string[]): object {
    return {
        job_name: name,
        scrape_interval: SCRAPE_INTERVAL,
        scrape_timeout: SCRAPE_INTERVAL,
        honor_labels: true,
        static_configs: [{ targets }],
    };
}

function recordBatch(): void {
    recordedAt.push(Date.now());
    for (const [index, { times, errors: failed }] of REPLICAS.entries()) {
        const counters = servers[index]?.counters;
        times.forEach((time) => counters?.endTiming('orders.create.exec_time', time));
        counters?.increment('orders.create.exec_count', times.length);
        counters?.increment('orders.create.exec_errors', failed);
    }
}

/** One of everything, that stays as it is. */
function recordAll({ counters }: MetricsServer): void {
    [0, 0.3, 5, 570, 1000, 123_456.789].forEach((time) => {
        counters.endTiming('a.b.exec_time', time);
        counters.endTiming('other', time);
        counters.stats('size', time);
    });
    counters.increment('a"\\\n.b.exec_count', 3);
    counters.increment('ratio', 0.1 + 0.2);
    counters.last('big', 1e21);
    counters.last('tiny', -1e-7);
    counters.last('nan', NaN);
    counters.last('infinite', -Infinity);
    counters.timestamp('backup', new Date(1_500_000_000_123));
}

let mixed: { openMetrics: Relay; text: Relay; protobuf: Relay };

beforeAll(async () => {
    await Promise.all(REPLICAS.map(() => serve(HISTOGRAMS)));
    const all = await serve({
        style: 'idiomatic',
        mappings: [
            {
                match: '*.*.exec_time',
                name: 'exec_time_seconds',
                labels: { command: '$2' },
                observer_type: 'histogram',
                histogram_options: { buckets: [0.00001, 0.3, 1, 123.456789, 1e6] },
            },
        ],
    });
    recordAll(all);
    mixed = {
        openMetrics: await relay(all.url),
        text: await relay(all.url, 'text/plain;version=0.0.4'),
        protobuf: await relay(all.url),
    };

    gateway = await Pushgateway.start();
    pushing = createCounters({ ...HISTOGRAMS, source: 'pushed', instance: '', connection: { uri: gateway.uri } });
    ALL_TIMES.forEach((time) => {
        pushing.endTiming('orders.create.exec_time', time * 1000);
    });
    await pushing.open('e2e');
    await pushing.close('e2e');

    const replicas = servers.slice(0, REPLICAS.length).map(({ url }) => new URL(url).host);
    plain = await Prometheus.start([
        job('replicas', ...replicas),
        job('openmetrics', mixed.openMetrics.address),
        job('text', mixed.text.address),
    ]);
    modern = await Prometheus.start(
        [
            job('replicas', ...replicas),
            job('protobuf', mixed.protobuf.address),
            job('gateway', new URL(gateway.uri).host),
        ],
        { flags: ['--enable-feature=native-histograms'] }
    );
    recordBatch();
    recording = setInterval(recordBatch, PERIOD);
    for (const name of ['replicas', 'openmetrics', 'text']) await plain.untilUp(name);
    for (const name of ['replicas', 'protobuf', 'gateway']) await modern.untilUp(name);
    const start = Date.now();
    await eventually(() => {
        expect(Date.now() - start).toBeGreaterThan((RANGE_SECONDS + 3) * 1000);
    }, 60_000);
    now = Date.now() / 1000 - 1;
    clearInterval(recording);
});

afterAll(async () => {
    clearInterval(recording);
    relays.forEach((each) => {
        each.stop();
    });
    await plain.stop();
    await modern.stop();
    await gateway.stop();
    for (const server of servers) await server.close();
});

/** Asks for the one value of a query of the documents, with the range and the job of this test. */
async function ask(server: Prometheus, query = ''): Promise<number> {
    const ranged = query
        .replaceAll('[5m]', `[${RANGE_SECONDS}s]`)
        .replace(/\b(exec_\w+)(\{)?/g, (_, name: string, brace?: string) =>
            brace === undefined ? `${name}{job="replicas"}` : `${name}{job="replicas",`
        );
    const found = await server.query(ranged, now);
    expect(found.map(({ metric }) => metric.command)).toEqual(['create']);
    return Number(found[0]?.value);
}

function quantile(share: number): number {
    return ALL_TIMES[Math.ceil(share * ALL_TIMES.length) - 1] ?? NaN;
}

/** Checks a value within a share of what it should be. */
function expectNear(value: number, truth: number, share: number): void {
    expect(value).toBeGreaterThan(truth * (1 - share));
    expect(value).toBeLessThan(truth * (1 + share));
}

const MEAN = ALL_TIMES.reduce((sum, time) => sum + time) / ALL_TIMES.length;
const FAST = ALL_TIMES.filter((time) => time <= 0.1).length / ALL_TIMES.length;

function callsPerSecond(): number {
    const from = (now - RANGE_SECONDS) * 1000;
    const batches = recordedAt.filter((time) => time > from && time <= now * 1000).length;
    return (batches * ALL_TIMES.length) / RANGE_SECONDS;
}

describe('three replicas, classic', () => {
    test('calls per second, the share of errors and the average are those that were recorded', async () => {
        for (const query of [rate, classic[2]]) expectNear(await ask(plain, query), callsPerSecond(), 0.15);
        const failed = REPLICAS.reduce((sum, replica) => sum + replica.errors, 0);
        expectNear(await ask(plain, errors), failed / ALL_TIMES.length, 0.03);
        for (const query of [average, classic[1]]) expectNear(await ask(plain, query), MEAN, 0.03);
    });

    test.each([0.5, 0.95, 0.99])('the quantile %d is in the bucket of the true one', async (share) => {
        const truth = quantile(share);
        const upper = BUCKETS.findIndex((bound) => truth <= bound);
        for (const query of [percentile, classic[0]]) {
            const value = await ask(plain, query?.replace('0.95', String(share)));
            expect(value).toBeGreaterThan(BUCKETS[upper - 1] ?? NaN);
            expect(value).toBeLessThanOrEqual(BUCKETS[upper] ?? NaN);
        }
    });

    test('the share of fast calls is the true one', async () => {
        for (const query of [fast, classic[3]]) expectNear(await ask(plain, query), FAST, 0.03);
    });
});

describe('three replicas, native', () => {
    test.each([0.5, 0.9, 0.99])('the quantile %d is the true one within 5 %%', async (share) => {
        expectNear(await ask(modern, native[0]?.replace('0.95', String(share))), quantile(share), 0.05);
    });

    test('average, calls per second and the share of fast calls are those that were recorded', async () => {
        expectNear(await ask(modern, native[1]), MEAN, 0.03);
        expectNear(await ask(modern, native[2]), callsPerSecond(), 0.15);
        expectNear(await ask(modern, native[3]), FAST, 0.05);
    });

    test('hide the classic buckets, which a server without the flag stores', async () => {
        for (const name of ['exec_time_seconds_bucket', 'exec_time_seconds_sum', 'exec_time_seconds_count']) {
            expect(await modern.query(`${name}{job="replicas"}`, now)).toEqual([]);
            expect((await plain.query(`${name}{job="replicas"}`, now)).length).toBeGreaterThan(2);
        }
        expect(await plain.query('exec_time_seconds{job="replicas"}', now)).toEqual([]);
    });
});

test('a Pushgateway hands native histograms on', async () => {
    const series = 'exec_time_seconds{job="pushed"}';
    const value = async (query: string) => Number((await modern.query(query, now))[0]?.value);
    expect(await value(`histogram_count(${series})`)).toBe(ALL_TIMES.length);
    expectNear(await value(`histogram_sum(${series})`), MEAN * ALL_TIMES.length, 1e-9);
    for (const share of [0.5, 0.9, 0.99])
        expectNear(await value(`histogram_quantile(${share}, ${series})`), quantile(share), 0.05);
});

describe('one store', () => {
    /** The series of a job, but for what Prometheus itself adds. */
    async function stored(server: Prometheus, name: string): Promise<Map<string, string>> {
        const samples = await server.query(`{job="${name}",__name__!~"up|scrape_.*"}`, now);
        return new Map(
            samples.map(({ metric, value }) => {
                const labels = Object.entries(metric).filter(([label]) => !['job', 'instance'].includes(label));
                return [seriesId('', labels), value];
            })
        );
    }

    test('gives the same series as text, as OpenMetrics and as protobuf', async () => {
        const text = await stored(plain, 'text');
        // A histogram of 6 buckets, two summaries with maximum and minimum, 2 counters, 5 gauges
        expect(text.size).toBe(8 + 2 * 4 + 2 + 5);
        expect(await stored(plain, 'openmetrics')).toEqual(text);
        expect(await stored(modern, 'protobuf')).toEqual(text);
        expect([mixed.text, mixed.openMetrics, mixed.protobuf].map(({ contentTypes }) => [...contentTypes])).toEqual([
            [TEXT],
            [OPEN_METRICS],
            [PROTOBUF],
        ]);
    });
});

test('no query is left out', () => {
    expect(documents.left(['promql idiomatic', 'promql classic', 'promql native'])).toEqual([]);
});
