import { Worker } from '../Worker.mjs';
import { CALLS } from '../workloads.mjs';

/** Recording on names that are there already; each call in processes of its own. */
export async function measureRecording(workload, contestants, results) {
    const { warmUp, rounds } = workload;
    for (const call of CALLS) {
        const workers = await Worker.startAll(contestants, 'record', { ...workload, call });
        for (let round = 0; round < warmUp + rounds; round++) {
            for (const worker of workers) {
                const nanoseconds = await worker.ask('round');
                if (round >= warmUp)
                    results.add('Recording, CPU of a call', call, 'ns', worker.contestant.name, nanoseconds);
            }
        }
        await Worker.stopAll(workers);
    }
}
