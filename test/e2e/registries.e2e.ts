/** The counters, the process and two registries of prom-client in one answer, read by real servers and parsers. */
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';

import * as successor from '@prometheus-io/client';
import fc from 'fast-check';
import * as promClient from 'prom-client';

import { PrometheusCounters } from '../../src/count';
import { COMPATIBLE_EXPOSITION } from '../../src/exposition/Exposition';
import { ExpositionFormat } from '../../src/exposition/formats';
import { PROTOBUF_FORMAT } from '../../src/exposition/protobufFormat';
import { Renderer } from '../../src/exposition/Renderer';
import { OPEN_METRICS_FORMAT, TEXT_FORMAT } from '../../src/exposition/textFormats';
import { readMetric } from '../../src/registries/readMetric';
import { PROTOBUF } from '../fixtures/acceptHeaders';
import { MetricsServer } from '../fixtures/MetricsServer';
import { decodeFamilies } from '../fixtures/metricsProto';
import { parseOpenMetrics } from '../fixtures/openMetricsParser';
import { Prometheus } from '../fixtures/Prometheus';
import { checkMetrics, findInvalid } from '../fixtures/promtool';

const FORMATS = {
    text: 'text/plain;version=0.0.4',
    openmetrics: 'application/openmetrics-text;version=1.0.0',
    protobuf: PROTOBUF,
};

/** Fills a registry with all that prom-client has. */
function fill({ Counter, Gauge, Histogram, Summary }: typeof promClient, register: promClient.Registry, name: string) {
    const options = { help: `Of "${name}"\\\n`, labelNames: ['source', 'path'], registers: [register] };
    const labels = { source: 'theirs', path: 'a"\\\nb' };
    new Counter({ ...options, name: `${name}_total` }).inc(labels, 3);
    new Counter({ ...options, name: `${name}_untold` }).inc(labels, 4);
    new Gauge({ ...options, name: `${name}_gauge` }).set(labels, -1.5);
    new Gauge({ ...options, name: `${name}_empty` });
    const histogram = new Histogram({ ...options, name: `${name}_seconds`, buckets: [0.005, 1, 1000000] });
    const summary = new Summary({ ...options, name: `${name}_bytes`, percentiles: [0, 0.5, 0.999, 1] });
    for (const value of [0.001, 0.5, 3]) {
        histogram.observe(labels, value);
        summary.observe(labels, value);
    }
}

describe.each([
    ['prom-client', promClient],
    ['@prometheus-io/client', successor as unknown as typeof promClient],
])('%s', (module, client) => {
    let server: MetricsServer;
    let proxies: Server[];
    let prometheus: Prometheus;

    beforeAll(async () => {
        const own = new client.Registry();
        own.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE as never);
        own.setDefaultLabels({ app: 'shop', instance: 'theirs' });
        fill(client, own, 'own');
        fill(client, client.register, 'default');
        server = await MetricsServer.start({
            config: { 'options.process_metrics': true, 'options.prom_client': module },
            counters: new PrometheusCounters(),
        });
        server.service.addRegistry(own);
        server.counters.increment('shop.buy.exec_count', 5);
        server.counters.last('temperature', 21.5);
        // Prometheus 2.42 cannot be told which format to ask for
        proxies = await Promise.all(Object.values(FORMATS).map((accept) => listen(accept)));
        prometheus = await Prometheus.start(
            Object.keys(FORMATS).map((job, index) => ({
                job_name: job,
                honor_labels: true,
                static_configs: [{ targets: [`127.0.0.1:${(proxies[index]?.address() as AddressInfo).port}`] }],
            }))
        );
        await Promise.all(Object.keys(FORMATS).map((job) => prometheus.untilUp(job)));
    }, 60_000);

    afterAll(async () => {
        await prometheus.stop();
        proxies.forEach((proxy) => proxy.close());
        await server.close();
        client.register.clear();
    });

    async function listen(accept: string): Promise<Server> {
        const proxy = createServer((_req, res) => {
            void scrape(accept).then((body) => {
                res.setHeader('content-type', body.type);
                res.end(body.bytes);
            });
        });
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
        return proxy;
    }

    async function scrape(accept: string): Promise<{ type: string; bytes: Buffer }> {
        const response = await fetch(`${server.url}/metrics`, { headers: { accept } });
        return { type: response.headers.get('content-type') ?? '', bytes: Buffer.from(await response.arrayBuffer()) };
    }

    test('promtool and the strict parser take the answers', async () => {
        const text = (await scrape(FORMATS.text)).bytes.toString();
        expect(await checkMetrics(text)).toMatchObject({ exitCode: 3 });
        const openMetrics = (await scrape(FORMATS.openmetrics)).bytes.toString();
        expect(await parseOpenMetrics([openMetrics])).toEqual([null]);
        expect(openMetrics).toContain('\n# TYPE own counter\nown_total{');
        expect(openMetrics).toContain('\n# TYPE default_untold unknown\ndefault_untold{');
        expect(openMetrics).toContain('le="1e+06"');
    });

    test('Prometheus has the same series of all formats', async () => {
        const series = async (job: string) =>
            (await prometheus.query(`{job="${job}",__name__!~"up|scrape_.*"}`))
                .map(({ metric: { job: _, ...labels } }) => JSON.stringify(Object.entries(labels).sort()))
                // The address of the target stands where there is no label of that name
                .map((text) => text.replace(/127\.0\.0\.1:\d+/, 'target'))
                // Which resources a process has and which kinds of garbage collections there were changes
                .filter((text) => !/nodejs_(active|gc)/.test(text))
                .sort();
        const [text = [], openMetrics, protobuf] = await Promise.all(Object.keys(FORMATS).map(series));

        expect(text.length).toBeGreaterThan(60);
        expect(openMetrics).toEqual(text);
        expect(protobuf).toEqual(text);
        const own = await prometheus.query('own_total{job="protobuf"}');
        expect(own).toEqual([
            {
                metric: {
                    __name__: 'own_total',
                    job: 'protobuf',
                    source: 'theirs',
                    path: 'a"\\\nb',
                    app: 'shop',
                    instance: 'theirs',
                },
                value: '3',
            },
        ]);
        expect(await prometheus.query('exec_count{job="openmetrics"}')).toMatchObject([{ value: '5' }]);
        expect(await prometheus.query('process_resident_memory_bytes{job="text"} > 0')).toHaveLength(1);
    }, 60_000);
});

