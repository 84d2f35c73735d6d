/** The container configurations of the documents, each opened by a real container. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';

import { Descriptor, References } from 'pip-services3-commons-nodex';
import { CompositeCounters } from 'pip-services3-components-nodex';
import { Container } from 'pip-services3-container-nodex';
import { DefaultRpcFactory } from 'pip-services3-rpc-nodex';
import { Gauge, register } from 'prom-client';
import { Agent, fetch, RequestInit } from 'undici';

import { DefaultPrometheusFactory, PrometheusCounters } from '../../src';
import { makeCertificates } from '../fixtures/certificates';
import { Documents } from '../fixtures/Documents';
import { eventually } from '../fixtures/eventually';
import { FakeGateway } from '../fixtures/FakeGateway';
import { freePort } from '../fixtures/freePort';
import { Workspace } from '../fixtures/Workspace';

const KIND = 'yaml container';
const documents = new Documents();
const readme = documents.of('README.md');
const scraping = documents.of('docs/scraping.md');
const pushing = documents.of('docs/pushing.md');
const migration = documents.of('docs/migration.md');
const otherMetrics = documents.of('docs/other-metrics.md');
const metrics = documents.of('docs/metrics.md');

/** What a snippet leaves out, as the rest of the configuration has it. */
const REST = {
    'context-info:': "- descriptor: 'pip-services:context-info:default:default:1.0'\n  name: 'my-service'\n",
    'logger:': "- descriptor: 'pip-services:logger:console:default:1.0'\n",
    'counters:': "- descriptor: 'pip-services:counters:prometheus:default:1.0'\n",
    'endpoint:http:':
        "- descriptor: 'pip-services:endpoint:http:default:1.0'\n  connection:\n    host: '0.0.0.0'\n    port: 8080\n",
    'metrics-service:': "- descriptor: 'pip-services:metrics-service:prometheus:default:1.0'\n",
};

const EXPOSED = /^# TYPE orders gauge\norders\{source="my-service",instance=".+"\} 2\n$/;

let workspace: Workspace;
let gateway: FakeGateway;
let ports: Record<string, number>;

beforeEach(async () => {
    workspace = new Workspace();
    gateway = await FakeGateway.start();
    ports = { 8080: await freePort(), 8081: await freePort(), 8443: await freePort() };
});

afterEach(async () => {
    await workspace.remove();
    await gateway.stop();
});

/** Opens the rest of a configuration with a snippet, on free ports and with the test's gateway, and records. */
async function open(yaml: string, parameters: Record<string, string> = {}): Promise<Container> {
    const rest = Object.entries(REST).filter(([descriptor]) => !yaml.includes(`pip-services:${descriptor}`));
    let text = rest.map(([, component]) => component).join('') + yaml;
    // All at once and as whole numbers, as a free port may have the digits of another one
    const free: Record<string, number> = { ...ports, 9091: gateway.port };
    text = text.replace(/\b\d+\b/g, (number) => String(free[number] ?? number));
    text = text.replaceAll('0.0.0.0', '127.0.0.1').replaceAll('pushgateway', '127.0.0.1');

    const container = new Container('docs');
    container.addFactory(new DefaultRpcFactory());
    container.addFactory(new DefaultPrometheusFactory());
    await workspace.open(container, text, parameters);
    counters().increment('orders', 2);
    return container;
}

/** The counters of the container that was opened last. */
function counters(): PrometheusCounters {
    const found = workspace.references?.getOneRequired<PrometheusCounters>(
        new Descriptor('*', 'counters', 'prometheus', '*', '1.0')
    );
    if (found === undefined) throw new Error('No container is open');
    return found;
}

async function get(port: number, route: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
    const protocol = init.dispatcher === undefined ? 'http' : 'https';
    const response = await fetch(`${protocol}://127.0.0.1:${ports[port] ?? 0}${route}`, init);
    return { status: response.status, body: await response.text() };
}

test('README, In a container: the counters are served, and nothing is complained about', async () => {
    await open(readme.takeOne(KIND, 'In a container').text);

    expect(await get(8080, '/metrics')).toEqual({ status: 200, body: expect.stringMatching(EXPOSED) as string });
    expect(workspace.errors).toBe('');
});

