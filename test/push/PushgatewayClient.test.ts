import { once } from 'node:events';
import { AddressInfo, createServer, Server, Socket } from 'node:net';

import { ApplicationException, ConnectionException, InvocationException } from 'pip-services3-commons-nodex';
import { CredentialParams } from 'pip-services3-components-nodex';

import { GatewayConnection, PushgatewayClient } from '../../src/push/PushgatewayClient';
import { TlsFiles } from '../../src/push/TlsFiles';
import { Certificates, makeCertificates } from '../fixtures/certificates';
import { FakeGateway, GatewayAnswer } from '../fixtures/FakeGateway';

const PATH = '/metrics/job/j/instance/h%3A9';
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const BODY = Buffer.from('# TYPE a gauge\na{x="€"} 1\n');

const clients: PushgatewayClient[] = [];
let gateway: FakeGateway;

beforeEach(async () => {
    gateway = await FakeGateway.start();
});

afterEach(async () => {
    clients.splice(0).forEach((client) => client.close());
    await gateway.stop();
});

function connect(connection: Partial<GatewayConnection> = {}, path = PATH): PushgatewayClient {
    const defaults = {
        uri: gateway.uri,
        authorization: null,
        tls: null,
        proxy: null,
        connectTimeout: 10000,
        timeout: 10000,
    };
    const client = new PushgatewayClient({ ...defaults, ...connection }, path);
    clients.push(client);
    return client;
}

async function failureOf(request: Promise<void>): Promise<ApplicationException> {
    const error: unknown = await request.then(
        () => null,
        (reason: unknown) => reason
    );
    expect(error).toBeInstanceOf(ApplicationException);
    return error as ApplicationException;
}

async function expectNoResponse(client: PushgatewayClient, reason: string | RegExp): Promise<void> {
    const error = await failureOf(client.put(TYPE, BODY));
    expect(error).toBeInstanceOf(ConnectionException);
    expect(error).toMatchObject({ code: 'NO_RESPONSE', details: { method: 'PUT', url: client.url } });
    expect(error.cause).toMatch(reason);
    expect(error.message).toBe(`PUT ${client.url} got no response: ${error.cause}`);
}

describe('a request', () => {
    test('puts the text', async () => {
        await connect().put(TYPE, BODY);

        const { method, path, body, headers } = await gateway.nextRequest();
        expect({ method, path, body }).toEqual({ method: 'PUT', path: PATH, body: '# TYPE a gauge\na{x="€"} 1\n' });
        expect(headers).toEqual({
            host: `127.0.0.1:${gateway.port}`,
            connection: 'keep-alive',
            'content-type': 'text/plain; version=0.0.4; charset=utf-8',
            'content-length': '28',
        });
    });

    test('deletes the group', async () => {
        gateway.answer = { status: 202 };
        await connect().delete();

        const { method, path, body, headers } = await gateway.nextRequest();
        expect({ method, path, body }).toEqual({ method: 'DELETE', path: PATH, body: '' });
        expect(headers).not.toHaveProperty('content-type');
    });

    test('keeps the path prefix', async () => {
        const client = connect({ uri: `${gateway.uri}/push/gate%20way` }, '/metrics/job@base64/YS9i');
        await client.put(TYPE, BODY);

        expect(client.url).toBe(`${gateway.uri}/push/gate%20way/metrics/job@base64/YS9i`);
        expect((await gateway.nextRequest()).path).toBe('/push/gate%20way/metrics/job@base64/YS9i');
    });

    test('carries the authorization', async () => {
        await connect({ authorization: 'Bearer abc' }).put(TYPE, BODY);
        expect((await gateway.nextRequest()).headers.authorization).toBe('Bearer abc');
    });

    test.each([200, 202, 204, 299])('succeeds with status %d', async (status) => {
        gateway.answer = { status };
        await expect(connect().put(TYPE, BODY)).resolves.toBeUndefined();
    });
});

describe('a status other than 2xx', () => {
    test.each([400, 401, 404, 408, 429, 500, 503])('%d fails with all that is known', async (status) => {
        gateway.answer = { status, body: 'what is\r\n\twrong \u001b[31m here\n' };
        const client = connect({ authorization: 'Basic c2VjcmV0' });
        const error = await failureOf(client.put(TYPE, BODY));

        const url = gateway.uri + PATH;
        expect(error).toBeInstanceOf(InvocationException);
        expect(error).toMatchObject({
            code: 'BAD_STATUS',
            status,
            message: `PUT ${url} got status ${status}: what is wrong [31m here`,
            details: { method: 'PUT', url, body: 'what is wrong [31m here' },
        });
    });

    test('is one that redirects, too, and is not followed', async () => {
        gateway.answer = { status: 307, headers: { location: '/elsewhere' } };
        const error = await failureOf(connect().delete());

        expect(error.message).toBe(`DELETE ${gateway.uri}${PATH} got status 307`);
        expect(gateway.requests).toHaveLength(1);
    });

    test('fails with no more than the start of a long body', async () => {
        gateway.answer = { status: 400, body: '€'.repeat(100_000), endless: true };
        const error = await failureOf(connect().put(TYPE, BODY));
        expect(error.details).toMatchObject({ body: '€'.repeat(512) });
    });

    test('fails with what has arrived of a body that does not end in time', async () => {
        gateway.answer = { status: 500, body: 'it begins', endless: true };
        const error = await failureOf(connect({ timeout: 100 }).put(TYPE, BODY));
        expect(error).toMatchObject({ code: 'BAD_STATUS', status: 500, details: { body: 'it begins' } });
    });

    test('leaves the client usable', async () => {
        gateway.answerNext({ status: 400, body: '€'.repeat(100_000) }, { status: 500 });
        const client = connect();
        await failureOf(client.put(TYPE, BODY));
        await failureOf(client.put(TYPE, BODY));
        await client.put(TYPE, BODY);
        expect(gateway.requests).toHaveLength(3);
    });
});

