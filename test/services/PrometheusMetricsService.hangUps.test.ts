import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../fixtures/eventually';
import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';
import { ScrapeAct, ScrapeProcess } from '../fixtures/ScrapeProcess';

/** A body of 25 KB, as a service of ordinary size has it. */
const COUNTERS = 200;
const DEADLINE = 5000;

let server: MetricsServer;
let clients: ScrapeProcess;
let url: string;

beforeEach(async () => {
    [server, clients] = await Promise.all([MetricsServer.start(), ScrapeProcess.start()]);
    url = `${server.url}/metricsandreset`;
    for (let index = 0; index < COUNTERS; index++) {
        server.counters.increment(`${'shop.'.repeat(20)}counter${index}`, index);
    }
});

afterEach(async () => {
    await clients.kill();
    await server.close();
});

/** Keeps the event loop busy. */
function block(time: number): void {
    for (const end = performance.now() + time; performance.now() < end;);
}

async function expectAllBack(): Promise<void> {
    await eventually(() => {
        expect(server.counters.getAll()).toHaveLength(COUNTERS);
    }, DEADLINE);
    const counts = server.counters.getAll().map(({ count }) => count);
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: COUNTERS }, (_, index) => index));
}

describe.each([
    ['one counter', 1],
    ['25 KB', COUNTERS],
])('a reset of %s is undone', (_, size) => {
    beforeEach(() => {
        for (let index = size; index < COUNTERS; index++) {
            server.counters.clear(`${'shop.'.repeat(20)}counter${index}`);
        }
    });

    afterEach(async () => {
        await eventually(() => {
            expect(server.counters.getAll()).toHaveLength(size);
        }, DEADLINE);
        expect(server.counters.getAll().map(({ count }) => count)).toEqual(Array.from({ length: size }, (_c, i) => i));
    });

    test('whose client gives up while the process is busy', async () => {
        const gone = clients.run('giveUp', url);
        block(1200);
        await gone;
        await httpRequest(`${server.url}/metrics`);
    });

    test('whose client closes after 250 ms without reading', async () => {
        await clients.run('closeUnread', url, { delay: 250 });
    });

    test('whose client asks for the end of the connection, and closes without reading', async () => {
        await clients.run('closeUnread', url, { delay: 250, headers: { connection: 'close' } });
    });

    test('whose client resets the connection after 250 ms without reading', async () => {
        await clients.run('resetUnread', url, { delay: 250 });
    });

    test.each([
        ['', {}],
        [', of a connection that was to end with it', { connection: 'close' }],
        [', of compressed bytes', { 'accept-encoding': 'gzip' }],
    ])('whose client is killed%s', async (_headers, headers) => {
        await clients.hang(url, { headers });
        await eventually(() => {
            expect(server.counters.getAll()).toEqual([]);
        });
        await clients.kill();
    });
});

test('a client that does not read, and closes after more than the 5 s that Node keeps an idle connection', async () => {
    await clients.run('closeUnread', url, { delay: 6500 });
    await expectAllBack();
}, 20_000);

describe('a reset is done once, and for all, if its client reads all', () => {
    test.each<ScrapeAct>([
        'readAndClose',
        'readAndSendNoMore',
        'readToEnd',
        'readByOldVersion',
        'readAndKeep',
        'pipeline',
    ])('%s', async (act) => {
        const texts = await clients.run(act, url);
        expect(texts.join('').split('\n')).toHaveLength(2 * COUNTERS + 1);
        await httpRequest(`${server.url}/metrics`);
        if (act === 'readAndKeep') await clients.run(act, url);
        await clients.kill();
        await sleep(100);
        expect(server.counters.getAll()).toEqual([]);
    });
});
