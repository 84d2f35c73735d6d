import { makeCounters } from '../counters.mjs';
import { collectYoung, cpuSince } from '../measure.mjs';

/** Records with one call on the given number of names. */
export function create(contestant, { size, call, times }) {
    const record = contestant.recorders(makeCounters(size, 'command'))[call];

    return {
        /** @returns the CPU time of one call in nanoseconds. */
        round() {
            collectYoung();
            const start = process.cpuUsage();
            record(times);
            return (cpuSince(start) * 1e6) / (times * size);
        },
    };
}