test('Metrics, From one style to the other: both styles are served side by side', async () => {
    await open(metrics.takeOne(KIND, 'From one style to the other').text);
    const recorder = new CompositeCounters();
    recorder.setReferences(workspace.references ?? new References());
    recorder.increment('items', 5);

    expect((await get(8080, '/metrics')).body).toMatch(/^items\{source="my-service",instance=".+"\} 5$/m);
    expect((await get(8080, '/idiomatic/metrics')).body).toContain('# TYPE items_total counter\nitems_total 5\n');
    expect(workspace.errors).toBe('');
});

describe('Scraping', () => {
    test('The labels source and instance: the series have no instance', async () => {
        await open(scraping.takeOne(KIND, 'The labels source and instance').text);

        expect((await get(8080, '/metrics')).body).toBe('# TYPE orders gauge\norders{source="my-service"} 2\n');
    });

    test.each([scraping.takeOne(KIND, 'Resetting'), migration.takeOne(KIND, 'From 1.0.1')])(
        '$place: /metricsandreset is left out',
        async ({ text }) => {
            await open(text);

            expect((await get(8080, '/metricsandreset')).status).toBe(404);
            expect((await get(8080, '/metrics')).status).toBe(200);
        }
    );

    test('Credentials: the password or the token lets in, and without there is nothing to see', async () => {
        await open(scraping.takeOne(KIND, 'Credentials').text, { METRICS_PASSWORD: 'p4ss', METRICS_TOKEN: 't0ken' });
        const basic = Buffer.from('prometheus:p4ss').toString('base64');

        expect(await get(8080, '/metrics')).toEqual({ status: 401, body: '' });
        for (const authorization of [`Basic ${basic}`, 'Bearer t0ken']) {
            expect((await get(8080, '/metrics', { headers: { authorization } })).status).toBe(200);
        }
    });

    test('Clients: an upgrade to HTTP/2 gets no answer from the endpoint, while others do', async () => {
        await open(readme.takeOne(KIND, 'In a container').text);
        const client = connect(ports[8080] ?? 0, '127.0.0.1');
        client.write('GET /status HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
        await once(client, 'connect');
        for (let request = 0; request < 10; request++) expect((await get(8080, '/metrics')).status).toBe(200);

        expect(client.bytesRead).toBe(0);
        client.destroy();
    });

    test('HTTPS: the endpoint has the certificate', async () => {
        const certificates = await makeCertificates();
        workspace.write('tls/server.key', readFileSync(certificates.server.keyFile, 'utf8'));
        workspace.write('tls/server.crt', readFileSync(certificates.server.certFile, 'utf8'));
        const dispatcher = new Agent({ connect: { ca: readFileSync(certificates.caFile) } });
        await open(scraping.takeOne(KIND, 'HTTPS').text);

        expect((await get(8443, '/metrics', { dispatcher })).status).toBe(200);
        await dispatcher.close();
        await certificates.remove();
    });

    test('A port of its own: the metrics are there, and not on the public port', async () => {
        await open(scraping.takeOne(KIND, 'A port of its own').text);

        expect((await get(8081, '/metrics')).status).toBe(200);
        expect((await get(8081, '/status')).status).toBe(404);
        expect((await get(8080, '/metrics')).status).toBe(404);
        expect((await get(8080, '/status')).status).toBe(200);
        expect(workspace.errors).toBe('');
    });
});

const [plain, variables] = pushing.take(KIND, 'Set up');

describe('Pushing', () => {
    test('Set up: pushed on close(), with source and host name as job and instance', async () => {
        const container = await open(plain?.text ?? '');
        await container.close('docs');

        expect(gateway.requests).toEqual([
            expect.objectContaining({
                method: 'PUT',
                path: `/metrics/job/my-service/instance/${hostname()}`,
                body: '# TYPE orders gauge\norders 2\n',
            }),
        ]);
    });

    test('Groups: two processes with different names have a group each, and leave none behind', async () => {
        const { text } = pushing.takeOne(KIND, 'Groups, and several processes');
        for (const name of ['worker-1', 'worker-2']) {
            const container = await open(text, { WORKER_NAME: name });
            counters().dump();
            await gateway.nextRequest();
            await container.close('docs');
        }

        expect(gateway.requests.map(({ method, path }) => [method, path])).toEqual([
            ['PUT', '/metrics/job/my-service/instance/worker-1'],
            ['DELETE', '/metrics/job/my-service/instance/worker-1'],
            ['PUT', '/metrics/job/my-service/instance/worker-2'],
            ['DELETE', '/metrics/job/my-service/instance/worker-2'],
        ]);
    });

    test('HTTPS: over TLS that the CA vouches for, with a password, below the path', async () => {
        const certificates = await makeCertificates();
        const { caFile, server } = certificates;
        await gateway.stop();
        gateway = await FakeGateway.start({ key: readFileSync(server.keyFile), cert: readFileSync(server.certFile) });
        workspace.write('tls/ca.crt', readFileSync(caFile, 'utf8'));
        const container = await open(pushing.takeOne(KIND, 'HTTPS, passwords and proxies').text, {
            PUSHGATEWAY_PASSWORD: 'p4ss',
        });
        await container.close('docs');
        await certificates.remove();

        const [request] = gateway.requests;
        expect(request?.path).toMatch(/^\/prefix\/metrics\/job\/my-service\/instance\//);
        expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('my-service:p4ss').toString('base64')}`);
    });
});

describe.each([
    { place: 'Pushing, Set up', text: variables?.text ?? '' },
    migration.takeOne(KIND, 'Configuration keys'),
])('$place, with environment variables', ({ text }) => {
    const address = () => ({
        PUSHGATEWAY_METRICS_SERVICE_HOST: '127.0.0.1',
        PUSHGATEWAY_METRICS_SERVICE_PORT: String(gateway.port),
    });

    test.each<Record<string, string>>([
        {},
        { PUSHGATEWAY_PROTOCOL: 'http', PROMETHEUS_PUSH_ENABLED: 'true', PROMETHEUS_INTERVAL: '60000' },
    ])('pushes to the address that they name (%j)', async (others) => {
        const container = await open(text, { ...address(), ...others });
        await container.close('docs');

        expect(gateway.requests).toHaveLength(1);
    });

    test('pushes at the interval that they name', async () => {
        await open(text, { ...address(), PROMETHEUS_INTERVAL: '1' });

        expect((await gateway.nextRequest()).body).toBe('# TYPE orders gauge\norders 2\n');
    });

    test('pushes nothing without them, and does not complain', async () => {
        const container = await open(text);
        await container.close('docs');

        expect(gateway.requests).toEqual([]);
        expect(workspace.errors).toBe('');
    });
});

test('with PROMETHEUS_PUSH_ENABLED=false nothing is pushed', async () => {
    const container = await open(variables?.text ?? '', {
        PUSHGATEWAY_METRICS_SERVICE_HOST: '127.0.0.1',
        PUSHGATEWAY_METRICS_SERVICE_PORT: String(gateway.port),
        PROMETHEUS_PUSH_ENABLED: 'false',
    });
    await container.close('docs');

    expect(gateway.requests).toEqual([]);
});

describe('Other metrics', () => {
    test('Metrics of the process: they come after the counters', async () => {
        await open(otherMetrics.takeOne(KIND, 'Metrics of the process').text);

        const names = [...otherMetrics.text.matchAll(/`((?:process|nodejs)_\w+)`/g)].map(([, name = '']) => name);
        expect(names.length).toBeGreaterThan(4);
        await eventually(async () => {
            // Garbage, as there are metrics of its collection only when there was one
            Array.from({ length: 100_000 }, () => ({}));
            const { body } = await get(8080, '/metrics');
            expect(body).toMatch(/^# TYPE orders gauge\n/);
            expect(names.filter((name) => !body.includes(`\n# TYPE ${name} `))).toEqual([]);
        });
        expect(workspace.errors).toBe('');
    });

    test('Metrics of prom-client: the default registry is exposed', async () => {
        new Gauge({ name: 'of_library', help: 'x' }).set(1);
        await open(otherMetrics.takeOne(KIND, 'Metrics of prom-client').text);

        expect((await get(8080, '/metrics')).body).toMatch(
            /\n# HELP of_library x\n# TYPE of_library gauge\nof_library 1\n$/
        );
        register.clear();
    });
});

test('no container configuration is left out', () => {
    expect(documents.left([KIND])).toEqual([]);
});
