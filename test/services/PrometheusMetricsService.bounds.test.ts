import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { LogLevel } from 'pip-services3-components-nodex';

import { addBallast, isBallast } from '../fixtures/ballast';
import { eventually } from '../fixtures/eventually';
import type { HeapState } from '../fixtures/heapService';
import { httpRequest } from '../fixtures/httpRequest';
import { Config, MetricsServer } from '../fixtures/MetricsServer';
import { RawClient } from '../fixtures/RawClient';

const REGISTER = join(__dirname, '..', 'fixtures', 'registerTypeScript.cjs');
const RESET = '/metricsandreset';
const TEXT = '# TYPE a gauge\na 5\n';
const ENCODINGS: [string, Readonly<Record<string, string>>][] = [
    ['identity', {}],
    ['gzip', { 'accept-encoding': 'gzip' }],
];

let server: MetricsServer;

async function start(config: Config): Promise<void> {
    server = await MetricsServer.start({ config });
    server.counters.increment('a', 5);
}

afterEach(() => server.close());

/** The counts by name, without the ballast. */
function counts(): Record<string, number> {
    const counters = server.counters.getAll().filter((counter) => !isBallast(counter));
    return Object.fromEntries(counters.map(({ name, count }) => [name, count]));
}

function warnings(): string[] {
    return server.logger.lines.filter(({ level }) => level <= LogLevel.Warn).map(({ message }) => message);
}

describe('options.timeout', () => {
    test.each(ENCODINGS)('cuts a client that takes nothing, and undoes its reset, %s', async (_, headers) => {
        await start({ 'options.timeout': 300 });
        addBallast(server.counters);
        const client = await RawClient.connect(server.url);
        client.get(RESET, headers);
        await client.read();
        expect(counts()).toEqual({});
        const since = performance.now();
        await eventually(() => {
            expect(counts()).toEqual({ a: 5 });
        }, 5000);
        expect(performance.now() - since).toBeGreaterThan(250);
        expect((await client.readToEnd()).endsWith('\r\n0\r\n\r\n')).toBe(false);
        expect(warnings()).toEqual([
            'Cut the connection of a scrape: The client has taken nothing of its answer for 300 ms, see options.timeout',
        ]);
    });

    test('cuts a client that takes nothing of a scrape', async () => {
        await start({ 'options.timeout': 300 });
        addBallast(server.counters);
        const client = await RawClient.connect(server.url);
        client.get('/metrics');
        await client.read();
        await eventually(() => {
            expect(warnings()).toHaveLength(1);
        }, 5000);
        expect((await client.readToEnd()).endsWith('\r\n0\r\n\r\n')).toBe(false);
    });

    test('leaves a client alone that is slow but takes something', async () => {
        await start({ 'options.timeout': 1000 });
        addBallast(server.counters);
        const client = await RawClient.connect(server.url);
        client.get(RESET, { connection: 'close' });
        let length = 0;
        // Longer than the timeout. The system tells the server only now and then, by some MB, that there is room again
        for (let round = 0; round < 20; round++) {
            length += (await client.read(512 * 1024)).length;
            await sleep(120);
        }
        expect((await client.readToEnd()).endsWith('\r\n0\r\n\r\n')).toBe(true);
        expect(length).toBe(20 * 512 * 1024);
        expect(counts()).toEqual({});
        expect(warnings()).toEqual([]);
    });

    test('does not count the time for which the process itself was busy', async () => {
        await start({ 'options.timeout': 300 });
        addBallast(server.counters);
        const body = httpRequest(`${server.url}/metrics`);
        for (let round = 0; round < 3; round++) {
            await sleep(5);
            for (const end = performance.now() + 400; performance.now() < end;);
        }
        expect((await body).status).toBe(200);
    });

    test.each([0, 1e15])('%d does not cut a client that soon reads on: 0 is the default', async (timeout) => {
        await start({ 'options.timeout': timeout });
        addBallast(server.counters);
        const client = await RawClient.connect(server.url);
        client.get(RESET, { connection: 'close' });
        await client.read();
        await sleep(500);
        expect((await client.readToEnd()).endsWith('\r\n0\r\n\r\n')).toBe(true);
    });
});

