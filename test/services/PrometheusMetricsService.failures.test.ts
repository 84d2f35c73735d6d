import { Socket } from 'node:net';

import { LogLevel } from 'pip-services3-components-nodex';

import { Renderer } from '../../src/exposition/Renderer';
import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';
import { RawClient } from '../fixtures/RawClient';

const ROUTES = ['/metrics', '/metricsandreset'];
const ENCODINGS = ['identity', 'gzip'];
const CASES = ROUTES.flatMap((route) => ENCODINGS.map((encoding) => [route, encoding] as const));

/** As much as is sent in one chunk, and hard to compress. */
const CHUNK = Array.from({ length: 12_000 }, (_, i) => Math.sin(i).toString(36)).join('');

let server: MetricsServer;

beforeEach(async () => {
    server = await MetricsServer.start({ config: { source: '', instance: '' } });
    server.counters.increment('orders', 3);
    server.counters.stats('sizes', 7);
    server.logger.lines.length = 0;
});

afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
});

function stored(): unknown[] {
    return server.counters.getAll().map(({ name, count, max }) => [name, count, max]);
}

function failRendering(render: () => Generator<string>): void {
    jest.spyOn(Renderer.prototype, 'render').mockImplementation(render);
}

/** The log of a failed request: one error with its reason. */
function expectLogged(reason: string): void {
    expect(server.logger.lines).toMatchObject([
        { level: LogLevel.Error, correlationId: 'prometheus-metrics', error: { message: reason } },
    ]);
}

async function expectWorking(): Promise<void> {
    jest.restoreAllMocks();
    const { status, body } = await httpRequest(`${server.url}/metrics`);
    expect(status).toBe(200);
    expect(body.toString()).toContain('orders 3\n');
    expect(stored()).toEqual([
        ['orders', 3, undefined],
        ['sizes', 1, 7],
    ]);
}

describe('counters that cannot be read', () => {
    test.each(ROUTES)('%s answers 500 with no reason, and clears nothing', async (route) => {
        jest.spyOn(server.counters, 'getAll').mockImplementation(() => {
            throw new Error('the store is gone');
        });
        const { status, headers, body } = await httpRequest(server.url + route);

        expect({ status, type: headers['content-type'], length: headers['content-length'] }).toEqual({
            status: 500,
            type: 'text/plain; charset=utf-8',
            length: '31',
        });
        expect(body.toString()).toBe('The scrape failed, see the log\n');
        expectLogged('the store is gone');
        await expectWorking();
    });

    test('HEAD answers 500 too', async () => {
        jest.spyOn(server.counters, 'getAll').mockImplementation(() => {
            throw new Error('the store is gone');
        });
        const { status, body } = await httpRequest(`${server.url}/metrics`, {}, 'HEAD');

        expect([status, body.length]).toEqual([500, 0]);
    });
});

describe('counters that cannot be cleared', () => {
    test('are answered with 500, and stay', async () => {
        jest.spyOn(server.counters, 'clearAll').mockImplementation(() => {
            throw new Error('the store is locked');
        });
        const { status, body } = await httpRequest(`${server.url}/metricsandreset`);

        expect([status, body.toString()]).toEqual([500, 'The scrape failed, see the log\n']);
        await expectWorking();
    });
});

describe('a text that fails', () => {
    test.each(ROUTES)('at its start: %s answers 500, and clears nothing', async (route) => {
        // eslint-disable-next-line require-yield -- it fails before
        failRendering(function* () {
            throw new Error('no text');
        });
        const { status, body } = await httpRequest(server.url + route);

        expect([status, body.toString()]).toEqual([500, 'The scrape failed, see the log\n']);
        expectLogged('no text');
        await expectWorking();
    });

    test.each(CASES)('in the middle: %s in %s is cut, and clears nothing', async (route, encoding) => {
        failRendering(function* () {
            for (let i = 0; i < 20; i++) yield CHUNK;
            throw new Error('half a text');
        });

        await expect(httpRequest(server.url + route, { 'accept-encoding': encoding })).rejects.toThrow('aborted');
        expectLogged('half a text');
        await expectWorking();
    });

    test('in the middle, of HTTP/1.0: the connection is reset, as its end would be the end of the body', async () => {
        failRendering(function* () {
            for (let i = 0; i < 20; i++) yield CHUNK;
            throw new Error('half a text');
        });
        const reset = jest.spyOn(Socket.prototype, 'resetAndDestroy');
        const client = await RawClient.connect(server.url);
        client.send('GET /metricsandreset HTTP/1.0\r\n\r\n');
        await client.readToEnd();
        // The client's own Node takes a RST that comes along with bytes for an end
        expect(reset).toHaveBeenCalledTimes(1);
        await expectWorking();
    });

    test.each(CASES)('soon: %s in %s does not look whole, and clears nothing', async (route, encoding) => {
        failRendering(function* () {
            yield CHUNK;
            throw new Error('half a text');
        });
        const outcome = await httpRequest(server.url + route, { 'accept-encoding': encoding }).then(
            ({ status }) => status,
            (error: unknown) => (error as NodeJS.ErrnoException).code
        );

        expect([500, 'ECONNRESET']).toContain(outcome);
        expectLogged('half a text');
        await expectWorking();
    });
});
