import { Worker } from '../Worker.mjs';

/** Making the text and its bytes, without a server. */
export async function measureRendering(workload, contestants, results) {
    const { size, names, what, warmUp, rounds } = workload;
    const measure = `${size.toLocaleString('en')} counters, ${names}, ${what}`;

    const workers = await Worker.startAll(contestants, 'render', workload);
    for (let round = 1; round <= warmUp + rounds; round++) {
        for (const worker of workers) {
            const milliseconds = await worker.ask('round', round);
            if (round > warmUp) results.add('Rendering, CPU', measure, 'ms', worker.contestant.name, milliseconds);
        }
    }
    for (const worker of workers) await worker.ask('check');
    await Worker.stopAll(workers);
}
