import { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';

import { OPEN_METRICS } from '../fixtures/acceptHeaders';
import { MetricsServer } from '../fixtures/MetricsServer';
import { Prometheus, Target } from '../fixtures/Prometheus';

/** What a scrape asked for, and got. */
interface Exchange {
    readonly path: string | undefined;
    readonly accept: string | undefined;
    readonly status: number;
    readonly contentType: unknown;
    readonly contentEncoding: unknown;
}

const CREDENTIALS = {
    'credential.username': 'prom',
    'credential.password': 'ge:heim \u00fc',
    'credential.access_key': 't0ken-for.scrapers~',
};

let open: MetricsServer;
let guarded: MetricsServer;
let prometheus: Prometheus;
let exchanges: Exchange[];

/** Keeps what is asked and answered, with the headers as they came. */
function record(server: MetricsServer): Exchange[] {
    const recorded: Exchange[] = [];
    (server.endpoint.getServer() as EventEmitter).on('pre', (req: IncomingMessage, res: ServerResponse) => {
        const { accept } = req.headers;
        res.once('finish', () => {
            recorded.push({
                path: req.url,
                accept,
                status: res.statusCode,
                contentType: res.getHeader('content-type'),
                contentEncoding: res.getHeader('content-encoding'),
            });
        });
    });
    return recorded;
}

function recordOrders(server: MetricsServer): void {
    server.counters.increment('shop.buy.exec_count', 3);
    server.counters.endTiming('shop.buy.exec_time', 10);
    server.counters.endTiming('shop.buy.exec_time', 5);
    server.counters.last('stock.level', 12.5);
}

function scrape(job: string, server: MetricsServer, more: object = {}): object {
    return { job_name: job, static_configs: [{ targets: [new URL(server.url).host] }], ...more };
}

/** Gets what a job has stored: the values by the names of the metrics. */
async function valuesOf(job: string): Promise<Record<string, string>> {
    const samples = await prometheus.query(`{job="${job}",source="shop"}`);
    return Object.fromEntries(samples.map(({ metric, value }) => [metric.__name__ ?? '', value]));
}

const VALUES = {
    exec_count: '3',
    exec_time_max: '10',
    exec_time_min: '5',
    exec_time_average: '7.5',
    exec_time_count: '2',
    stock_level: '12.5',
};

beforeAll(async () => {
    open = await MetricsServer.start({ config: { source: 'shop', instance: '' } });
    guarded = await MetricsServer.start({ config: { source: 'shop', instance: '', ...CREDENTIALS } });
    recordOrders(open);
    recordOrders(guarded);
    exchanges = record(open);
    const basic = { username: 'prom', password: 'ge:heim \u00fc' };
    const bearer = { type: 'Bearer', credentials: 't0ken-for.scrapers~' };
    prometheus = await Prometheus.start([
        scrape('plain', open),
        scrape('basic', guarded, { basic_auth: basic }),
        scrape('bearer', guarded, { authorization: bearer }),
        scrape('wrong-basic', guarded, { basic_auth: { ...basic, password: 'geheim' } }),
        scrape('wrong-bearer', guarded, { authorization: { ...bearer, credentials: 'token' } }),
        scrape('nothing', guarded),
    ]);
}, 60_000);

afterAll(async () => {
    await prometheus.stop();
    await open.close();
    await guarded.close();
}, 30_000);

test('a scrape asks for OpenMetrics, gets it compressed, and stores all values', async () => {
    await prometheus.untilUp('plain');

    expect(await valuesOf('plain')).toEqual(VALUES);
    const [{ accept, ...answer } = { accept: '' }] = exchanges;
    expect(accept).toMatch(/^application\/openmetrics-text;version=1\.0\.0[,;]/);
    expect(answer).toEqual({
        path: '/metrics',
        status: 200,
        contentType: accept?.includes('escaping=') === true ? `${OPEN_METRICS}; escaping=underscores` : OPEN_METRICS,
        contentEncoding: 'gzip',
    });
}, 60_000);

test('labels come as they are', async () => {
    await prometheus.untilUp('plain');
    const [sample] = await prometheus.query('exec_count{job="plain"}');

    expect(sample?.metric).toEqual({
        __name__: 'exec_count',
        job: 'plain',
        instance: new URL(open.url).host,
        source: 'shop',
        service: 'shop',
        command: 'buy',
    });
}, 60_000);

test.each(['basic', 'bearer'])(
    'a scrape with the right credentials stores all values: %s',
    async (job) => {
        await prometheus.untilUp(job);

        expect(await valuesOf(job)).toEqual(VALUES);
    },
    60_000
);

test.each(['wrong-basic', 'wrong-bearer', 'nothing'])(
    'a scrape without them is down, and stores nothing: %s',
    async (job) => {
        const { lastError }: Target = await prometheus.untilDown(job);

        expect(lastError).toBe('server returned HTTP status 401 Unauthorized');
        expect(await valuesOf(job)).toEqual({});
        expect(await prometheus.query(`up{job="${job}"}`)).toMatchObject([{ value: '0' }]);
    },
    60_000
);
