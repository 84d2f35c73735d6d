import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

import { Server } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { Descriptor } from 'pip-services3-commons-nodex';
import { CredentialParams, ICredentialStore, LogLevel } from 'pip-services3-components-nodex';

import { Renderer } from '../../src/exposition/Renderer';
import { serverOf } from '../../src/services/restify';
import { addBallast, isBallast } from '../fixtures/ballast';
import { eventually } from '../fixtures/eventually';
import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';
import { RawClient } from '../fixtures/RawClient';

const RESET = '/metricsandreset';
/** How long, in ms, it may take at most until a reset is undone. */
const DEADLINE = 2000;
const GZIP = { 'accept-encoding': 'gzip' };

/** Node's server inside of restify's. */
interface Inside {
    readonly server: Server;
}

let server: MetricsServer;

beforeEach(async () => {
    server = await MetricsServer.start();
});

afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
});

function inside(): Inside {
    return serverOf(server.endpoint) as unknown as Inside;
}

/** The counts by name, without the ballast. */
function counts(): Record<string, number> {
    const counters = server.counters.getAll().filter((counter) => !isBallast(counter));
    return Object.fromEntries(counters.map(({ name, count }) => [name, count]));
}

describe('a reset is undone if its client', () => {
    test.each([
        ['identity', {}],
        ['gzip', GZIP],
    ])('has reset the connection before the first byte is written, %s', async (_, headers) => {
        server.counters.increment('a', 5);
        const closed = nextClose();
        const client = await RawClient.connect(server.url);
        client.get(RESET, headers);
        client.reset();
        await closed;
        await eventually(() => {
            expect(counts()).toEqual({ a: 5 });
        }, DEADLINE);
    });

    test.each([
        ['identity, small', {}, false],
        ['gzip, small', GZIP, false],
        ['identity, large', {}, true],
        ['gzip, large', GZIP, true],
    ])('has gone before it is let in, %s', async (_, headers, large) => {
        await server.close();
        const store = new SlowCredentialStore();
        server = await MetricsServer.start({
            config: { 'credential.store_key': 'scraper' },
            references: [new Descriptor('test', 'credential-store', 'slow', 'default', '1.0'), store],
        });
        if (large) addBallast(server.counters);
        server.counters.increment('a', 5);
        // From now on the credentials have to be looked up again
        server.service.setReferences(server.references);
        const release = store.hold();
        const closed = nextClose();
        const client = await RawClient.connect(server.url);
        client.get(RESET, { authorization: 'Bearer key', ...headers });
        await store.nextLookup();
        client.hangUp();
        await closed;
        release();
        await httpRequest(`${server.url}/metrics`, { authorization: 'Bearer key' });
        await eventually(() => {
            expect(counts()).toEqual({ a: 5 });
        }, DEADLINE);
        expect(errors()).toEqual([]);
    });

    test.each([
        ['hangs up', {}, (client: RawClient) => client.hangUp()],
        ['hangs up, gzip', GZIP, (client: RawClient) => client.hangUp()],
        ['resets', {}, (client: RawClient) => client.reset()],
        ['resets, gzip', GZIP, (client: RawClient) => client.reset()],
    ])(
        'reads nothing of what fills the buffers, and %s when only the last bytes are left',
        async (_, headers, leave) => {
            const client = await RawClient.connect(server.url);
            const last = await fillBuffers(client, headers);
            expect(counts()).toEqual({});
            leave(client);
            await eventually(() => {
                expect(counts()).toEqual({ [last]: 1 });
            }, DEADLINE);
        }
    );

    test('sends it behind another request, and hangs up during the first response', async () => {
        addBallast(server.counters);
        server.counters.increment('a', 5);
        const client = await RawClient.connect(server.url);
        client.get(['/metrics', RESET]);
        await client.read();
        client.hangUp();
        await eventually(() => {
            expect(counts()).toEqual({ a: 5 });
        }, DEADLINE);
    });

    test('sends many at once, and hangs up during the first response', async () => {
        addBallast(server.counters);
        server.counters.increment('a', 5);
        const client = await RawClient.connect(server.url);
        client.get(Array.from({ length: 17 }, () => RESET));
        await client.read();
        for (let round = 0; round < 10; round++) {
            server.counters.increment('a', 1);
            await sleep(5);
        }
        client.hangUp();
        await eventually(() => {
            expect(counts()).toEqual({ a: 15 });
        }, DEADLINE);
    });
});

