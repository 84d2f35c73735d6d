import { HttpResponse, httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';

const OPEN_METRICS = { accept: 'application/openmetrics-text' };
const TEXT = '# TYPE orders gauge\norders 3\n';
const ROUTES = ['/metrics', '/metricsandreset'];

let server: MetricsServer;

beforeEach(async () => {
    server = await MetricsServer.start({ config: { source: '', instance: '' } });
    server.counters.increment('orders', 3);
});

afterEach(() => server.close());

/** The headers but for those that differ with the time, or belong to the way that the body is sent. */
function comparable({ headers }: HttpResponse): object {
    const others = ['date', 'request-id', 'response-time', 'transfer-encoding'];
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !others.includes(name)));
}

describe('HEAD', () => {
    test.each(ROUTES)('%s has the headers of GET, no body, and clears nothing', async (route) => {
        for (const headers of [{}, OPEN_METRICS, { 'accept-encoding': 'gzip' }]) {
            const head = await httpRequest(server.url + route, headers, 'HEAD');
            expect(head.status).toBe(200);
            expect(head.body).toHaveLength(0);
            expect(server.counters.getAll().map(({ name, count }) => [name, count])).toEqual([['orders', 3]]);

            const get = await httpRequest(server.url + route, headers, 'GET');
            expect(get.body.length).toBeGreaterThan(0);
            expect(comparable(head)).toEqual(comparable(get));
            server.counters.clearAll();
            server.counters.increment('orders', 3);
        }
    });
});

describe('other methods', () => {
    test.each(
        ROUTES.flatMap((route) => ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => [method, route]))
    )('%s %s is not allowed', async (method, route) => {
        for (const headers of [{}, OPEN_METRICS]) {
            const { status, headers: received } = await httpRequest(server.url + route, headers, method);
            expect(status).toBe(405);
            expect(received.allow?.split(/, */).sort()).toEqual(['GET', 'HEAD']);
        }
        expect(server.counters.getAll()).toHaveLength(1);
    });
});

describe('options.reset_enabled', () => {
    test.each([false, 'false'])('%j leaves /metricsandreset out', async (resetEnabled) => {
        const safe = await MetricsServer.start({
            config: { source: '', instance: '', 'options.reset_enabled': resetEnabled },
        });
        try {
            safe.counters.increment('orders', 3);
            for (const method of ['GET', 'HEAD', 'POST']) {
                const { status } = await httpRequest(`${safe.url}/metricsandreset`, {}, method);
                expect({ method, status }).toEqual({ method, status: 404 });
            }
            const { body } = await httpRequest(`${safe.url}/metrics`);
            expect(body.toString()).toBe(TEXT);
        } finally {
            await safe.close();
        }
    });

    test('true, as without it, clears with a GET of /metricsandreset', async () => {
        const enabled = await MetricsServer.start({
            config: { source: '', instance: '', 'options.reset_enabled': true },
        });
        try {
            enabled.counters.increment('orders', 3);
            for (const { url } of [enabled, server]) {
                const bodies = [];
                for (const route of ['/metrics', '/metricsandreset', '/metrics']) {
                    bodies.push((await httpRequest(url + route)).body.toString());
                }
                expect(bodies).toEqual([TEXT, TEXT, '']);
            }
        } finally {
            await enabled.close();
        }
    });
});
