import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../fixtures/eventually';
import { httpRequest } from '../fixtures/httpRequest';
import { Ledger } from '../fixtures/Ledger';
import { RawClient } from '../fixtures/RawClient';
import { ScrapeAct, ScrapeProcess } from '../fixtures/ScrapeProcess';
import type { SoakCommand, SoakState, SoakStore } from '../fixtures/soakService';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 60);
const FIXTURES = join(__dirname, '..', 'fixtures');
const GZIP = { 'accept-encoding': 'gzip' };
const OPEN_METRICS = { accept: 'application/openmetrics-text;version=1.0.0' };

/** How often the memory is looked at. */
const SAMPLES = 40;

/** What is allowed for the last quarter beyond what the third one had: bodies that happen to be on their way. */
const MEMORY_RESERVE = 32 * 1024 * 1024;

/** What clients do that leave without reading, whatever the size of the body. */
const LEAVING: readonly ScrapeAct[] = ['giveUp', 'closeUnread', 'resetUnread'];
const READING: readonly ScrapeAct[] = ['readAndClose', 'readAndSendNoMore', 'readToEnd', 'readAndKeep', 'pipeline'];

let service: ChildProcess;
let clients: ScrapeProcess;
let running = true;

beforeAll(async () => {
    const execArgv = ['--expose-gc', '--require', join(FIXTURES, 'registerTypeScript.cjs')];
    service = fork(join(FIXTURES, 'soakService.ts'), { execArgv });
    await once(service, 'message');
    clients = await ScrapeProcess.start();
});

afterAll(async () => {
    running = false;
    service.kill();
    await clients.kill();
});

async function ask(command: SoakCommand): Promise<SoakState> {
    service.send(command);
    const [state] = (await once(service, 'message')) as [SoakState];
    return state;
}

async function repeat(action: () => Promise<unknown>): Promise<number> {
    let count = 0;
    for (; running; count++) await action();
    return count;
}

async function scrape(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const { status } = await httpRequest(`${url}/metrics`, headers);
    expect(status).toBe(200);
}

async function reset(url: string, headers: Readonly<Record<string, string>>, received: Ledger): Promise<void> {
    const response = await httpRequest(`${url}/metricsandreset`, headers);
    expect(response.status).toBe(200);
    received.addResponse(response);
}

/** Asks for a reset, and leaves at some time, without having read more than a byte. */
async function hang(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const client = await RawClient.connect(url);
    client.get('/metricsandreset', headers);
    const way = Math.random();
    if (way < 0.5) await client.read();
    else await sleep(way * 20);
    if (way * 10 - Math.floor(way * 10) < 0.5) client.hangUp();
    else client.reset();
}

/** Asks for a reset in one of several ways, and leaves without having read anything. */
async function leave(url: string): Promise<void> {
    await clients.run(anyOf(LEAVING), `${url}/metricsandreset`, { delay: Math.random() * 20 });
}

/** Asks for a reset, and is killed before anything is read. */
async function die(url: string): Promise<void> {
    const victim = await ScrapeProcess.start();
    await victim.hang(`${url}/metricsandreset`);
    await sleep(Math.random() * 20);
    await victim.kill();
    // Starting processes takes more of the machine than all else
    await sleep(200);
}

/** Asks for resets, reads all of them, and closes in one of several ways. */
async function read(url: string, received: Ledger): Promise<void> {
    for (const text of await clients.run(anyOf(READING), `${url}/metricsandreset`)) received.addText(text);
}

function anyOf<T>(values: readonly T[]): T {
    return values[Math.floor(Math.random() * values.length)] as T;
}

/** What was recorded and is neither in a body that arrived whole nor in the store. */
function expectConserved({ recorded, stored }: SoakStore, received: Ledger): number {
    const all = new Ledger().addRows(received.rows()).addRows(stored);
    expect(all.rows()).toEqual(new Ledger().addRows(recorded).rows());
    return all.total;
}

function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

test(
    `${SECONDS} s at full speed, with scrapes, resets and clients that hang up`,
    async () => {
        const { large, small } = await ask('state');
        const fromLarge = new Ledger();
        const fromSmall = new Ledger();
        const jobs = {
            scrapes: [
                () => scrape(large.url, {}),
                () => scrape(large.url, GZIP),
                () => scrape(small.url, OPEN_METRICS),
                () => scrape(small.url, GZIP),
            ],
            resets: [
                () => reset(large.url, {}, fromLarge),
                () => reset(large.url, GZIP, fromLarge),
                () => reset(small.url, {}, fromSmall),
                () => reset(small.url, GZIP, fromSmall),
                () => reset(small.url, OPEN_METRICS, fromSmall),
                () => read(small.url, fromSmall),
            ],
            hangUps: [() => hang(large.url, {}), () => hang(large.url, GZIP), () => leave(small.url)],
            deaths: [() => die(anyOf([small, large]).url)],
        };
        const counts = Object.entries(jobs).map(async ([name, actions]) => {
            const each = await Promise.all(actions.map((action) => repeat(action)));
            return `${each.reduce((sum, count) => sum + count, 0)} ${name}`;
        });
        for (let sample = 0; sample < SAMPLES; sample++) {
            await sleep((SECONDS * 1000) / SAMPLES);
            await ask('collect');
        }
        running = false;
        const done = await Promise.all(counts);
        await ask('stop');

        const measurements = await eventually(async () => {
            const state = await ask('state');
            return expectConserved(state.large, fromLarge) + expectConserved(state.small, fromSmall);
        });
        const { memory, complaints } = await ask('state');
        const [third, fourth] = [memory.slice(SAMPLES / 2, -SAMPLES / 4), memory.slice(-SAMPLES / 4)].map(median);
        const megabytes = [third, fourth].map((bytes = NaN) => (bytes / 1024 / 1024).toFixed(1));
        console.log(
            `${measurements} measurements, 0 lost, 0 double; ${done.join(', ')}; ` +
                `memory in the third quarter ${megabytes.join(' MB, in the fourth ')} MB`
        );
        expect(complaints).toEqual([]);
        expect(fourth).toBeLessThan((third ?? NaN) * 1.25 + MEMORY_RESERVE);
    },
    (SECONDS + 60) * 1000
);
