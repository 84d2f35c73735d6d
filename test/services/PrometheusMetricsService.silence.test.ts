import { eventually } from '../fixtures/eventually';
import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';
import { RawClient } from '../fixtures/RawClient';

const RESET = '/metricsandreset';

const NOT_FAKE = ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] as const;

let server: MetricsServer;

function turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
}

async function start(): Promise<void> {
    server = await MetricsServer.start();
    server.counters.increment('a', 5);
}

afterEach(async () => {
    jest.useRealTimers();
    await server.close();
});

async function expectCounts(counts: readonly number[]): Promise<void> {
    await eventually(() => {
        expect(server.counters.getAll().map(({ count }) => count)).toEqual(counts);
    }, 5000);
}

describe('a connection that says nothing', () => {
    /** Sends a reset that nobody reads, and lets time pass. */
    async function waitUnread(time: number, headers: Readonly<Record<string, string>>): Promise<RawClient> {
        await start();
        const client = await RawClient.connect(server.url);
        // The times of Node's sockets are others
        jest.useFakeTimers({ doNotFake: [...NOT_FAKE] });
        client.get(RESET, headers);
        while (server.counters.getAll().length > 0 || jest.getTimerCount() === 0) await turn();
        jest.advanceTimersByTime(time);
        jest.useRealTimers();
        return client;
    }

    test.each([
        ['', {}],
        [', that is to be closed', { connection: 'close' }],
    ])('for 30 s has its answer: a RST after that undoes nothing%s', async (_, headers) => {
        const client = await waitUnread(30_000, headers);
        client.reset();
        await httpRequest(`${server.url}/metrics`);
        await expectCounts([]);
    });

    test('for 29 s may still be reset, and then has nothing', async () => {
        const client = await waitUnread(29_000, {});
        client.reset();
        await expectCounts([5]);
    });
});