describe('no response', () => {
    test('fails when the connection is refused', async () => {
        await gateway.stop();
        await expectNoResponse(connect(), `connect ECONNREFUSED 127.0.0.1:${gateway.port}`);
    });

    test('fails when the connection to each address of a host is refused', async () => {
        await gateway.stop();
        await expectNoResponse(connect({ uri: `http://localhost:${gateway.port}` }), /ECONNREFUSED/);
    });

    test('fails when the connection breaks', async () => {
        gateway.answer = 'break';
        await expectNoResponse(connect(), 'socket hang up');
    });

    test('fails when the gateway hangs', async () => {
        gateway.answer = 'hang';
        await expectNoResponse(connect({ timeout: 100 }), 'The request took longer than options.timeout, 100 ms');
    });

    test('fails when the client is closed meanwhile', async () => {
        gateway.answer = 'hang';
        const client = connect();
        const failed = expectNoResponse(client, 'The client is closed');
        await gateway.nextRequest();
        client.close();
        await failed;
    });

    test.each<[string, GatewayAnswer]>([
        ['refused', { status: 503 }],
        ['broken', 'break'],
    ])('is followed by a success when the gateway is back after it was %s', async (_title, answer) => {
        gateway.answerNext(answer);
        const client = connect();
        await failureOf(client.put(TYPE, BODY));
        await gateway.stop();
        await failureOf(client.put(TYPE, BODY));
        await gateway.restart();
        await client.put(TYPE, BODY);
        expect(gateway.requests).toHaveLength(2);
    });
});

describe('a gateway that accepts connections and never says a word', () => {
    let silent: Server;
    let uri: string;

    beforeEach(async () => {
        silent = createServer((socket) => socket.resume().on('error', () => undefined)).listen(0, '127.0.0.1');
        await once(silent, 'listening');
        // With https the connection is not made before the gateway speaks
        uri = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    });

    afterEach(async () => {
        silent.close();
        await once(silent, 'close');
    });

    test.each<[string, Partial<GatewayConnection>]>([
        ['Connecting took longer than options.connect_timeout, 100 ms', { connectTimeout: 100 }],
        ['The request took longer than options.timeout, 100 ms', { timeout: 100 }],
    ])('fails: %s', async (reason, limits) => {
        await expectNoResponse(connect({ uri, ...limits }), reason);
    });

    test('is left at once when the client is closed', async () => {
        const client = connect({ uri });
        const failed = expectNoResponse(client, 'The client is closed');
        const [socket] = (await once(silent, 'connection')) as [Socket];
        const left = once(socket, 'close');
        client.close();
        await failed;
        await left;
    });
});

test('ends each connection when the client is closed', async () => {
    const client = connect();
    await client.put(TYPE, BODY);
    const closed = gateway.nextDisconnect();
    client.close();
    await closed;
});

describe('TLS', () => {
    let certificates: Certificates;
    let tlsGateway: FakeGateway | undefined;

    beforeAll(async () => {
        certificates = await makeCertificates();
    });

    afterAll(() => certificates.remove());

    afterEach(() => tlsGateway?.stop());

    async function startTls(mutual: boolean): Promise<FakeGateway> {
        const { caFile, server } = certificates;
        tlsGateway = await FakeGateway.start({
            ...(await read({ ca: caFile, key: server.keyFile, crt: server.certFile }))?.options,
            requestCert: mutual,
            rejectUnauthorized: mutual,
        });
        return tlsGateway;
    }

    function read(paths: Readonly<Record<string, string>>): Promise<TlsFiles | null> {
        const entries = Object.entries(paths).map(([name, path]) => [`ssl_${name}_file`, path]);
        return TlsFiles.read(new CredentialParams(Object.fromEntries(entries)));
    }

    test.each(['127.0.0.1', 'localhost'])('trusts the given CA for %s', async (host) => {
        const server = await startTls(false);
        const uri = `https://${host}:${server.port}`;
        await connect({ uri, tls: await read({ ca: certificates.caFile }) }).put(TYPE, BODY);
        expect((await server.nextRequest()).body).toBe(BODY.toString());
    });

    test("trusts nobody but the system's CAs by default", async () => {
        const server = await startTls(false);
        const error = await failureOf(connect({ uri: server.uri }).put(TYPE, BODY));
        expect(error).toMatchObject({ code: 'NO_RESPONSE', cause: expect.stringMatching(/certificate/) as string });
        expect(server.requests).toEqual([]);
    });

    test('shows the certificate of the client', async () => {
        const server = await startTls(true);
        const { caFile, client } = certificates;
        const tls = await read({ ca: caFile, key: client.keyFile, crt: client.certFile });
        await connect({ uri: server.uri, tls }).put(TYPE, BODY);
        expect((await server.nextRequest()).client).toBe('test-client');
    });

    test('is refused without a certificate by a gateway that wants one', async () => {
        const server = await startTls(true);
        const error = await failureOf(
            connect({ uri: server.uri, tls: await read({ ca: certificates.caFile }) }).put(TYPE, BODY)
        );
        expect(error).toMatchObject({ code: 'NO_RESPONSE' });
        expect(server.requests).toEqual([]);
    });
});
