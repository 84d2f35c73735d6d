/** How long, in ms, all that make or send texts work between two turns of the event loop. */
const SLICE_TIME = 2;

/**
 * After so many ms a slice is taken to be over with its turn. That is not looked at, as an immediate for each slice costs
 * as much as a small scrape. If the turn did last that long, a further slice is little beside.
 */
const FORGOTTEN_TIME = 20;

let sliceStart = -Infinity;

/** Those who wait for a slice, the one that waits longest first. */
const waiting: (() => void)[] = [];

/**
 * Tells whether there is time left to work on a text before everything else in the process has to have its turn.
 *
 * The time is one for the whole process: a hundred texts at once hold the event loop no longer than one does.
 */
export function hasTime(): boolean {
    const now = performance.now();
    const used = now - sliceStart;
    if (used >= 0 && used < SLICE_TIME) return true;
    if (waiting.length > 0 || (used >= 0 && used < FORGOTTEN_TIME)) return false;
    sliceStart = now;
    return true;
}

/** Waits for a later turn of the event loop, in which the caller has the slice for itself. */
export function nextSlice(): Promise<void> {
    return new Promise((resolve) => {
        if (waiting.push(resolve) === 1) setImmediate(beginSlice);
    });
}

function beginSlice(): void {
    sliceStart = performance.now();
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(beginSlice);
}
