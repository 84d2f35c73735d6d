import { makeCounters } from '../counters.mjs';
import { collectYoung, cpuSince } from '../measure.mjs';

/** Records with one call, or timings of one kind, on the given number of names. */
export function create(contestant, { size, call, kind, times }) {
    const counters = makeCounters(size, 'command');
    const record = kind === undefined ? contestant.recorders(counters)[call] : contestant.typedRecorder(counters, kind);

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
