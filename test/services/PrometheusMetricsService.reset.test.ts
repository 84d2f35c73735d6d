import { CachedCounters, Counter, CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { addBallast, isBallast } from '../fixtures/ballast';
import { eventually } from '../fixtures/eventually';
import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';
import { PlainCounters } from '../fixtures/PlainCounters';
import { RawClient } from '../fixtures/RawClient';

const RESET = '/metricsandreset';

/** Every way in which a client asks for the bytes. */
const ENCODINGS: [string, Readonly<Record<string, string>>][] = [
    ['identity', {}],
    ['gzip', { 'accept-encoding': 'gzip' }],
];

let server: MetricsServer;

async function start(counters: CachedCounters): Promise<void> {
    server = await MetricsServer.start({ counters });
}

afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
});

/** The names, kinds and values, without the ballast. */
function state(): unknown[] {
    const counters = server.counters.getAll().filter((counter) => !isBallast(counter));
    return counters.map(({ name, type, count, min, max, average, last }: Counter) => {
        return JSON.parse(JSON.stringify({ name, type, count, min, max, average, last })) as unknown;
    });
}

async function get(path: string): Promise<string> {
    const { status, body } = await httpRequest(server.url + path);
    expect(status).toBe(200);
    const lines = body.toString().split('\n');
    return lines.filter((line) => !isBallast(line)).join('\n');
}

const makers: [string, () => CachedCounters][] = [
    ['PrometheusCounters', () => new PrometheusCounters()],
    ['other CachedCounters', () => new PlainCounters()],
];

describe.each(makers)('a reset of %s', (_, make) => {
    const { Increment, Interval, LastValue } = CounterType;

    beforeEach(() => start(make()));

    test('that arrives answers what there is, and clears it', async () => {
        server.counters.increment('a', 5);
        server.counters.last('b', 7);
        const text = '# TYPE a gauge\na 5\n# TYPE b gauge\nb 7\n';
        expect(await get('/metrics')).toBe(text);
        expect(await get(RESET)).toBe(text);
        expect(state()).toEqual([]);
        expect(await get('/metrics')).toBe('');
        expect(await get(RESET)).toBe('');
        server.counters.increment('a', 2);
        expect(await get(RESET)).toBe('# TYPE a gauge\na 2\n');
    });

    test('that arrives with a large body clears it', async () => {
        addBallast(server.counters);
        server.counters.increment('a', 5);
        expect(await get(RESET)).toBe('# TYPE a gauge\na 5\n');
        expect(server.counters.getAll()).toEqual([]);
    });

    test.each(ENCODINGS)('whose client hangs up half-way is undone, %s', async (_encoding, headers) => {
        addBallast(server.counters);
        server.counters.increment('a', 5);
        const all = server.counters.getAll().length;
        for (let round = 0; round < 3; round++) {
            const client = await RawClient.connect(server.url);
            client.get(RESET, headers);
            expect(await client.read(4)).toBe('HTTP');
            expect(server.counters.getAll()).toEqual([]);
            client.hangUp();
            await eventually(() => {
                expect(server.counters.getAll()).toHaveLength(all);
            });
            expect(state()).toEqual([{ name: 'a', type: Increment, count: 5 }]);
        }
        expect(await get(RESET)).toBe('# TYPE a gauge\na 5\n');
        expect(server.counters.getAll()).toEqual([]);
    });

    test('that is undone is merged with what was recorded meanwhile, which starts from zero', async () => {
        addBallast(server.counters);
        server.counters.increment('a', 5);
        server.counters.endTiming('t', 10);
        server.counters.endTiming('t', 40);
        server.counters.last('l', 1);
        const client = await RawClient.connect(server.url);
        client.get(RESET);
        await client.read();
        server.counters.increment('a', 2);
        server.counters.endTiming('t', 16);
        server.counters.last('l', 2);
        server.counters.increment('new', 1);
        expect(state()).toEqual([
            { name: 'a', type: Increment, count: 2 },
            { name: 't', type: Interval, count: 1, min: 16, max: 16, average: 16, last: 16 },
            { name: 'l', type: LastValue, last: 2 },
            { name: 'new', type: Increment, count: 1 },
        ]);
        client.hangUp();
        await eventually(() => {
            expect(state()).toEqual([
                { name: 'a', type: Increment, count: 7 },
                { name: 't', type: Interval, count: 3, min: 10, max: 40, average: 22, last: 16 },
                { name: 'l', type: LastValue, last: 2 },
                { name: 'new', type: Increment, count: 1 },
            ]);
        });
    });

    test('at the same time as others gives each a part of its own', async () => {
        addBallast(server.counters);
        server.counters.increment('a', 1);
        const slow = await RawClient.connect(server.url);
        slow.get(RESET);
        await slow.read();
        server.counters.increment('a', 20);
        const bodies = await Promise.all([get(RESET), get(RESET), get(RESET)]);
        expect(bodies.sort()).toEqual(['', '', '# TYPE a gauge\na 20\n']);
        server.counters.increment('a', 300);
        expect(await get(RESET)).toBe('# TYPE a gauge\na 300\n');
        slow.hangUp();
        await eventually(() => {
            expect(state()).toEqual([{ name: 'a', type: Increment, count: 1 }]);
        });
    });
});

describe('a reset beside a counter of a hostile name', () => {
    // The toolkit's own store then lists things that are no counters
    test('in other CachedCounters is undone too', async () => {
        await start(new PlainCounters());
        addBallast(server.counters);
        server.counters.increment('a', 5);
        server.counters.increment('__proto__', 1);
        server.counters.increment('z', 6);
        const client = await RawClient.connect(server.url);
        client.get(RESET);
        await client.read();
        client.hangUp();
        await eventually(() => {
            expect(state()).toMatchObject([
                { name: 'a', count: 5 },
                { name: 'z', count: 6 },
            ]);
        });
    });
});