describe('options.max_scrapes', () => {
    async function stall(count: number): Promise<RawClient[]> {
        addBallast(server.counters);
        const clients = await Promise.all(Array.from({ length: count }, () => RawClient.connect(server.url)));
        for (const client of clients) {
            client.get('/metrics');
            await client.read();
        }
        return clients;
    }

    test('answers 503 to one more, clears nothing, and answers again when there is room', async () => {
        await start({ 'options.max_scrapes': 2 });
        const [first] = await stall(2);
        for (const path of ['/metrics', RESET]) {
            const { status, headers, body } = await httpRequest(server.url + path);
            expect([status, headers['retry-after'], body.toString()]).toEqual([
                503,
                '1',
                'No further scrape can be answered now, try again later\n',
            ]);
        }
        expect(counts()).toEqual({ a: 5 });
        first?.hangUp();
        await eventually(async () => {
            expect((await httpRequest(`${server.url}/metrics`, {}, 'HEAD')).status).toBe(200);
        }, 5000);
    });

    test('0 is any number', async () => {
        await start({ 'options.max_scrapes': 0 });
        await stall(101);
        expect((await httpRequest(`${server.url}/metrics`, {}, 'HEAD')).status).toBe(200);
    });

    test('is 100 if it is not configured', async () => {
        await start({});
        await stall(100);
        expect((await httpRequest(`${server.url}/metrics`, {}, 'HEAD')).status).toBe(503);
    });
});

describe('requests that wait on one connection', () => {
    test('are 16 at most, and resets among them are undone', async () => {
        await start({});
        const client = await RawClient.connect(server.url);
        client.get(Array.from({ length: 18 }, () => RESET));
        expect((await client.readToEnd()).split('HTTP/1.1 200').length).toBeLessThan(18);
        await eventually(() => {
            expect(counts()).toEqual({ a: 5 });
        }, 5000);
        expect((await httpRequest(server.url + RESET)).body.toString()).toBe(TEXT);
    });

    // The process of the service has a heap of 128 MB, which 1.1.0 needs six times
    test('are 60,000 on one connection that is not read: the service lives, and its heap stays', async () => {
        await start({});
        const service = fork(join(__dirname, '..', 'fixtures', 'heapService'), {
            execArgv: ['--expose-gc', '--max-old-space-size=128', '--require', REGISTER],
        });
        try {
            const [{ url, heap: before }] = (await once(service, 'message')) as [HeapState];
            const client = await RawClient.connect(url);
            client.get(Array.from({ length: 60_000 }, () => '/metrics'));
            await sleep(500);
            expect((await httpRequest(`${url}/metrics`)).body.toString()).toBe(TEXT);
            service.send('heap');
            const [{ heap: after }] = (await once(service, 'message')) as [HeapState];
            expect(after - before).toBeLessThan(16 * 1024 * 1024);
            client.hangUp();
        } finally {
            service.kill();
        }
    }, 60_000);
});

describe('close()', () => {
    test.each(ENCODINGS)(
        'cuts a scrape that stalls, and undoes its reset before it resolves, %s',
        async (_, headers) => {
            await start({});
            addBallast(server.counters);
            const client = await RawClient.connect(server.url);
            client.get(RESET, headers);
            await client.read();
            expect(counts()).toEqual({});
            const since = performance.now();
            await server.service.close('test');
            expect(performance.now() - since).toBeLessThan(2000);
            expect(counts()).toEqual({ a: 5 });
        }
    );

    test('undoes a reset whose answer is written, and that nobody reads', async () => {
        await start({});
        const client = await RawClient.connect(server.url);
        client.get(RESET);
        await eventually(() => {
            expect(counts()).toEqual({});
        });
        await server.service.close('test');
        expect(counts()).toEqual({ a: 5 });
    });

    test('leaves a reset done whose client keeps the connection, but notices its end', async () => {
        await start({});
        const client = await RawClient.connect(server.url);
        client.get(RESET);
        await client.readUntil(TEXT);
        // It reads on, as clients do that wait for the end of a connection
        const end = client.readToEnd();
        await server.service.close('test');
        expect(await end).toBe('');
        expect(counts()).toEqual({});
    });
});