const anyValue = fc.oneof(
    fc.double(),
    { weight: 5, arbitrary: fc.integer({ min: -1, max: 3 }) },
    fc.constantFrom(null, undefined, '1', '+Inf', NaN, Infinity, -Infinity, {}, [])
);
const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a', 'a_total', 'a_sum', 'a_bucket', 'le', 'quantile', '__name__', '"', '\\', '\n', '\ud800', '')
);
const anyLabels = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom({}, { a: 'x' }, { le: '+Inf' }, { le: 1 }, { le: -1 }, { quantile: 0.5 }) },
    fc.dictionary(anyText, fc.oneof(anyText, anyValue)),
    fc.record({ le: anyValue, a: anyText }),
    fc.record({ quantile: anyValue }),
    fc.anything()
);
const plainSample = fc.record(
    {
        value: anyValue,
        labels: anyLabels,
        metricName: fc.constantFrom(undefined, 'a_bucket', 'a_sum', 'a_count', 'b'),
        exemplar: fc.oneof(fc.anything(), fc.record({ labelSet: anyLabels, value: anyValue, timestamp: anyValue })),
    },
    { requiredKeys: ['value'] }
);
const anySample = fc.oneof({ weight: 9, arbitrary: plainSample }, fc.anything());
const plainMetric = fc.record({
    name: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'a_total', 'a_bucket', 'b', 'b_created') }, anyText),
    help: fc.oneof(anyText, fc.anything()),
    type: fc.constantFrom('counter', 'gauge', 'histogram', 'summary', 'untyped', 'info', '__proto__', undefined),
    values: fc.oneof({ weight: 9, arbitrary: fc.array(anySample, { minLength: 2, maxLength: 12 }) }, fc.anything()),
});
/** A histogram or a summary that has all that it needs, but for what is not as it should be. */
const compound = fc
    .record({
        type: fc.constantFrom('histogram', 'summary'),
        bounds: fc.array(fc.oneof(fc.constantFrom(-1, 0, 0.5, 1, 1e6, '+Inf'), anyValue), { maxLength: 4 }),
        counts: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }).map((counts) => counts.sort()),
        sum: anyValue,
        count: fc.oneof({ weight: 5, arbitrary: fc.constant(3) }, anyValue),
        exemplar: fc.constantFrom(null, { labelSet: { a: 'x' }, value: 1 }),
    })
    .map(({ type, bounds, counts, sum, count, exemplar }) => ({
        name: 'a',
        help: 'x',
        type,
        values: [
            ...bounds.map((bound, index) => ({
                metricName: type === 'histogram' ? 'a_bucket' : 'a',
                labels: { [type === 'histogram' ? 'le' : 'quantile']: bound },
                value: counts[index],
                exemplar,
            })),
            { metricName: 'a_sum', labels: {}, value: sum },
            { metricName: 'a_count', labels: {}, value: count },
        ],
    }));
const anyMetric = fc.oneof({ weight: 5, arbitrary: plainMetric }, { weight: 4, arbitrary: compound }, fc.anything());

test('whatever registries give, the answer is valid in each format', async () => {
    const renderer = new Renderer(COMPATIBLE_EXPOSITION, 's', 'i');
    const write = (metrics: readonly unknown[], format: ExpositionFormat, addsTotal: boolean): Buffer => {
        const sets = metrics.flatMap((metric) => readMetric(metric, addsTotal, () => undefined) ?? []);
        const pieces = renderer.render([], format, { sets, onConflict: () => undefined });
        return Buffer.concat([...pieces].map((piece) => Buffer.from(piece as string)));
    };
    const [texts, openMetrics]: [string[], string[]] = [[], []];
    fc.assert(
        fc.property(fc.array(anyMetric, { minLength: 1, maxLength: 8 }), fc.boolean(), (metrics, addsTotal) => {
            texts.push(write(metrics, TEXT_FORMAT, addsTotal).toString());
            openMetrics.push(write(metrics, OPEN_METRICS_FORMAT, addsTotal).toString());
            decodeFamilies(write(metrics, PROTOBUF_FORMAT, addsTotal));
        }),
        { numRuns: 2000 }
    );
    const some = texts.filter((text) => text !== '');
    for (const type of ['counter', 'gauge', 'untyped', 'summary', 'histogram']) {
        expect(some.filter((text) => text.includes(` ${type}\n`)).length).toBeGreaterThan(20);
    }
    expect(openMetrics.filter((text) => text.includes(' # {')).length).toBeGreaterThan(20);
    expect((await parseOpenMetrics(openMetrics)).filter((verdict) => verdict !== null)).toEqual([]);
    expect(await findInvalid(some.slice(0, 300))).toEqual([]);
}, 120_000);
