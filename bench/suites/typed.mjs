import { Worker } from '../Worker.mjs';
import { TIMING_KINDS } from '../workloads.mjs';

const RENDERING = 'Style idiomatic, CPU';
const RECORDING = 'Style idiomatic, CPU of endTiming';

/** Writing counters of the style idiomatic in several formats, in slices and without a server. */
export async function measureTyped(workload, contestants, results) {
    const { size, kind, formats, warmUp, rounds } = workload;
    for (const format of formats) {
        const measure = `${size.toLocaleString('en')} of ${kind}, ${format}`;
        const workers = await Worker.startAll(contestants, 'renderTyped', { ...workload, format });
        for (let round = 1; round <= warmUp + rounds; round++) {
            for (const worker of workers) {
                const milliseconds = await worker.ask('round', round);
                if (round > warmUp) results.add(RENDERING, measure, 'ms', worker.contestant.name, milliseconds);
            }
        }
        for (const worker of workers) await worker.ask('check');
        await Worker.stopAll(workers);
    }
}

/** Recording timings that become summaries or histograms, on names that are there already. */
export async function measureTypedRecording(workload, contestants, results) {
    const { warmUp, rounds } = workload;
    for (const kind of TIMING_KINDS) {
        const workers = await Worker.startAll(contestants, 'record', { ...workload, kind });
        for (let round = 0; round < warmUp + rounds; round++) {
            for (const worker of workers) {
                const nanoseconds = await worker.ask('round');
                if (round >= warmUp) results.add(RECORDING, kind, 'ns', worker.contestant.name, nanoseconds);
            }
        }
        await Worker.stopAll(workers);
    }
}
