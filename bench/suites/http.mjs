import { setTimeout as delay } from 'node:timers/promises';

import { checkBody } from '../checkBody.mjs';
import { CHANGES, Expected } from '../counters.mjs';
import { scrape } from '../scrape.mjs';
import { Worker } from '../Worker.mjs';

/** How long a server is watched after a scrape, in milliseconds: what it puts off is part of the scrape. */
const SETTLING = 50;

/** The rows of the tables, in this order. */
const MEASURES = ['CPU', 'longest gap', 'wall time'].flatMap((measure) => [
    `${measure}, first scrape`,
    `${measure}, following scrapes`,
]);

/** Scraping a server process; all values change before each scrape. The first scrape of a process is counted apart. */
export async function measureScraping(workload, contestants, results) {
    const { size, encoding, processes, scrapes } = workload;
    const suite = `HTTP, ${size.toLocaleString('en')} counters, ${encoding}`;
    for (const measure of MEASURES) results.row(suite, measure, 'ms');

    for (let process = 0; process < processes; process++) {
        const workers = await Worker.startAll(contestants, 'serve', { size, naming: 'command' });
        const expected = new Expected(size);
        expected.change(0, CHANGES.all);

        for (let round = 1; round <= scrapes; round++) {
            const order = round === 1 ? 'first scrape' : 'following scrapes';
            const watch = (process + round) % 2 === 0 ? 'longest gap' : 'CPU';
            expected.change(round, CHANGES.all);
            for (const worker of workers) {
                const { watched, wall } = await watchScrape(worker, { round, watch, encoding, expected });
                const { name } = worker.contestant;
                results.add(suite, `${watch}, ${order}`, 'ms', name, watched);
                results.add(suite, `wall time, ${order}`, 'ms', name, wall);
            }
        }
        for (const worker of workers) {
            results.add(suite, 'peak memory', 'MB', worker.contestant.name, await worker.ask('peakMemory'));
        }
        await Worker.stopAll(workers);
    }
}

async function watchScrape(worker, { round, watch, encoding, expected }) {
    const port = await worker.ask('port');
    await worker.ask('change', round);
    await worker.ask('begin', watch);
    await delay(SETTLING);
    const { read, wall } = await scrape(port, encoding);
    await delay(SETTLING);
    const watched = await worker.ask('end', watch);

    try {
        checkBody(read(), expected);
    } catch (error) {
        throw new Error(`The scrape of ${worker.contestant.name} failed`, { cause: error });
    }
    return { watched, wall };
}
