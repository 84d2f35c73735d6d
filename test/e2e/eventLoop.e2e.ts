import { PrometheusCounterConverter as PublishedConverter } from 'pip-services3-prometheus-nodex-1.0.1';

import { PrometheusCounters } from '../../src/count';
import { FarClient } from '../fixtures/FarClient';
import { MetricsServer } from '../fixtures/MetricsServer';

const COUNTERS = 100_000;
const ROUNDS = 3;

function record(): PrometheusCounters {
    const counters = new PrometheusCounters();
    for (let index = 0; index < COUNTERS; index += 2) {
        counters.increment(`tenant${index}.orders.exec_count`, index);
        counters.endTiming(`tenant${index}.orders.exec_time`, index % 100);
    }
    return counters;
}

/** The longest time, in ms, for which nothing else had its turn while something was done. */
async function longestGap(action: () => Promise<unknown>): Promise<number> {
    let last = performance.now();
    let longest = 0;
    let running = true;
    const tick = (): void => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (running) setImmediate(tick);
    };
    setImmediate(tick);
    await action();
    running = false;
    return longest;
}

/** The time, in ms, that 1.0.1 takes to write the counters, during which nothing else has its turn. */
function publishedTime(counters: PrometheusCounters): number {
    const start = performance.now();
    PublishedConverter.toString(counters.getAll(), 'orders', 'host-1');
    return performance.now() - start;
}

const counters = record();
let client: FarClient;
let published: number;

beforeAll(async () => {
    client = await FarClient.start();
    published = Math.min(publishedTime(counters), publishedTime(counters));
});

afterAll(() => client.stop());

test.each([
    ['identity', {}],
    ['gzip', { 'accept-encoding': 'gzip' }],
])(
    'a scrape of 100,000 counters leaves the event loop free, %s',
    async (_, headers) => {
        const first: number[] = [];
        const second: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
            // A service that has never been scraped lays all series out
            const server = await MetricsServer.start({ counters, config: { source: 'orders', instance: 'host-1' } });
            const scrape = (): Promise<number> => client.get(`${server.url}/metrics`, headers);
            try {
                first.push(await longestGap(scrape));
                second.push(await longestGap(scrape));
            } finally {
                await server.close();
            }
        }
        expect(Math.min(...first)).toBeLessThan(published / 3);
        expect(Math.min(...second)).toBeLessThan(published / 3);
    },
    120_000
);

test('50 scrapes of 100,000 counters at once leave the event loop free too', async () => {
    const server = await MetricsServer.start({ counters, config: { source: 'orders', instance: 'host-1' } });
    const readers = await Promise.all(Array.from({ length: 5 }, () => FarClient.start()));
    const scrape = (clients: readonly FarClient[], each: number): Promise<unknown> => {
        const all = clients.flatMap((reader) =>
            Array.from({ length: each }, () => reader.get(`${server.url}/metrics`))
        );
        return Promise.all(all);
    };
    try {
        await scrape([client], 1);
        const gaps: number[] = [];
        for (let round = 0; round < ROUNDS; round++) gaps.push(await longestGap(() => scrape(readers, 10)));
        // restify's own work on 50 requests is a part of it
        expect(Math.min(...gaps)).toBeLessThan(published / 3);
    } finally {
        await Promise.all(readers.map((reader) => reader.stop()));
        await server.close();
    }
}, 120_000);
