import { monitorEventLoopDelay } from 'node:perf_hooks';

import { CHANGES, makeCounters } from '../counters.mjs';
import { cpuSince } from '../measure.mjs';

/** A server whose scrapes are watched from within: its CPU time or the gaps of its event loop, never both at a time. */
export async function create(contestant, { size, naming }) {
    const counters = makeCounters(size, naming);
    const store = contestant.create();
    contestant.change(store, counters, 0, CHANGES.all);
    const port = await contestant.serve(store);
    globalThis.gc();

    const watches = { CPU: watchCpu(), 'longest gap': watchGap() };

    return {
        port: () => port,
        change: (round) => contestant.change(store, counters, round, CHANGES.all),
        begin: (watch) => watches[watch].begin(),
        end: (watch) => watches[watch].end(),
        /** @returns the most memory that the process ever had, in MB. */
        peakMemory: () => process.resourceUsage().maxRSS / 1024,
    };
}

function watchCpu() {
    let start;
    return {
        begin: () => void (start = process.cpuUsage()),
        end: () => cpuSince(start),
    };
}

/** Measures the longest time between two turns of the event loop, with a timer of 1 ms, which is part of the time. */
function watchGap() {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    return {
        begin() {
            delay.reset();
            delay.enable();
        },
        end() {
            delay.disable();
            return delay.max / 1e6;
        },
    };
}
