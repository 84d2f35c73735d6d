import { ConfigParams, Descriptor } from 'pip-services3-commons-nodex';
import { LogLevel } from 'pip-services3-components-nodex';
import promClient from 'prom-client';

import { PrometheusMetricsService } from '../../src/services';
import { eventually } from '../fixtures/eventually';
import { Config, MetricsServer, MetricsServerOptions } from '../fixtures/MetricsServer';
import { MockEndpoint, MockResponse } from '../fixtures/MockEndpoint';
import { RawClient } from '../fixtures/RawClient';
import { thrownBy } from '../fixtures/thrownBy';

/** A registry that gives one gauge, when it is told to. */
class FakeRegistry {
    public asked = 0;
    public ready = Promise.resolve();

    public constructor(private readonly _name: string) {}

    public async getMetricsAsJSON(): Promise<unknown> {
        this.asked++;
        await this.ready;
        return [{ name: this._name, help: '', type: 'gauge', values: [{ value: 1, labels: {} }] }];
    }

    /** Makes it wait, and gives what lets it go on. */
    public hold(): () => void {
        let release: () => void = () => undefined;
        this.ready = new Promise((resolve) => (release = resolve));
        return release;
    }
}

const REGISTRY = new Descriptor('test', 'metrics-registry', 'fake', 'default', '1.0');
const REFERENCED = new Descriptor('test', 'metrics-registry', 'other', 'default', '1.0');

const servers: MetricsServer[] = [];

async function start(options: MetricsServerOptions = {}): Promise<MetricsServer> {
    const server = await MetricsServer.start(options);
    servers.push(server);
    return server;
}

afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    promClient.register.clear();
});

async function get({ url }: MetricsServer, route = '/metrics', init: RequestInit = {}): Promise<string> {
    return (await fetch(`${url}${route}`, init)).text();
}

