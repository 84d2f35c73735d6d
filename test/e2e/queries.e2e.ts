/** The queries of the documents in a real Prometheus, against what was recorded. */
import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';

import { YamlConfigReader } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src';
import { Documents } from '../fixtures/Documents';
import { eventually } from '../fixtures/eventually';
import { Folder } from '../fixtures/Folder';
import { httpRequest } from '../fixtures/httpRequest';
import { Prometheus } from '../fixtures/Prometheus';
import { TestContainer } from '../fixtures/TestContainer';

jest.setTimeout(120_000);

const documents = new Documents();
const readme = documents.of('README.md');
const metrics = documents.of('docs/metrics.md');
const [rate, errors, average, averageOfAll] = metrics.take('promql', 'Queries').map(({ text }) => text.trim());
const calls = metrics.takeOne('promql', 'Labels for outgoing calls').text.trim();

/** The range of the queries here, in which there are about 40 scrapes. */
const RANGE = '10s';
const STEP = '250ms';
const SCRAPES = 55;

/** Whole milliseconds, as the toolkit's clock gives them: before the first scrape, and one at each. */
const BEFORE = Array.from({ length: 40 }, (_, index) => (index * 37) % 101);
const MIXED = [0, 7, 0, 13, 3];

/** Records what happens between two scrapes, and answers what the service has then. */
class Target {
    /** How many scrapes there were. */
    public scrapes = 0;
    /** Average × count of the command whose times are 0, at each scrape. */
    public readonly products: number[] = [];

    private constructor(
        private readonly _container: TestContainer,
        private readonly _server: Server
    ) {}

    public static async start(container: TestContainer): Promise<Target> {
        const server = createServer().listen(0, '127.0.0.1');
        const target = new Target(container, server);
        server.on('request', (request, response) => {
            target.record(container.counters);
            void httpRequest(`${container.url}/metrics`, { accept: request.headers.accept }).then((answer) => {
                response.writeHead(answer.status, { 'content-type': answer.headers['content-type'] });
                response.end(answer.body);
            });
        });
        await once(server, 'listening');
        BEFORE.forEach((time) => {
            container.counters.endTiming('orders.zeros.exec_time', time);
            container.counters.endTiming('orders.mixed.exec_time', time);
        });
        container.counters.increment('orders.begun.exec_errors', 0);
        return target;
    }

    public get address(): string {
        return `127.0.0.1:${(this._server.address() as AddressInfo).port}`;
    }

    public async stop(): Promise<void> {
        this._server.closeAllConnections();
        this._server.close();
        await this._container.close('test');
    }

    private record(counters: PrometheusCounters): void {
        counters.endTiming('orders.zeros.exec_time', 0);
        const zeros = counters.getAll().find(({ name }) => name === 'orders.zeros.exec_time');
        this.products.push((zeros?.average ?? NaN) * (zeros?.count ?? NaN));

        counters.endTiming('orders.mixed.exec_time', MIXED[this.scrapes % MIXED.length] ?? NaN);
        counters.increment('orders.mixed.exec_count', 4);
        counters.increment('orders.mixed.exec_errors', 1);
        if (this.scrapes === SCRAPES - 20) {
            counters.increment('orders.begun.exec_errors');
            counters.increment('orders.born.exec_errors');
        }
        this.scrapes++;
    }
}

/** What clients of the toolkit record for a call. */
function recordCall(counters: PrometheusCounters): void {
    counters.increment('v1/beacons.get_beacons.call_count');
    counters.endTiming('v1/beacons.get_beacons.call_time', 5);
    counters.increment('v1/beacons.get_beacons.call_errors');
    // The client of gRPC
    counters.increment('v1/beacons.get_beacons.call_time');
}

let caller: TestContainer;
let target: Target;
let prometheus: Prometheus;
let now: number;

beforeAll(async () => {
    target = await Target.start(await TestContainer.open());
    caller = await TestContainer.open();
    caller.counters.increment('orders.get_orders.exec_count');
    const relabelled = metrics.take('yaml prometheus', 'Labels for outgoing calls').map(({ text }, index) => ({
        ...readScrapeConfig(text),
        job_name: `relabelled-${index}`,
        static_configs: [{ targets: [new URL(caller.url).host] }],
    }));
    const recorded = {
        job_name: 'recorded',
        scrape_interval: STEP,
        scrape_timeout: STEP,
        honor_labels: true,
        static_configs: [{ targets: [target.address] }],
    };
    prometheus = await Prometheus.start([recorded, ...relabelled]);
    await eventually(() => {
        recordCall(caller.counters);
        expect(target.scrapes).toBeGreaterThanOrEqual(SCRAPES);
    }, 60_000);
    now = Date.now() / 1000 - 1;
});

afterAll(async () => {
    await prometheus.stop();
    await target.stop();
    await caller.close('test');
});

