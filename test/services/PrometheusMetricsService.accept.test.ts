import { IncomingMessage, ServerResponse } from 'node:http';

import { ConfigParams, Descriptor, References, Schema } from 'pip-services3-commons-nodex';
import { HeartbeatRestService } from 'pip-services3-rpc-nodex';

import { PrometheusMetricsService } from '../../src/services';
import { ACCEPT_HEADERS } from '../fixtures/acceptHeaders';
import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';

/** The toolkit takes null for "no validation", but does not say so. */
const NO_SCHEMA = null as unknown as Schema;

const LINES = '# TYPE orders gauge\norders{source="shop",instance="box"} 3\n';

/** The same counter as protobuf: a family with its length before it. */
const FAMILY = Buffer.from(
    '\x38\x0a\x06orders\x18\x01\x22\x2c' +
        '\x0a\x0e\x0a\x06source\x12\x04shop' +
        '\x0a\x0f\x0a\x08instance\x12\x03box' +
        '\x12\x09\x09\0\0\0\0\0\0\x08\x40',
    'latin1'
).toString();

function bodyOf(contentType: string): string {
    if (contentType.startsWith('application/vnd.google.protobuf')) return FAMILY;
    return contentType.startsWith('application/openmetrics-text') ? `${LINES}# EOF\n` : LINES;
}

let server: MetricsServer;
let heartbeat: HeartbeatRestService;
let second: PrometheusMetricsService;

beforeAll(async () => {
    server = await MetricsServer.wire({ config: { source: 'shop', instance: 'box' } });
    heartbeat = new HeartbeatRestService();
    heartbeat.setReferences(server.references);
    second = new PrometheusMetricsService();
    second.configure(ConfigParams.fromTuples('base_route', 'second', 'source', 'other', 'instance', ''));
    second.setReferences(server.references);
    // The endpoint takes up routes when it opens
    await server.endpoint.close('test');
    await server.endpoint.open('test');
    await server.service.open('test');
    await heartbeat.open('test');
    await second.open('test');
});

afterAll(() => server.close());

beforeEach(() => {
    server.counters.clearAll();
    server.counters.increment('orders', 3);
});

function originalAccept(accept: string | undefined): Record<string, string> {
    return accept === undefined ? {} : { accept };
}

describe.each(['/metrics', '/metricsandreset'])('%s', (path) => {
    test.each(ACCEPT_HEADERS)('%s', async (_sender, accept, contentType) => {
        const { status, headers, body } = await httpRequest(server.url + path, originalAccept(accept));

        expect({ status, contentType: headers['content-type'], body: body.toString() }).toEqual({
            status: 200,
            contentType,
            body: bodyOf(contentType),
        });
    });

    test.each(ACCEPT_HEADERS)('HEAD: %s', async (_sender, accept, contentType) => {
        const { status, headers, body } = await httpRequest(server.url + path, originalAccept(accept), 'HEAD');

        expect({ status, contentType: headers['content-type'], body: body.toString() }).toEqual({
            status: 200,
            contentType,
            body: '',
        });
    });

    test.each(['', ' ', 'a'.repeat(8_000), 'application/xml;q=0.9, image/png'])('Accept: %j', async (accept) => {
        const { status, body } = await httpRequest(server.url + path, { accept });

        expect({ status, body: body.toString() }).toEqual({ status: 200, body: LINES });
    });
});

