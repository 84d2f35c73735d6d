import { readFile } from 'node:fs/promises';

import { ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src/count';
import { Certificates, makeCertificates } from '../fixtures/certificates';
import { eventually } from '../fixtures/eventually';
import { FakeGateway } from '../fixtures/FakeGateway';
import { FakeProxy } from '../fixtures/FakeProxy';
import { RecordingLogger } from '../fixtures/RecordingLogger';

const VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);

const saved = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
let certificates: Certificates;
let proxy: FakeProxy;
let gateway: FakeGateway;
let counters: PrometheusCounters;
let logger: RecordingLogger;

beforeAll(async () => {
    certificates = await makeCertificates();
});

afterAll(() => certificates.remove());

beforeEach(async () => {
    VARIABLES.forEach((name) => Reflect.deleteProperty(process.env, name));
    proxy = await FakeProxy.start();
    gateway = await FakeGateway.start();
    logger = new RecordingLogger();
});

afterEach(async () => {
    await counters.close('test');
    await Promise.all([gateway.stop(), proxy.stop()]);
    for (const [name, value] of Object.entries(saved)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
    }
});

async function useTls(): Promise<void> {
    await gateway.stop();
    const { keyFile, certFile } = certificates.server;
    gateway = await FakeGateway.start({ key: await readFile(keyFile), cert: await readFile(certFile) });
}

/** Pushes twice, the second time by close(). */
async function push(config: Record<string, unknown> = {}): Promise<void> {
    counters = new PrometheusCounters();
    const defaults = {
        'connection.uri': gateway.uri,
        'credential.ssl_ca_file': certificates.caFile,
        'options.retries': 0,
        source: 'j',
        instance: '',
        interval: 0,
    };
    counters.configure(ConfigParams.fromTuples(...Object.entries({ ...defaults, ...config }).flat()));
    counters.setReferences(References.fromTuples(new Descriptor('test', 'logger', 'recording', '*', '1.0'), logger));
    await counters.open('test');
    counters.increment('a');
    counters.dump();
    await eventually(() => {
        expect(gateway.requests.length + logger.lines.length).toBe(1);
    });
    counters.increment('a');
    await counters.close('test');
}

function received(): string[] {
    return gateway.requests.map(
        ({ method, path, headers, body }) => `${method} ${path} ${headers.host} ${body.length}`
    );
}

/** What the gateway gets by way of a proxy as without one. */
function expectBoth(): void {
    const line = `PUT /metrics/job/j 127.0.0.1:${gateway.port} ${'# TYPE a gauge\na 1\n'.length}`;
    expect(received()).toEqual([line, line]);
    expect(logger.lines).toEqual([]);
}

describe('http', () => {
    test.each(['http_proxy', 'HTTP_PROXY'])('goes by %s', async (name) => {
        process.env[name] = proxy.uri();
        await push();
        expectBoth();
        const line = `PUT ${gateway.uri}/metrics/job/j`;
        expect(proxy.requests).toEqual([line, line]);
        expect(proxy.authorizations).toEqual([undefined, undefined]);
    });

    test('shows the proxy its user, and the gateway its own', async () => {
        process.env.http_proxy = proxy.uri('u%40:p%20');
        await push({ 'credential.access_key': 'k' });
        expectBoth();
        const authorization = `Basic ${Buffer.from('u@:p ').toString('base64')}`;
        expect(proxy.authorizations).toEqual([authorization, authorization]);
        expect(gateway.requests[0]?.headers).toMatchObject({ authorization: 'Bearer k' });
        expect(gateway.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
    });

    test.each(['no_proxy', 'NO_PROXY'])('is direct with %s', async (name) => {
        process.env.http_proxy = proxy.uri();
        process.env[name] = 'x, 127.0.0.1';
        await push();
        expectBoth();
        expect(proxy.requests).toEqual([]);
    });

    test('is direct without push by way of https_proxy', async () => {
        process.env.https_proxy = proxy.uri();
        await push();
        expectBoth();
        expect(proxy.requests).toEqual([]);
    });
});

describe('https', () => {
    beforeEach(useTls);

    test.each(['https_proxy', 'HTTPS_PROXY'])('goes through a tunnel by %s', async (name) => {
        process.env[name] = proxy.uri('u:p');
        await push();
        expectBoth();
        const line = `CONNECT 127.0.0.1:${gateway.port}`;
        expect(proxy.requests).toEqual([line, line]);
        expect(proxy.authorizations).toEqual(['Basic dTpw', 'Basic dTpw']);
    });

    test('does not trust whom it would not trust without a proxy', async () => {
        process.env.https_proxy = proxy.uri();
        await push({ 'credential.ssl_ca_file': '' });
        expect(received()).toEqual([]);
        expect(logger.lines).toMatchObject([{ error: { cause: expect.stringMatching(/certificate/) as string } }]);
    });

    test('checks the name of the gateway, not of the proxy', async () => {
        process.env.https_proxy = proxy.uri();
        await push({ 'connection.uri': gateway.uri.replace('127.0.0.1', 'gateway.test') });
        expect(received()).toEqual([]);
        expect(proxy.requests[0]).toBe(`CONNECT gateway.test:${gateway.port}`);
        expect(logger.lines).toMatchObject([
            {
                error: {
                    cause: expect.stringMatching(/Host: gateway\.test\. is not in the cert's altnames/) as string,
                },
            },
        ]);
    });

    test('a proxy that refuses the tunnel is a failure with its status, and without its password', async () => {
        process.env.https_proxy = proxy.uri('u:s3cret');
        proxy.tunnels = 407;
        await push();
        expect(logger.lines).toHaveLength(1);
        expect(logger.lines[0]?.error).toMatchObject({
            code: 'NO_RESPONSE',
            cause: 'The proxy answered CONNECT with status 407',
        });
        expect(JSON.stringify(logger.lines)).not.toContain('s3cret');
    });

    test('a proxy that does not answer is left in time', async () => {
        process.env.https_proxy = proxy.uri();
        proxy.tunnels = 'hang';
        await push({ 'options.connect_timeout': 50 });
        expect(logger.lines).toMatchObject([
            { error: { cause: 'Connecting took longer than options.connect_timeout, 50 ms' } },
        ]);
    });

    test('a proxy that is not there is a failure', async () => {
        process.env.https_proxy = proxy.uri();
        const { host } = proxy;
        await proxy.stop();
        await push();
        expect(logger.lines).toMatchObject([{ error: { cause: `connect ECONNREFUSED ${host}` } }]);
        proxy = await FakeProxy.start();
    });
});

test('a proxy of another kind is one warning, without its password', async () => {
    process.env.http_proxy = 'socks5://u:s3cret@127.0.0.1:1';
    await push();
    expect(logger.lines.map(({ message }) => message)).toEqual([
        "Counters are not pushed: The environment's http_proxy must be like http://host:3128",
    ]);
});