function readScrapeConfig(yaml: string): object {
    const folder = new Folder();
    const file = folder.write('prometheus.yml', yaml);
    const { scrape_configs: configs } = new YamlConfigReader(file).readObject('e2e', null as never) as {
        scrape_configs: object[];
    };
    folder.remove();
    return configs[0] ?? {};
}

interface Sample {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: number;
}

/** Asks for the moment at which the scrapes were over, with the ranges of this test. */
async function ask(query: string | undefined): Promise<Sample[]> {
    const ranged = (query ?? '').replace(/\[\w+:15s\]/g, `[${RANGE}:${STEP}]`).replace(/\[\dm\]/g, `[${RANGE}]`);
    const parameters = new URLSearchParams({ query: ranged, time: String(now) });
    const response = await fetch(`${prometheus.url}/api/v1/query?${parameters.toString()}`);
    const { data } = (await response.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** Asks for the one value of a command. */
async function askFor(command: string, query: string | undefined): Promise<number> {
    const found = (await ask(query)).filter(({ metric }) => metric.command === command);
    expect(found).toHaveLength(1);
    return found[0]?.value ?? NaN;
}

describe('the average time', () => {
    const [sum = ''] = /^increase\(.*?\]\)/.exec(average ?? '') ?? [];

    test('the product of average and count falls while nothing but 0 ms is recorded', () => {
        const falls = target.products.filter((product, index) => product < (target.products[index - 1] ?? 0));

        expect(falls.length).toBeGreaterThan(3);
    });

    test('without round() each fall adds the whole sum, with it nothing is added', async () => {
        const total = BEFORE.reduce((all, time) => all + time);
        const unrounded = sum.replace(/\(round\((.+), 0\.001\)\)/, '($1)');
        expect(unrounded).not.toBe(sum);

        expect(await askFor('zeros', unrounded)).toBeGreaterThan(total / 2);
        expect(await askFor('zeros', sum)).toBe(0);
        expect(await askFor('zeros', average)).toBe(0);
    });

    test('is that of the times in the range', async () => {
        const counted = async (aggregate: string) =>
            (await askFor('mixed', `${aggregate}_over_time(exec_time_count[5m:15s])`)) - BEFORE.length;
        const [first, last] = [await counted('min'), await counted('max')];
        expect(last - first).toBeGreaterThan(20);
        const times = Array.from({ length: last }, (_, index) => MIXED[index % MIXED.length] ?? NaN).slice(first);
        const truth = times.reduce((all, time) => all + time) / times.length;

        expect(await askFor('mixed', average)).toBeCloseTo(truth, 6);
        expect(await askFor('mixed', averageOfAll)).toBeCloseTo(truth, 6);
    });
});

test('calls per second are those that were recorded', async () => {
    const perSecond = 4 / 0.25;

    for (const query of [rate, readme.takeOne('promql', 'In Prometheus').text.trim()]) {
        const value = await askFor('mixed', query);
        expect(value).toBeGreaterThan(perSecond * 0.7);
        expect(value).toBeLessThan(perSecond * 1.3);
    }
});

test('the share of errors is the one that was recorded', async () => {
    expect(await askFor('mixed', errors)).toBeCloseTo(1 / 4, 6);
});

test('a series that is born with 1 has not increased, one that begins with 0 has', async () => {
    expect(await askFor('born', 'increase(exec_errors[1m])')).toBe(0);
    expect(await askFor('begun', 'increase(exec_errors[1m])')).toBeGreaterThan(0.9);
});

describe('the names of calls', () => {
    const NAMES = [
        'call_count',
        'call_errors',
        'call_time',
        'call_time_average',
        'call_time_count',
        'call_time_max',
        'call_time_min',
    ];

    test.each([
        [0, { call: 'v1_beacons_get_beacons' }],
        [1, { service: 'v1_beacons', command: 'get_beacons' }],
    ])('become labels (recipe %d)', async (index, labels) => {
        const found = await ask(`{job="relabelled-${index}",__name__=~".*call_.*"}`);

        expect(found.map(({ metric }) => metric.__name__).sort()).toEqual(NAMES);
        expect(found.filter(({ metric }) => !matches(metric, labels))).toEqual([]);
        // The other metrics are as they were
        expect(await ask(`exec_count{job="relabelled-${index}"}`)).toEqual([
            expect.objectContaining({ metric: expect.objectContaining({ service: 'orders' }) as object }),
        ]);
    });

    test('can be asked for with one query', async () => {
        const [found, ...others] = await ask(calls);

        expect(found?.metric).toEqual({ call: 'v1_beacons_get_beacons' });
        expect(found?.value).toBeGreaterThan(0);
        expect(others.filter(({ metric }) => metric.call !== undefined)).toEqual([]);
    });
});

function matches(metric: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
    return Object.entries(labels).every(([name, value]) => metric[name] === value);
}

test('no query is left out', () => {
    expect(documents.left(['promql'])).toEqual([]);
});
