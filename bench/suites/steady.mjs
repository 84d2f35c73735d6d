import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { checkBody } from '../checkBody.mjs';
import { CHANGES, Expected } from '../counters.mjs';
import { scrape } from '../scrape.mjs';
import { Worker } from '../Worker.mjs';

/** The time between two scrapes of a cold process, in milliseconds. */
const COLD_PAUSE = 80;

/**
 * What a scrape costs that comes again and again over one connection, as that of Prometheus; all values change before
 * each. Scrapes are measured in batches, of which the first one warms the process up.
 */
export async function measureSteadyScraping(workload, contestants, results) {
    const { size, what, isCold, processes, warmUp, batches, batch } = workload;
    const suite = isCold ? 'CPU of a scrape, in a cold moment' : 'CPU of a scrape, warm';
    const measure = `${size.toLocaleString('en')} counters, ${what}`;

    for (let process = 0; process < processes; process++) {
        const workers = await Worker.startAll(contestants, 'steady', workload);
        const agents = workers.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
        const expected = new Expected(size);
        let round = 0;
        for (let turn = 0; turn <= batches; turn++) {
            const count = turn === 0 ? warmUp : batch;
            for (const end = round + count; round < end;) change(expected, ++round, workload);
            for (const [index, worker] of workers.entries()) {
                const { milliseconds, body } = await measureBatch(worker, agents[index], count, workload);
                checkBody(body, expected);
                if (turn > 0) results.add(suite, measure, 'ms', worker.contestant.name, milliseconds);
            }
        }
        agents.forEach((agent) => agent.destroy());
        await Worker.stopAll(workers);
    }
}

function change(expected, round, { isReset }) {
    if (isReset) expected.clear();
    expected.change(round, CHANGES.all);
}

/** @returns the CPU time of one scrape, and the last body. */
async function measureBatch(worker, agent, count, { encoding, accept, isReset, isCold }) {
    const path = isReset ? '/metricsandreset' : '/metrics';
    const port = await worker.ask('port');
    await worker.ask('begin');
    let last;
    for (let index = 0; index < count; index++) {
        if (isCold) await delay(COLD_PAUSE);
        last = await scrape(port, encoding, { agent, accept, path });
    }
    return { milliseconds: (await worker.ask('end')) / count, body: last.read() };
}
