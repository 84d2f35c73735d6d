import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, TLSSocket } from 'node:tls';

import { Certificates, makeCertificates } from '../fixtures/certificates';
import { eventually } from '../fixtures/eventually';
import { MetricsServer } from '../fixtures/MetricsServer';

const TEXT = '# TYPE a gauge\na 5\n';

const UNTRUSTED = { rejectUnauthorized: false };

let certificates: Certificates;
let server: MetricsServer;

beforeAll(async () => {
    certificates = await makeCertificates();
});

afterAll(() => certificates.remove());

beforeEach(async () => {
    server = await MetricsServer.start({
        config: { 'options.timeout': 300 },
        endpoint: {
            'connection.protocol': 'https',
            'credential.ssl_key_file': certificates.server.keyFile,
            'credential.ssl_crt_file': certificates.server.certFile,
        },
    });
    server.counters.increment('a', 5);
});

afterEach(() => server.close());

/** Sends a request for a reset. Nothing is read yet. */
async function reset(headers = '', raw?: Socket): Promise<TLSSocket> {
    const address = { port: Number(new URL(server.url).port), host: '127.0.0.1' };
    const socket = connect({ ...(raw === undefined ? address : { socket: raw.connect(address) }), ...UNTRUSTED });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    socket.pause();
    socket.write(`GET /metricsandreset HTTP/1.1\r\nhost: test\r\n${headers}\r\n`);
    return socket;
}

async function readText(socket: TLSSocket): Promise<void> {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString())).resume();
    await eventually(() => {
        expect(text).toContain(TEXT);
    }, 5000);
}

async function expectCounts(counts: readonly number[]): Promise<void> {
    await eventually(() => {
        expect(server.counters.getAll().map(({ count }) => count)).toEqual(counts);
    }, 5000);
}

describe.each([
    ['that is kept', ''],
    ['that is to be closed', 'connection: close\r\n'],
])('over TLS, a reset on a connection %s', (_, headers) => {
    test('is done if its client reads it and closes', async () => {
        const socket = await reset(headers);
        await readText(socket);
        socket.destroy();
        await server.service.close('test');
        await expectCounts([]);
    });

    test('is undone if its connection is reset', async () => {
        const raw = new Socket();
        await reset(headers, raw);
        await expectCounts([]);
        raw.resetAndDestroy();
        await expectCounts([5]);
    });

    test('is done if its client reads just that, and leaves the end of TLS unread', async () => {
        const socket = await reset(headers);
        await readText(socket);
        // From now on nothing is taken from the system
        socket.pause();
        await sleep(100);
        socket.destroy();
        await sleep(100);
        await expectCounts([]);
    });

    test('is undone if its client has gone while the process was busy', async () => {
        const socket = await reset(headers);
        socket.end();
        socket.destroy();
        for (const end = performance.now() + 300; performance.now() < end;);
        await once(socket, 'close');
        await expectCounts([5]);
    });
});

test('over TLS, a reset that stalls is cut and undone', async () => {
    for (let index = 0; index < 32; index++) server.counters.last(`b${index}${'x'.repeat(200_000)}`, 1);
    await reset();
    await eventually(() => {
        expect(server.counters.getAll()).toEqual([]);
    }, 5000);
    await eventually(() => {
        expect(server.counters.getAll()).toHaveLength(33);
    }, 5000);
});