function namesIn(text: string): string[] {
    return [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
}

function warningsOf({ logger }: MetricsServer): string[] {
    return logger.lines.filter(({ level }) => level <= LogLevel.Warn).map(({ message }) => message);
}

test('the counters, then the process, the default registry, references and added ones, each once', async () => {
    new promClient.Gauge({ name: 'of_default', help: 'x' }).set(1);
    const [referenced, added] = [new FakeRegistry('of_reference'), new FakeRegistry('of_code')];
    const server = await start({
        config: { 'options.process_metrics': 'on', 'options.prom_client': 'YES' },
        references: [REGISTRY, referenced, REFERENCED, promClient.register],
    });
    server.counters.last('own', 1);
    server.service.addRegistry(added);
    server.service.addRegistry(added);
    server.service.addRegistry(referenced);

    const names = namesIn(await get(server));
    expect([names[0], ...names.slice(-3)]).toEqual(['own', 'of_default', 'of_reference', 'of_code']);
    expect(names).toContain('process_cpu_seconds_total');
    expect(new Set(names).size).toBe(names.length);
    expect(warningsOf(server)).toEqual([]);

    server.service.removeRegistry(added);
    server.service.removeRegistry(referenced);
    expect(namesIn(await get(server)).slice(-2)).toEqual(['of_default', 'of_reference']);
});

test('by default there is nothing but the counters', async () => {
    new promClient.Gauge({ name: 'of_default', help: 'x' }).set(1);
    const server = await start();
    server.counters.last('own', 1);
    expect(await get(server)).toBe('# TYPE own gauge\nown 1\n');
});

test('what clashes with the counters or an earlier registry is left out, with one warning for each family', async () => {
    const server = await start();
    server.counters.last('a', 1);
    for (const name of ['a', 'b', 'b', 'c']) server.service.addRegistry(new FakeRegistry(name));

    for (let scrape = 0; scrape < 2; scrape++) expect(namesIn(await get(server))).toEqual(['a', 'b', 'c']);
    expect(warningsOf(server)).toEqual([
        'Metric family a of another registry is left out, as a has samples of the same name',
        'Metric family b of another registry is left out, as b has samples of the same name',
    ]);
});

test('a reset shows other registries, and leaves them as they are', async () => {
    const counter = new promClient.Counter({ name: 'of_default_total', help: 'x' });
    counter.inc(5);
    const server = await start({ config: { 'options.prom_client': true } });
    server.counters.increment('own', 2);

    const text = '# HELP of_default_total x\n# TYPE of_default_total counter\nof_default_total 5\n';
    expect(await get(server, '/metricsandreset')).toBe(`# TYPE own gauge\nown 2\n${text}`);
    expect(await get(server, '/metricsandreset')).toBe(text);
});

test('a registry that is late costs itself only, and holds no reset open', async () => {
    const registry = new FakeRegistry('late');
    const release = registry.hold();
    const server = await start({ config: { 'options.collect_timeout': 60 } });
    server.service.addRegistry(registry);
    server.counters.increment('own', 2);

    const answer = get(server, '/metricsandreset');
    await eventually(() => expect(registry.asked).toBe(1));
    // The counters are taken after it only
    expect(server.counters.getAll()).toHaveLength(1);
    server.counters.increment('own', 3);
    expect(await answer).toBe('# TYPE own gauge\nown 5\n');
    expect(server.counters.getAll()).toEqual([]);
    expect(await get(server)).toBe('');
    expect(registry.asked).toBe(1);
    expect(warningsOf(server)).toEqual([expect.stringContaining('options.collect_timeout, which is 60 ms')]);

    release();
    await eventually(async () => expect(namesIn(await get(server))).toEqual(['late']));
});

test('a client that goes while a registry collects takes nothing', async () => {
    const registry = new FakeRegistry('late');
    const release = registry.hold();
    const server = await start();
    server.service.addRegistry(registry);
    server.counters.increment('own', 2);
    const client = await RawClient.connect(server.url);
    client.get('/metricsandreset');
    await eventually(() => expect(registry.asked).toBe(1));
    client.reset();
    // Its end is seen when a request that comes after it is answered
    await fetch(`${server.url}/none`);
    release();

    await eventually(() => {
        expect(server.logger.lines).toContainEqual(
            expect.objectContaining({ message: expect.stringContaining('closed its connection') as string })
        );
    });
    expect(server.counters.getAll()).toMatchObject([{ name: 'own', count: 2 }]);
});

test('close() does not wait for a registry', async () => {
    const registry = new FakeRegistry('late');
    registry.hold();
    const server = await start();
    server.service.addRegistry(registry);
    const answer = get(server);
    await eventually(() => expect(registry.asked).toBe(1));
    await server.service.close('test');

    await expect(answer).rejects.toThrow('fetch failed');
});

test('HEAD tells the length with other registries, and a mocked response gets them', async () => {
    const server = await start();
    server.service.addRegistry(new FakeRegistry('g'));
    const { headers } = await fetch(`${server.url}/metrics`, {
        method: 'HEAD',
        headers: { 'accept-encoding': 'identity' },
    });
    expect(headers.get('content-length')).toBe('19');

    const endpoint = new MockEndpoint();
    const service = new PrometheusMetricsService();
    service.addRegistry(new FakeRegistry('g'));
    Object.assign(service, { _endpoint: endpoint });
    service.register();
    const response = new MockResponse();
    await endpoint.handlerOf('get', 'metrics')(null, response);
    expect(response.bodies).toEqual(['# TYPE g gauge\ng 1\n']);
});

test('closed and opened again: the process is collected anew, and options count from then on', async () => {
    new promClient.Gauge({ name: 'of_default', help: 'x' }).set(1);
    const server = await start({ config: { 'options.process_metrics': true } });
    await server.service.close('test');
    server.service.configure(ConfigParams.fromTuples('options.prom_client', true));
    await server.service.open('test');

    expect(namesIn(await get(server))).toEqual(expect.arrayContaining(['process_resident_memory_bytes', 'of_default']));
    expect(warningsOf(server)).toEqual([]);
});

describe('what is wrong is said at once', () => {
    const open = async (config: Config) => {
        const server = await MetricsServer.wire({ config });
        servers.push(server);
        return server.service.open('test').catch((error: unknown) => error);
    };

    test.each([null, undefined, {}, { metrics: () => '' }, 'prom-client'])('addRegistry(%p)', (registry) => {
        const service = new PrometheusMetricsService();
        const error = thrownBy(() => service.addRegistry(registry as never)) as Error;
        expect(error).toMatchObject({ code: 'WRONG_REGISTRY' });
        expect(error.message).toContain('has no method getMetricsAsJSON()');
    });

    test('a reference to something else', async () => {
        await expect(MetricsServer.wire({ references: [REGISTRY, {}] })).rejects.toMatchObject({
            code: 'WRONG_REGISTRY',
        });
    });

    test('a module that is not there, or has no registry', async () => {
        expect(await open({ 'options.prom_client': 'ture' })).toMatchObject({
            code: 'WRONG_OPTION',
            details: { option: 'options.prom_client', value: 'ture' },
        });
        expect(await open({ 'options.prom_client': 'undici' })).toMatchObject({ code: 'WRONG_REGISTRY' });
    });

    test.each(['-1', '1.5', 'soon'])('options.collect_timeout: %s', (value) => {
        const service = new PrometheusMetricsService();
        const config = ConfigParams.fromTuples('options.collect_timeout', value);
        expect(thrownBy(() => service.configure(config))).toMatchObject({ code: 'WRONG_OPTION' });
    });

    test('options.process_metrics: maybe', () => {
        const service = new PrometheusMetricsService();
        const config = ConfigParams.fromTuples('options.process_metrics', 'maybe');
        expect(thrownBy(() => service.configure(config))).toMatchObject({ code: 'WRONG_OPTION' });
    });
});
