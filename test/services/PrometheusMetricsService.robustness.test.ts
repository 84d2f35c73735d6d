import { once } from 'node:events';
import { AddressInfo, createServer, Server } from 'node:net';

import { ConfigParams, ConnectionException, Descriptor, References } from 'pip-services3-commons-nodex';
import { LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { PrometheusMetricsService } from '../../src/services';
import { addBallast, isBallast } from '../fixtures/ballast';
import { freePort } from '../fixtures/freePort';
import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';
import { ProcessWarnings } from '../fixtures/ProcessWarnings';
import { RawClient } from '../fixtures/RawClient';
import { RecordingLogger } from '../fixtures/RecordingLogger';

const TEXT = '# TYPE a gauge\na 5\n';

let warnings: ProcessWarnings;

beforeEach(() => {
    warnings = new ProcessWarnings();
});

afterEach(() => {
    warnings.stop();
    expect(warnings.messages).toEqual([]);
});

async function get(url: string, headers = {}): Promise<string> {
    const { status, body } = await httpRequest(url, headers);
    expect(status).toBe(200);
    return body.toString();
}

function errorsOf(logger: RecordingLogger): string[] {
    return logger.lines.filter(({ level }) => level <= LogLevel.Warn).map(({ message }) => message);
}

/** A service with an endpoint of its own. */
function ownService(port: number, counters: PrometheusCounters): PrometheusMetricsService {
    const service = new PrometheusMetricsService();
    service.configure(ConfigParams.fromTuples('connection.host', '127.0.0.1', 'connection.port', port));
    service.setReferences(
        References.fromTuples(new Descriptor('test', 'counters', 'prometheus', 'default', '1.0'), counters)
    );
    return service;
}

describe('an endpoint of its own', () => {
    const counters = new PrometheusCounters();
    counters.increment('a', 5);

    test('whose port is taken fails to open, says why, and opens when the port is free', async () => {
        const holder: Server = createServer().listen(0, '127.0.0.1');
        await once(holder, 'listening');
        const { port } = holder.address() as AddressInfo;
        const service = ownService(port, counters);
        try {
            for (let attempt = 0; attempt < 2; attempt++) {
                const error: unknown = await service.open('1').catch((reason: unknown) => reason);
                expect(error).toBeInstanceOf(ConnectionException);
                expect(error).toMatchObject({
                    code: 'CANNOT_CONNECT',
                    message:
                        'The metrics service cannot open its endpoint: ' +
                        `listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
                });
                expect(service.isOpen()).toBeFalsy();
            }
        } finally {
            holder.close();
            await once(holder, 'close');
        }
        await service.open('1');
        expect(await get(`http://127.0.0.1:${port}/metrics`)).toBe(TEXT);
        await service.close('1');
    });

    test('opens, closes, and opens again', async () => {
        const port = await freePort();
        const service = ownService(port, counters);
        for (let round = 0; round < 3; round++) {
            await service.open('1');
            await service.open('1');
            expect(service.isOpen()).toBe(true);
            expect(await get(`http://127.0.0.1:${port}/metrics`)).toBe(TEXT);
            await service.close('1');
            await service.close('1');
            expect(service.isOpen()).toBe(false);
            await expect(httpRequest(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('ECONNREFUSED');
        }
    });
});

describe('during a scrape', () => {
    let port: number;
    let large: PrometheusCounters;
    let service: PrometheusMetricsService;

    beforeEach(async () => {
        large = new PrometheusCounters();
        large.increment('a', 5);
        addBallast(large);
        port = await freePort();
        service = ownService(port, large);
        await service.open('1');
    });

    afterEach(() => service.close('1'));

    const events: [string, () => unknown][] = [
        ['the service is configured again', () => service.configure(ConfigParams.fromTuples('source', 'b'))],
        ['the service gets other references', () => service.setReferences(new References())],
        ['the counters are cleared', () => large.clearAll()],
        ['more is recorded', () => large.increment('a', 1)],
    ];

    test.each(events)('%s: the scrape ends whole', async (_, happen) => {
        const client = await RawClient.connect(`http://127.0.0.1:${port}`);
        client.get('/metrics', { connection: 'close' });
        expect(await client.read(12)).toBe('HTTP/1.1 200');
        await happen();
        const rest = await client.readToEnd();
        expect(rest).toContain('\r\n# TYPE a gauge\na 5\n');
        // The last chunk
        expect(rest.endsWith('\r\n0\r\n\r\n')).toBe(true);
        expect(rest.split('\n').filter(isBallast)).toHaveLength(64);
    });

    const closings: [string, () => unknown][] = [
        ['closed', () => service.close('1')],
        ['closed and opened again', () => service.close('1').then(() => service.open('1'))],
        [
            'closed and unreferenced',
            async () => {
                await service.close('1');
                service.unsetReferences();
                service.setReferences(new References());
            },
        ],
    ];

    test.each(closings)('the service is %s: the scrape is cut', async (_, happen) => {
        const client = await RawClient.connect(`http://127.0.0.1:${port}`);
        client.get('/metrics', { connection: 'close' });
        expect(await client.read(12)).toBe('HTTP/1.1 200');
        await happen();
        expect(await client.readToEnd()).not.toContain('\r\n0\r\n\r\n');
    });
});

describe('on a shared endpoint', () => {
    let server: MetricsServer;

    beforeEach(async () => {
        server = await MetricsServer.start();
        server.counters.increment('a', 5);
    });

    afterEach(async () => {
        await server.close();
    });

    test('that is closed during a scrape, the scrape ends whole', async () => {
        addBallast(server.counters);
        const client = await RawClient.connect(server.url);
        client.get('/metrics', { connection: 'close' });
        await client.read(12);
        await server.endpoint.close('1');
        expect((await client.readToEnd()).endsWith('\r\n0\r\n\r\n')).toBe(true);
        await expect(httpRequest(`${server.url}/metrics`)).rejects.toThrow('ECONNREFUSED');
        expect(errorsOf(server.logger)).toEqual([]);
    });

    test('a client that reads byte by byte stalls no one', async () => {
        addBallast(server.counters);
        const slow = await RawClient.connect(server.url);
        slow.get('/metrics');
        for (let byte = 0; byte < 10; byte++) {
            expect(await slow.read()).toHaveLength(1);
            expect((await get(`${server.url}/metrics`)).startsWith(TEXT)).toBe(true);
        }
        slow.hangUp();
    });

    test('200 connections at once all get the whole body', async () => {
        for (let index = 0; index < 2000; index++) server.counters.increment(`counter.number.${index}`, 1);
        const expected = await get(`${server.url}/metrics`);
        expect(expected.split('\n')).toHaveLength(4003);
        const bodies = await Promise.all(Array.from({ length: 200 }, () => get(`${server.url}/metrics`)));
        expect(bodies.filter((body) => body !== expected)).toEqual([]);
        expect(errorsOf(server.logger)).toEqual([]);
    });

    test('17 requests at once on one connection are answered one after the other', async () => {
        const client = await RawClient.connect(server.url);
        client.get(Array.from({ length: 16 }, () => '/metrics'));
        client.get('/metrics', { connection: 'close' });
        expect((await client.readToEnd()).split(TEXT)).toHaveLength(18);
    });

    test('18 requests at once on one connection are too many: it is cut', async () => {
        const client = await RawClient.connect(server.url);
        client.get(Array.from({ length: 18 }, () => '/metrics'));
        expect((await client.readToEnd()).split(TEXT).length).toBeLessThan(18);
        expect(await get(`${server.url}/metrics`)).toBe(TEXT);
    });

    test.each([
        ['zeros', '\0\0\0\0\r\n\r\n'],
        ['a method alone', 'GET\r\n\r\n'],
        ['an unknown version', 'GET /metrics HTTP/9.9\r\n\r\n'],
        ['no host', 'GET /metrics HTTP/1.1\r\n\r\n'],
        ['a header without a value', 'GET /metrics HTTP/1.1\r\nhost: a\r\nhost\r\n\r\n'],
        ['a negative length', 'GET /metricsandreset HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n'],
        [
            'two kinds of length',
            'GET /metricsandreset HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
        ],
        ['a wrong chunk', 'POST /metricsandreset HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nZZZ\r\n'],
        ['a long path', `GET /metrics?${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`],
        ['a long header', `GET /metrics HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
        ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
        ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
        ['a broken escape', 'GET /metrics%ZZ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
        ['another method', 'DELETE /metricsandreset HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
    ])('%s is not answered with metrics, clears nothing, and breaks nothing', async (_, bytes) => {
        const client = await RawClient.connect(server.url);
        client.send(bytes);
        client.end();
        const answer = await client.readToEnd();
        expect(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer)).toBe(true);
        expect(await get(`${server.url}/metrics`)).toBe(TEXT);
    });

    test('a connection that sends half a request holds nobody', async () => {
        const client = await RawClient.connect(server.url);
        client.send('GET /metricsandreset HTTP/1.1\r\nhost: a\r\n');
        expect(await get(`${server.url}/metrics`)).toBe(TEXT);
        client.reset();
        expect(await get(`${server.url}/metrics`)).toBe(TEXT);
    });

    test('a second service has another base route', async () => {
        const second = new PrometheusMetricsService();
        second.configure(ConfigParams.fromTuples('base_route', 'second', 'source', 's'));
        await server.endpoint.close('1');
        second.setReferences(server.references);
        await second.open('1');
        await server.endpoint.open('1');
        expect(await get(`${server.url}/metrics`)).toBe(TEXT);
        expect(await get(`${server.url}/second/metrics`)).toBe('# TYPE a gauge\na{source="s"} 5\n');
        expect(await get(`${server.url}/second/metricsandreset`)).toBe('# TYPE a gauge\na{source="s"} 5\n');
        expect(await get(`${server.url}/metrics`)).toBe('');
        await second.close('1');
    });
});
