/** Three replicas of the demo and a real Prometheus, until Ctrl+C: npm run monitor */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { findBinary } from '../../test/fixtures/findBinary';
import { GRAPHS, linkTo } from './links';
import { Monitor, RunningReplica } from './Monitor';

const ROOT = process.cwd();

async function main(): Promise<void> {
    const { values } = parseArgs({ options: { rules: { type: 'string' }, alertmanager: { type: 'string' } } });
    findBinary('prometheus', 'prometheus');
    const stopped = untilSignal();

    console.log('Starting three replicas and Prometheus...');
    const monitor = await Monitor.start(ROOT, {
        rules: values.rules ?? join(ROOT, 'monitoring/rules'),
        alertmanager: values.alertmanager,
    });
    await print(monitor);
    const idle = takeCommands(monitor);

    await stopped;
    console.log('Stopping...');
    await idle();
    await monitor.stop();
    console.log('Stopped.');
    process.exit(0);
}

/** Waits for the first signal. At Ctrl+C it comes twice, from the terminal and from npm, so later ones are ignored. */
function untilSignal(): Promise<void> {
    return new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
    });
}

async function print({ url, replicas }: Monitor): Promise<void> {
    console.log(`Prometheus: ${url}`);
    for (const graph of GRAPHS) console.log(`  ${graph.title}:\n    ${linkTo(url, graph)}`);
    const pages = await findPages(url);
    console.log(`  Alerts: ${pages}/alerts`);
    console.log(`  Targets: ${pages}/targets`);
    replicas.forEach(printReplica);
    console.log('Lines begin after some seconds, and grow while you look: reload the page.');
    console.log('+ and Enter adds a replica, - and Enter removes one, Ctrl+C ends all.');
}

/** Debian's Prometheus has only the older pages, and newer ones do not have those. */
async function findPages(url: string): Promise<string> {
    const response = await fetch(`${url}/alerts`);
    await response.text();
    return response.ok ? url : `${url}/classic`;
}

/** Obeys what is typed, one after the other. What it gives waits until the last command is done. */
function takeCommands(monitor: Monitor): () => Promise<void> {
    let last: Promise<void> = Promise.resolve();
    createInterface({ input: process.stdin }).on('line', (line) => {
        last = last.then(() => obey(monitor, line.trim())).catch(report);
    });
    return () => last;
}

async function obey(monitor: Monitor, command: string): Promise<void> {
    if (command === '+') {
        const name = await monitor.add();
        monitor.replicas.slice(-1).forEach(printReplica);
        console.log(`Added ${name}, there are ${monitor.replicas.length} replicas.`);
    } else if (command === '-') {
        const name = (await monitor.remove()) ?? 'none';
        console.log(`Removed ${name}, there are ${monitor.replicas.length} replicas.`);
    }
}

function printReplica({ name, address, pid }: RunningReplica): void {
    console.log(`Replica ${name}: http://${address}/metrics (process ${pid}; kill it to see the alert TargetDown)`);
}

function report(error: unknown): void {
    console.error(error instanceof Error ? error.message : error);
}

main().catch((error: unknown) => {
    report(error);
    process.exit(1);
});
