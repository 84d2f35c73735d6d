import fc from 'fast-check';

import { BallastCounters } from '../fixtures/ballast';
import { eventually } from '../fixtures/eventually';
import { httpRequest } from '../fixtures/httpRequest';
import { Ledger } from '../fixtures/Ledger';
import { MetricsServer } from '../fixtures/MetricsServer';
import { RawClient } from '../fixtures/RawClient';

/** How many increments, and as many timings, one step of recording does. */
const BURST = 12_000;
const NAMES = 7;
const RUNS = 6;

/** How long, in ms, it may take at most until what was not delivered is put back. */
const DEADLINE = 10_000;

type Headers = Readonly<Record<string, string>>;
type Step = (run: Run) => unknown;

/** A service, what was recorded in it, and what its clients have received. */
class Run {
    public readonly recorded = new Ledger();
    public readonly received = new Ledger();
    public hangUps = 0;
    private readonly _requests: Promise<unknown>[] = [];
    private readonly _hanging: RawClient[] = [];

    public constructor(private readonly _server: MetricsServer) {}

    /** Records a lot at once. */
    public record(seed: number): void {
        const { counters } = this._server;
        for (let index = 0; index < BURST; index++) {
            const name = (seed + index) % NAMES;
            const time = (seed * 31 + index * 17) % 1009;
            counters.incrementOne(`i${name}`);
            counters.endTiming(`t${name}`, time);
            this.recorded.addIncrement(`i${name}`);
            this.recorded.addTiming(`t${name}`, time);
        }
    }

    /** Starts a request that is read to its end. */
    public request(path: string, headers: Headers): void {
        this._requests.push(this.readWhole(path, headers));
    }

    /** Starts a reset of which at most the first byte is read. */
    public hang(headers: Headers, reads: boolean): void {
        this.hangUps++;
        this._requests.push(this.readNothing(headers, reads));
    }

    /** Ends a reset that is not read. */
    public leave(crashes: boolean): void {
        const client = this._hanging.shift();
        if (crashes) client?.reset();
        else client?.hangUp();
    }

    /** Waits until one of the requests has ended, or until everything had its turn. */
    public async wait(): Promise<void> {
        await Promise.race([...this._requests, new Promise((resolve) => setImmediate(resolve))]);
    }

    /** Ends all requests, and checks that everything that was recorded was received once, or is still in the store. */
    public async check(): Promise<void> {
        await Promise.all(this._requests);
        while (this._hanging.length > 0) this.leave(false);
        await eventually(() => {
            const all = new Ledger().addRows(this.received.rows()).addCounters(this._server.counters.getAll());
            expect(all.rows()).toEqual(this.recorded.rows());
        }, DEADLINE);
        // Nor is anything put back that is there already
        this.received.addResponse(await httpRequest(`${this._server.url}/metricsandreset`));
        expect(this.received.rows()).toEqual(this.recorded.rows());
        expect(this._server.counters.getAll().filter(({ name }) => /^[it]\d/.test(name))).toEqual([]);
    }

    private async readWhole(path: string, headers: Headers): Promise<void> {
        const response = await httpRequest(this._server.url + path, headers);
        expect(response.status).toBe(200);
        if (path === '/metrics') return;
        this.received.addResponse(response);
    }

    private async readNothing(headers: Headers, reads: boolean): Promise<void> {
        const client = await RawClient.connect(this._server.url);
        client.get('/metricsandreset', headers);
        if (reads) await client.read();
        this._hanging.push(client);
    }
}

const headers = fc.constantFrom<Headers>(
    {},
    { 'accept-encoding': 'gzip' },
    { accept: 'application/openmetrics-text;version=1.0.0' }
);

const steps: fc.Arbitrary<Step> = fc.oneof(
    {
        weight: 5,
        arbitrary: fc.nat(1000).map(
            (seed): Step =>
                (run) =>
                    run.record(seed)
        ),
    },
    {
        weight: 1,
        arbitrary: headers.map(
            (accept): Step =>
                (run) =>
                    run.request('/metrics', accept)
        ),
    },
    {
        weight: 2,
        arbitrary: headers.map(
            (accept): Step =>
                (run) =>
                    run.request('/metricsandreset', accept)
        ),
    },
    {
        weight: 3,
        arbitrary: fc.tuple(headers, fc.boolean()).map(
            (how): Step =>
                (run) =>
                    run.hang(...how)
        ),
    },
    {
        weight: 2,
        arbitrary: fc.boolean().map(
            (crashes): Step =>
                (run) =>
                    run.leave(crashes)
        ),
    },
    { weight: 2, arbitrary: fc.constant<Step>((run) => run.wait()) }
);

test('every one of 500,000 increments, and as many timings, is in one body that arrived whole, or still in the store', async () => {
    const all = new Ledger();
    const runs: Run[] = [];
    const property = fc.asyncProperty(fc.array(steps, { minLength: 40, maxLength: 40 }), async (sequence) => {
        // Every body is larger than what a connection takes that is not read from
        const server = await MetricsServer.start({ counters: new BallastCounters() });
        try {
            const run = new Run(server);
            runs.push(run);
            for (const step of sequence) await step(run);
            await run.check();
            all.addRows(run.recorded.rows());
        } finally {
            await server.close();
        }
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
    expect(all.total).toBeGreaterThan(1_000_000);
    expect(runs.reduce((sum, { hangUps }) => sum + hangUps, 0)).toBeGreaterThan(20);
}, 240_000);
