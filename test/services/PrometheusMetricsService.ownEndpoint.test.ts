import { ConfigParams, ConnectionException, Descriptor, References } from 'pip-services3-commons-nodex';
import { LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { PrometheusMetricsService } from '../../src/services';
import { freePort } from '../fixtures/freePort';
import { httpRequest } from '../fixtures/httpRequest';
import { Config } from '../fixtures/MetricsServer';
import { RecordingLogger } from '../fixtures/RecordingLogger';

const TEXT = '# TYPE orders gauge\norders{source="shop"} 3\n';

let port: number;
let counters: PrometheusCounters;
let logger: RecordingLogger;
let service: PrometheusMetricsService;

beforeEach(async () => {
    port = await freePort();
    counters = new PrometheusCounters();
    counters.increment('orders', 3);
    logger = new RecordingLogger();
    service = new PrometheusMetricsService();
});

afterEach(() => service.close('test'));

function references(): References {
    return References.fromTuples(
        new Descriptor('test', 'counters', 'prometheus', 'default', '1.0'),
        counters,
        new Descriptor('test', 'logger', 'recording', 'default', '1.0'),
        logger
    );
}

function wire(config: Config = {}): void {
    const address = { 'connection.host': '127.0.0.1', 'connection.port': port };
    service.configure(ConfigParams.fromValue({ ...address, source: 'shop', ...config }));
    service.setReferences(references());
}

async function metrics(route = '/metrics', headers = {}): Promise<[status: number, body: string]> {
    const { status, body } = await httpRequest(`http://127.0.0.1:${port}${route}`, headers);
    return [status, body.toString()];
}

test('without an endpoint in the references the service has its own, and needs no warning', async () => {
    wire();
    await service.open('test');

    expect(await metrics()).toEqual([200, TEXT]);
    expect(await metrics('/metrics', { accept: 'application/openmetrics-text' })).toEqual([200, `${TEXT}# EOF\n`]);
    expect(logger.lines.filter(({ level }) => level <= LogLevel.Warn)).toEqual([]);
});

test('the address can be a URI, and the routes can have a base', async () => {
    service.configure(ConfigParams.fromTuples('connection.uri', `http://127.0.0.1:${port}`, 'base_route', 'own'));
    service.setReferences(references());
    await service.open('test');

    expect(await metrics('/own/metricsandreset')).toEqual([200, '# TYPE orders gauge\norders 3\n']);
    expect(counters.getAll()).toEqual([]);
});

test('credentials guard it', async () => {
    wire({ 'credential.username': 'prom', 'credential.password': 'geheim' });
    await service.open('test');

    expect(await metrics()).toEqual([401, '']);
    const authorization = `Basic ${Buffer.from('prom:geheim').toString('base64')}`;
    expect(await metrics('/metrics', { authorization })).toEqual([200, TEXT]);
});

test('credentials that are wrong keep it from listening', async () => {
    wire({ 'credential.username': 'prom' });

    await expect(service.open('test')).rejects.toMatchObject({ code: 'INCOMPLETE_CREDENTIAL' });
    await expect(metrics()).rejects.toThrow('ECONNREFUSED');
});

test('references that are set again keep it', async () => {
    wire();
    service.setReferences(references());
    await service.open('test');
    counters = new PrometheusCounters();
    counters.increment('orders', 5);
    service.setReferences(references());

    expect(await metrics()).toEqual([200, '# TYPE orders gauge\norders{source="shop"} 5\n']);
    await service.close('test');
    await expect(metrics()).rejects.toThrow('ECONNREFUSED');
    await service.open('test');
    expect(await metrics()).toEqual([200, '# TYPE orders gauge\norders{source="shop"} 5\n']);
});

test('it opens without references', async () => {
    service.configure(ConfigParams.fromTuples('connection.host', '127.0.0.1', 'connection.port', port));
    await service.open('test');

    expect(await metrics()).toEqual([200, '']);
});

describe('what keeps it from opening', () => {
    test.each<readonly [what: string, config: Config, code: string]>([
        [
            'a key that is not there',
            {
                'connection.protocol': 'https',
                'credential.ssl_key_file': '/no/key.pem',
                'credential.ssl_crt_file': '/no/crt.pem',
            },
            'CANNOT_CONNECT',
        ],
        ['an address that is not here', { 'connection.host': '192.0.2.1' }, 'CANNOT_CONNECT'],
    ])('%s', async (_what, config, code) => {
        wire(config);
        const error: unknown = await service.open('test').catch((reason: unknown) => reason);

        expect(error).toBeInstanceOf(ConnectionException);
        expect(error).toMatchObject({ code, correlation_id: 'test' });
        expect(service.isOpen()).toBeFalsy();
        await expect(metrics()).rejects.toThrow('ECONNREFUSED');
    });
});