describe('a reset is done if its client', () => {
    test('sends several on one connection, one after the other', async () => {
        const client = await RawClient.connect(server.url);
        for (const value of [5, 6, 7]) {
            server.counters.increment('a', value);
            client.get(RESET);
            const body = `# TYPE a gauge\na ${value}\n`;
            expect(await client.readUntil(body)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
            await eventually(() => {
                expect(counts()).toEqual({});
            });
        }
        client.hangUp();
    });

    test('sends several at once', async () => {
        server.counters.increment('a', 5);
        const client = await RawClient.connect(server.url);
        client.get([RESET, RESET, RESET]);
        client.get('/metrics', { connection: 'close' });
        const answers = (await client.readToEnd()).split('HTTP/1.1 200 OK').slice(1);
        const bodies = answers.map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4));
        expect(bodies).toEqual(['# TYPE a gauge\na 5\n', '', '', '']);
        expect(counts()).toEqual({});
    });

    test('has the answer, and sends no more', async () => {
        server.counters.increment('a', 5);
        const client = await RawClient.connect(server.url);
        client.get(RESET);
        await client.readUntil('# TYPE a gauge\na 5\n');
        client.end();
        expect(await client.readToEnd()).toBe('');
        expect(counts()).toEqual({});
    });
});

test('a reset whose client sends no more before it is answered is not done: it may have gone as well', async () => {
    server.counters.increment('a', 5);
    const client = await RawClient.connect(server.url);
    client.get(RESET);
    client.end();
    expect(await client.readToEnd()).toBe('');
    expect(counts()).toEqual({ a: 5 });
});

describe('a reset is undone if the text breaks', () => {
    test.each([
        ['at the first piece', []],
        ['after a small piece', ['# TYPE a gauge\n']],
    ])('%s, and then the client gets to know that it failed', async (_, pieces) => {
        breakAfter(pieces);
        server.counters.increment('a', 5);
        const { status, body } = await httpRequest(server.url + RESET);
        expect(status).toBe(500);
        expect(body.toString()).toBe('The scrape failed, see the log\n');
        expect(counts()).toEqual({ a: 5 });
        expect(errors()).toEqual(['Failed to answer a request for metrics']);
    });

    test.each([
        ['identity', {}],
        ['gzip', GZIP],
    ])('later, and then the client sees that the body is cut, %s', async (_, headers) => {
        breakAfter(Array.from({ length: 20 }, () => randomBytes(50_000).toString('hex')));
        server.counters.increment('a', 5);
        await expect(httpRequest(server.url + RESET, headers)).rejects.toThrow();
        expect(counts()).toEqual({ a: 5 });
        expect(errors()).toEqual(['Failed to answer a request for metrics']);
    });

    function breakAfter(pieces: readonly string[]): void {
        jest.spyOn(Renderer.prototype, 'render').mockImplementationOnce(function* () {
            yield* pieces;
            throw new Error('The text is broken');
        });
    }
});

function errors(): string[] {
    return server.logger.lines.filter(({ level }) => level === LogLevel.Error).map(({ message }) => message);
}

/** A store that can be told to keep those waiting who look something up. */
class SlowCredentialStore implements ICredentialStore {
    private _released: Promise<void> = Promise.resolve();
    private readonly _events = new EventEmitter();

    /** Keeps from now on everybody waiting. @returns what ends that. */
    public hold(): () => void {
        let release = (): void => undefined;
        this._released = new Promise((resolve) => (release = resolve));
        return release;
    }

    /** Waits until somebody looks something up. */
    public async nextLookup(): Promise<void> {
        await once(this._events, 'lookup');
    }

    public async lookup(): Promise<CredentialParams> {
        this._events.emit('lookup');
        await this._released;
        return CredentialParams.fromTuples('access_key', 'key');
    }

    public store(): Promise<void> {
        throw new Error('Nothing is stored');
    }
}

/** Waits until the next connection is made and closed. */
function nextClose(): Promise<void> {
    return new Promise((resolve) => {
        inside().server.once('connection', (socket: Socket) => socket.once('close', () => resolve()));
    });
}

/**
 * Requests bodies on a connection that is not read from, until one of them does not go out as a whole.
 *
 * @returns the name of the counter in the body that is stuck; the others have been handed over.
 */
async function fillBuffers(client: RawClient, headers: Readonly<Record<string, string>>): Promise<string> {
    let finished = 0;
    inside().server.prependListener('request', (_req, res) => res.once('finish', () => finished++));
    for (let sent = 1; ; sent++) {
        const name = `c${randomBytes(14_000).toString('hex')}`;
        server.counters.increment(name, 1);
        client.get(RESET, headers);
        for (let wait = 0; finished < sent && wait < 100; wait++) await sleep(2);
        if (finished < sent) return name;
    }
}