describe('other routes of the same endpoint', () => {
    test('refuse what restify does not know, as before', async () => {
        for (const accept of ['application/openmetrics-text', 'text/plain;version=0.0.4', 'image/png']) {
            const { status, headers } = await httpRequest(`${server.url}/heartbeat`, { accept });
            expect({ accept, status, type: headers['content-type'] }).toEqual({
                accept,
                status: 406,
                type: 'application/json',
            });
        }
    });

    test('answer what restify knows, as before', async () => {
        const { status, headers } = await httpRequest(`${server.url}/heartbeat`, { accept: 'application/json' });

        expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
    });

    test('have the header as it was sent', async () => {
        const accepts: (string | undefined)[] = [];
        server.endpoint.registerRoute('get', 'probe', NO_SCHEMA, (req: IncomingMessage, res: ServerResponse) => {
            accepts.push(req.headers.accept);
            res.end();
        });
        await httpRequest(`${server.url}/probe`, { accept: 'application/json;q=0.3' });
        await httpRequest(`${server.url}/probe`);

        expect(accepts).toEqual(['application/json;q=0.3', undefined]);
    });

    test('that only look alike are not there', async () => {
        for (const path of ['/metrics/', '/metrics/x', '/Metrics', '/metricsandreset/', '/second', '/x/metrics']) {
            const { status } = await httpRequest(server.url + path, { accept: 'text/plain;version=0.0.4' });
            expect({ path, status }).toEqual({ path, status: 404 });
        }
    });
});

test('a query is left aside', async () => {
    const accept = 'application/openmetrics-text';
    const { headers, body } = await httpRequest(`${server.url}/metrics?name=x&callback=y&jsonp=z`, { accept });

    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(body.toString()).toBe(`${LINES}# EOF\n`);
});

test('a second service on the same endpoint answers as the first does', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0';
    const { headers, body } = await httpRequest(`${server.url}/second/metrics`, { accept });
    const first = await httpRequest(`${server.url}/metrics`, { accept });

    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(body.toString()).toBe('# TYPE orders gauge\norders{source="other"} 3\n# EOF\n');
    expect(first.body.toString()).toBe(`${LINES}# EOF\n`);
});

test('the endpoint can close and open again', async () => {
    await server.endpoint.close('test');
    await server.endpoint.open('test');

    const { status, body } = await httpRequest(`${server.url}/metrics`, { accept: 'application/openmetrics-text' });
    expect({ status, body: body.toString() }).toEqual({ status: 200, body: `${LINES}# EOF\n` });
});

describe('base_route', () => {
    test.each([
        ['', '/metrics'],
        ['api', '/api/metrics'],
        ['/api', '/api/metrics'],
        ['/api/v1', '/api/v1/metrics'],
        ['api/v1', '/api/v1/metrics'],
    ])('%j gives %s', async (baseRoute, path) => {
        const based = await MetricsServer.start({ config: { base_route: baseRoute, source: '', instance: '' } });
        try {
            based.counters.increment('orders', 3);
            for (const route of [path, `${path}andreset`]) {
                const { status, body } = await httpRequest(based.url + route, { accept: 'text/plain;version=0.0.4' });
                expect({ status, body: body.toString() }).toEqual({
                    status: 200,
                    body: '# TYPE orders gauge\norders 3\n',
                });
            }
        } finally {
            await based.close();
        }
    });
});

test('references with more than one endpoint take the one that dependencies.endpoint names', async () => {
    const other = await MetricsServer.wire();
    try {
        const references = References.fromTuples(
            new Descriptor('test', 'endpoint', 'http', 'one', '1.0'),
            server.endpoint,
            new Descriptor('test', 'endpoint', 'http', 'two', '1.0'),
            other.endpoint
        );
        const service = new PrometheusMetricsService();
        service.configure(
            ConfigParams.fromTuples('base_route', 'named', 'dependencies.endpoint', '*:endpoint:http:two:1.0')
        );
        service.setReferences(references);
        await other.endpoint.close('test');
        await other.endpoint.open('test');

        const accept = 'application/openmetrics-text';
        const there = await httpRequest(`${other.url}/named/metrics`, { accept });
        const elsewhere = await httpRequest(`${server.url}/named/metrics`, { accept });
        expect([there.status, there.body.toString(), elsewhere.status]).toEqual([200, '# EOF\n', 404]);
    } finally {
        await other.close();
    }
});
