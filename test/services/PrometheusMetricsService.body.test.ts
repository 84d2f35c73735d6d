import { once } from 'node:events';
import { IncomingMessage, request, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';

// Large bodies take their time on a busy machine
jest.setTimeout(60_000);

/** More than fits into what the operating system buffers for a connection, so that the client has to read. */
const MANY = 150_000;

const GZIP = { 'accept-encoding': 'gzip' };
const OPEN_METRICS = { accept: 'application/openmetrics-text' };

let server: MetricsServer;

beforeAll(async () => {
    server = await MetricsServer.start({ config: { source: '', instance: '' } });
});

afterAll(() => server.close());

afterEach(() => {
    server.counters.clearAll();
});

/** Reads a response with pauses, so that the server has to wait. What is to happen meanwhile happens at its start. */
async function readSlowly(headers: Record<string, string>, meanwhile?: () => void): Promise<Buffer> {
    const outgoing = request(`${server.url}/metrics`, { headers, agent: false }).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    meanwhile?.();
    const chunks: Buffer[] = [];
    let pauses = 20;
    for await (const chunk of response) {
        chunks.push(chunk as Buffer);
        if (pauses-- > 0) await sleep(10);
    }
    return Buffer.concat(chunks);
}

/** What is used of restify's server. */
interface PreparedServer {
    pre(handler: (req: IncomingMessage, res: ServerResponse, next: () => void) => void): void;
}

describe('a small body', () => {
    beforeEach(() => {
        server.counters.increment('shop.b\u00fcy.exec_count', 3);
    });

    test('has its length in bytes', async () => {
        const { headers, body } = await httpRequest(`${server.url}/metrics`);

        const expected = '# TYPE exec_count gauge\nexec_count{service="shop",command="b\u00fcy"} 3\n';
        expect(body.toString()).toBe(expected);
        expect(headers['content-length']).toBe(`${expected.length + 1}`);
        expect(headers).not.toHaveProperty('transfer-encoding');
        expect(headers).not.toHaveProperty('content-encoding');
    });

    test('leaves the headers as others have set them', async () => {
        const restify = server.endpoint.getServer() as PreparedServer;
        restify.pre((_req, res, next) => {
            res.setHeader('x-name', 'caf\u00e9');
            next();
        });
        const { headers } = await httpRequest(`${server.url}/metrics`);

        expect(headers['x-name']).toBe('caf\u00e9');
    });

    test('that is empty has the length 0', async () => {
        server.counters.clearAll();
        const { headers, body } = await httpRequest(`${server.url}/metrics`);

        expect([headers['content-length'], body.length]).toEqual(['0', 0]);
    });

    test('that is empty can be compressed', async () => {
        server.counters.clearAll();
        const { headers, body } = await httpRequest(`${server.url}/metrics`, GZIP);

        expect(headers['content-encoding']).toBe('gzip');
        expect(gunzipSync(body)).toHaveLength(0);
    });
});

describe('a large body', () => {
    beforeEach(() => {
        for (let i = 0; i < MANY; i++) server.counters.increment(`shop.command_${i}.exec_count`, i);
    });

    function expected(): string {
        let lines = '# TYPE exec_count gauge\n';
        for (let i = 0; i < MANY; i++) lines += `exec_count{service="shop",command="command_${i}"} ${i}\n`;
        return lines;
    }

    test('comes in chunks', async () => {
        const { headers, body } = await httpRequest(`${server.url}/metrics`);

        expect(headers['transfer-encoding']).toBe('chunked');
        expect(headers).not.toHaveProperty('content-length');
        expect(body.toString() === expected()).toBe(true);
    });

    test('of HEAD is not sent', async () => {
        const { headers, body } = await httpRequest(`${server.url}/metrics`, {}, 'HEAD');

        expect(headers).not.toHaveProperty('content-length');
        expect(body).toHaveLength(0);
    });

    test('is compressed to much less', async () => {
        const { headers, body } = await httpRequest(`${server.url}/metrics`, GZIP);

        expect(headers['content-encoding']).toBe('gzip');
        expect(headers).not.toHaveProperty('content-length');
        expect(gunzipSync(body).toString() === expected()).toBe(true);
        expect(body.length).toBeLessThan(expected().length / 4);
    });

    test('ends in # EOF in OpenMetrics', async () => {
        const identity = await httpRequest(`${server.url}/metrics`, OPEN_METRICS);
        const compressed = await httpRequest(`${server.url}/metrics`, { ...OPEN_METRICS, ...GZIP });

        const whole = `${expected()}# EOF\n`;
        expect(identity.body.toString() === whole).toBe(true);
        expect(gunzipSync(compressed.body).toString() === whole).toBe(true);
    });

    test('comes whole to a client that reads slowly', async () => {
        expect((await readSlowly({})).toString() === expected()).toBe(true);
    });

    test('comes whole to a client that reads slowly and decompresses', async () => {
        expect(gunzipSync(await readSlowly(GZIP)).toString() === expected()).toBe(true);
    });

    test('shows one moment, whatever is recorded and cleared while a client reads', async () => {
        const body = await readSlowly({}, () => {
            server.counters.increment(`shop.command_${MANY - 1}.exec_count`, 1_000_000);
            server.counters.increment('later', 1);
            server.counters.clearAll();
        });

        expect(body.toString() === expected()).toBe(true);
    });
});

describe('Accept-Encoding', () => {
    test.each([
        ['gzip', 'gzip'],
        ['gzip, deflate, br', 'gzip'],
        ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'gzip'],
        ['identity', undefined],
        ['br', undefined],
        ['gzip;q=0', undefined],
        ['', undefined],
    ])('%j is answered with %j', async (accepted, encoding) => {
        server.counters.increment('orders', 3);
        const { headers, body } = await httpRequest(`${server.url}/metrics`, { 'accept-encoding': accepted });

        expect(headers['content-encoding']).toBe(encoding);
        expect(headers.vary).toMatch(/^origin,[a-z,-]+, Accept, Accept-Encoding$/);
        expect((encoding === 'gzip' ? gunzipSync(body) : body).toString()).toBe('# TYPE orders gauge\norders 3\n');
    });
});
