import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

import { PrometheusMetricsService } from '../../src/services';
import { httpRequest } from '../fixtures/httpRequest';
import { Config, MetricsServer } from '../fixtures/MetricsServer';

const TEXT = '# TYPE orders gauge\norders 3\n';

let server: MetricsServer | null = null;

async function start(config: Config, endpoint: Config = {}): Promise<MetricsServer> {
    server = await MetricsServer.start({ config, endpoint });
    server.counters.increment('orders', 3);
    return server;
}

afterEach(async () => {
    await server?.close();
    server = null;
});

function configureError(config: Config): unknown {
    try {
        new PrometheusMetricsService().configure(ConfigParams.fromValue(config));
        return null;
    } catch (error) {
        return error;
    }
}

describe('what cannot be understood is refused at configure()', () => {
    test.each<readonly [option: string, value: string]>([
        ['options.timeout', '-1'],
        ['options.timeout', '10s'],
        ['options.timeout', '1.5'],
        ['options.max_scrapes', 'many'],
        ['options.max_scrapes', '-100'],
        ['options.reset_enabled', 'disabled'],
        ['options.reset_enabled', 'none'],
        ['options.reset_enabled', '2'],
    ])('%s: %s', (option, value) => {
        const error = configureError({ [option]: value });
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code: 'WRONG_OPTION', details: { option, value } });
        expect((error as Error).message).toContain(`"${value}"`);
    });

    test.each([
        'credential.token',
        'credential.accessKey',
        'credential.Username',
        'credential.access_id',
        'credential.0.access_key',
        'credential',
        'Credential.access_key',
        'credentials.one.token',
    ])('%s, and its value is not told', (key) => {
        const error = configureError({ [key]: 'geheim' });
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code: 'WRONG_OPTION', details: { option: key } });
        expect(JSON.stringify(error) + (error as Error).message).not.toContain('geheim');
    });

    test.each([
        'store_key',
        'username',
        'user',
        'password',
        'pass',
        'access_key',
        'client_key',
        'secret_key',
        'ssl_key_file',
        'ssl_crt_file',
        'ssl_ca_file',
        'internal_network',
    ])('but credential.%s is known', (parameter) => {
        expect(configureError({ [`credential.${parameter}`]: 'x', [`credentials.a.${parameter}`]: 'x' })).toBe(null);
    });
});

describe('options.reset_enabled', () => {
    test.each(['off', 'Off', 'OFF', ' false', 'no', 'F', '0'])('%j is off', async (value) => {
        const { url, counters } = await start({ 'options.reset_enabled': value });
        expect((await httpRequest(`${url}/metricsandreset`)).status).toBe(404);
        expect(counters.getAll()).toHaveLength(1);
    });

    test('takes effect while the service is open, off and on, as often as it changes', async () => {
        const { url, service, counters } = await start({});
        for (let round = 0; round < 2; round++) {
            service.configure(ConfigParams.fromTuples('options.reset_enabled', false));
            for (const method of ['GET', 'HEAD']) {
                expect((await httpRequest(`${url}/metricsandreset`, {}, method)).status).toBe(404);
            }
            expect(counters.getAll()).toHaveLength(1);
            service.configure(ConfigParams.fromTuples('options.reset_enabled', true));
            expect((await httpRequest(`${url}/metricsandreset`)).body.toString()).toBe(TEXT);
            counters.increment('orders', 3);
        }
    });

    test('takes effect while the service is open that was opened without the route', async () => {
        const { url, service, counters } = await start({ 'options.reset_enabled': false });
        service.configure(ConfigParams.fromTuples('source', ''));
        expect((await httpRequest(`${url}/metricsandreset`)).status).toBe(404);
        service.configure(ConfigParams.fromTuples('options.reset_enabled', true));
        service.configure(ConfigParams.fromTuples('options.reset_enabled', true));
        expect((await httpRequest(`${url}/metricsandreset`, { accept: 'text/plain;version=0.0.4' })).status).toBe(200);
        expect(counters.getAll()).toEqual([]);
    });
});

describe('base_route', () => {
    test.each([
        ['', '/metrics'],
        ['/', '/metrics'],
        ['//', '/metrics'],
        ['ops', '/ops/metrics'],
        ['/ops', '/ops/metrics'],
        ['ops/', '/ops/metrics'],
        ['//ops', '/ops/metrics'],
        ['/a//b/', '/a/b/metrics'],
        [' ops ', '/ops/metrics'],
    ])('%j serves %s, also to scrapers', async (base, path) => {
        const { url } = await start({ base_route: base });
        const { status, body } = await httpRequest(url + path, { accept: 'text/plain;version=0.0.4' });
        expect([status, body.toString()]).toEqual([200, TEXT]);
        expect((await httpRequest(`${url}${path}andreset`)).status).toBe(200);
    });
});

test('what CORS varies by stays', async () => {
    const { url } = await start({}, { cors_origins: 'http://dashboard.test' });
    const { headers } = await httpRequest(`${url}/metrics`, { origin: 'http://dashboard.test' });
    expect(headers.vary).toMatch(/^origin,.*, Accept, Accept-Encoding$/);
});
