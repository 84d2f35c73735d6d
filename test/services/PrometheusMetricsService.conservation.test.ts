import fc from 'fast-check';

import { BallastCounters } from '../fixtures/ballast';
import { PrometheusCounters } from '../../src/count';
import { eventually } from '../fixtures/eventually';
import { httpRequest } from '../fixtures/httpRequest';
import { Ledger } from '../fixtures/Ledger';
import { MetricsServer } from '../fixtures/MetricsServer';
import { ScrapeAct, ScrapeOptions, ScrapeProcess } from '../fixtures/ScrapeProcess';

/** How many increments, and as many timings, one step of recording does. */
const BURST = 6000;
const RUNS = 8;
const STEPS = 60;

/** How long, in ms, it may take at most until what was not delivered is put back. */
const DEADLINE = 10_000;

type Step = (run: Run) => unknown;

let clients: ScrapeProcess;

beforeAll(async () => {
    clients = await ScrapeProcess.start();
});

afterAll(() => clients.kill());

/** A service, what was recorded in it, and what its clients have received. */
class Run {
    public readonly recorded = new Ledger();
    public readonly received = new Ledger();
    public lost = 0;
    private readonly _requests: Promise<unknown>[] = [];
    private _victim: Promise<ScrapeProcess> | null = null;

    /** @param _names  how many counters of each type there are: a body has between one line and some 100 KB. */
    public constructor(
        private readonly _server: MetricsServer,
        private readonly _names: number
    ) {}

    /** Records a lot at once. */
    public record(seed: number): void {
        const { counters } = this._server;
        for (let index = 0; index < BURST; index++) {
            const name = (seed + index) % this._names;
            const time = (seed * 31 + index * 17) % 1009;
            counters.incrementOne(`i${name}`);
            counters.endTiming(`t${name}`, time);
            this.recorded.addIncrement(`i${name}`);
            this.recorded.addTiming(`t${name}`, time);
        }
    }

    /** Starts a client, and keeps the process busy while it comes, and perhaps goes. */
    public reset(act: ScrapeAct, options: ScrapeOptions, busy: number): void {
        this._requests.push(this.receive(act, options));
        for (const end = performance.now() + busy; performance.now() < end;);
    }

    /** Starts a scrape, which takes nothing. */
    public scrape(): void {
        this._requests.push(httpRequest(`${this._server.url}/metrics`));
    }

    /** Kills a client that has sent a request, and reads nothing. */
    public async kill(options: ScrapeOptions): Promise<void> {
        this.lost++;
        const victim = await (this._victim ?? ScrapeProcess.start());
        // The next one starts meanwhile
        this._victim = ScrapeProcess.start();
        await victim.hang(`${this._server.url}/metricsandreset`, options);
        await victim.kill();
    }

    /** Waits until one of the requests has ended, or until everything had its turn. */
    public async wait(): Promise<void> {
        await Promise.race([...this._requests, new Promise((resolve) => setImmediate(resolve))]);
    }

    /** Ends all requests, and checks that everything that was recorded was received once, or is still in the store. */
    public async check(): Promise<void> {
        await (await this._victim)?.kill();
        await Promise.all(this._requests);
        await eventually(() => {
            const all = new Ledger().addRows(this.received.rows()).addCounters(this._server.counters.getAll());
            expect(all.rows()).toEqual(this.recorded.rows());
        }, DEADLINE);
        // Nor is anything put back that is there already
        this.received.addResponse(await httpRequest(`${this._server.url}/metricsandreset`));
        expect(this.received.rows()).toEqual(this.recorded.rows());
    }

    private async receive(act: ScrapeAct, options: ScrapeOptions): Promise<void> {
        const texts = await clients.run(act, `${this._server.url}/metricsandreset`, options);
        if (texts.length === 0) this.lost++;
        for (const text of texts) this.received.addText(text);
    }
}

const options: fc.Arbitrary<ScrapeOptions> = fc.record({
    headers: fc.constantFrom<Readonly<Record<string, string>>>(
        {},
        { 'accept-encoding': 'gzip' },
        { connection: 'close' },
        { accept: 'application/openmetrics-text;version=1.0.0' }
    ),
    delay: fc.nat(40),
});

const acts = fc.constantFrom<ScrapeAct>(
    'readAndClose',
    'readAndSendNoMore',
    'readToEnd',
    'readByOldVersion',
    'readAndKeep',
    'pipeline',
    'giveUp',
    'giveUp',
    'closeUnread',
    'closeUnread',
    'resetUnread'
);

const steps: fc.Arbitrary<Step> = fc.oneof(
    {
        weight: 6,
        arbitrary: fc.nat(1000).map(
            (seed): Step =>
                (run) =>
                    run.record(seed)
        ),
    },
    { weight: 1, arbitrary: fc.constant<Step>((run) => run.scrape()) },
    {
        weight: 8,
        arbitrary: fc.tuple(acts, options, fc.constantFrom(0, 0, 5, 50)).map(
            (how): Step =>
                (run) =>
                    run.reset(...how)
        ),
    },
    {
        weight: 1,
        arbitrary: options.map(
            (how): Step =>
                (run) =>
                    run.kill(how)
        ),
    },
    { weight: 2, arbitrary: fc.constant<Step>((run) => run.wait()) }
);

const bodies = fc.constantFrom(
    [1, () => new PrometheusCounters()] as const,
    [7, () => new PrometheusCounters()] as const,
    [200, () => new PrometheusCounters()] as const,
    [2000, () => new PrometheusCounters()] as const,
    [7, () => new BallastCounters()] as const
);

test('every one of 500,000 increments, and as many timings, is in one body that arrived whole, or still in the store', async () => {
    const all = new Ledger();
    let lost = 0;
    const sequences = fc.array(steps, { minLength: STEPS, maxLength: STEPS });
    const property = fc.asyncProperty(bodies, sequences, async ([names, make], sequence) => {
        const server = await MetricsServer.start({ counters: make() });
        try {
            const run = new Run(server, names);
            for (const step of sequence) await step(run);
            await run.check();
            all.addRows(run.recorded.rows());
            lost += run.lost;
        } finally {
            await server.close();
        }
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
    expect(all.total).toBeGreaterThan(1_000_000);
    expect(lost).toBeGreaterThan(50);
}, 240_000);
