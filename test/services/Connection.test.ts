import { once } from 'node:events';
import { connect, Server, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { Certificates, makeCertificates } from '../fixtures/certificates';
import { eventually } from '../fixtures/eventually';
import { Config, MetricsServer } from '../fixtures/MetricsServer';

const REQUEST = 'GET /metricsandreset HTTP/1.1\r\nhost: test\r\n';

let certificates: Certificates;
let server: MetricsServer;
/** The connection of the client at the side of the server. */
let served: Socket;
/** The same at the side of the client. */
let client: Socket;
/** What the client reads from and writes to: the connection, or the TLS on it. */
let stream: Socket;

beforeAll(async () => {
    certificates = await makeCertificates();
});

afterAll(() => certificates.remove());

afterEach(() => server.close());

function https(): Config {
    return {
        'connection.protocol': 'https',
        'credential.ssl_key_file': certificates.server.keyFile,
        'credential.ssl_crt_file': certificates.server.certFile,
    };
}

/** Sends a request for a reset, and waits until its answer is written. */
async function reset(endpoint: Config, headers: string): Promise<void> {
    server = await MetricsServer.start({ endpoint });
    server.counters.increment('orders', 5);
    const { protocol, port } = new URL(server.url);
    const listener = server.endpoint.getServer() as { readonly server: Server };
    const accepted = once(listener.server, protocol === 'https:' ? 'secureConnection' : 'connection');
    client = connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => undefined);
    stream = protocol === 'https:' ? connectTls({ socket: client, rejectUnauthorized: false }) : client.pause();
    stream.on('error', () => undefined);
    [served] = (await accepted) as [Socket];
    // As many applications do for their logs. Node remembers it
    expect(served.remoteAddress).toBe('127.0.0.1');
    stream.write(`${REQUEST}${headers}\r\n`);
    await eventually(() => {
        expect(server.counters.getAll()).toEqual([]);
        expect(served.writableLength).toBe(0);
    });
}

describe.each<[string, () => Config]>([
    ['http', () => ({})],
    ['https', https],
])('a client over %s that sends no more after its answer is written', (_, endpoint) => {
    test('and is gone a moment later without having read has not got it', async () => {
        await reset(endpoint(), '');
        const ended = once(served, 'end');
        client.end();
        await ended;
        client.resetAndDestroy();
        await eventually(() => {
            expect(server.counters.getAll()).toMatchObject([{ name: 'orders', count: 5 }]);
        });
    });

    test('and reads it has got it, and is told the end of the connection', async () => {
        await reset(endpoint(), '');
        const chunks: string[] = [];
        stream
            .on('data', (chunk: Buffer) => chunks.push(chunk.toString('latin1')))
            .resume()
            .end();
        await once(stream, 'close');
        expect(chunks.join('')).toContain('\norders 5\n');
        await eventually(() => {
            expect(served.closed).toBe(true);
        });
        expect(server.counters.getAll()).toEqual([]);
    });
});
