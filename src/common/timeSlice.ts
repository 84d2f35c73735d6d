/** How long, in ms, all that make or send texts work between two turns of the event loop. */
const SLICE_TIME = 2;

/** When the slice of this turn ends, by performance.now(), or null if none has begun in it. */
let sliceEnd: number | null = null;

/** Those who wait for a slice, the one that waits longest first. */
const waiting: (() => void)[] = [];

/**
 * Tells whether there is time left to work on a text before everything else in the process has to have its turn.
 *
 * The time is one for the whole process: a hundred texts at once hold the event loop no longer than one does.
 */
export function hasTime(): boolean {
    return performance.now() < (sliceEnd ?? beginSlice());
}

/** Waits for a later turn of the event loop, in which the caller has the slice for itself. */
export function nextSlice(): Promise<void> {
    sliceEnd ??= beginSlice();
    return new Promise((resolve) => waiting.push(resolve));
}

function beginSlice(): number {
    sliceEnd = performance.now() + SLICE_TIME;
    setImmediate(endSlice);
    return sliceEnd;
}

function endSlice(): void {
    sliceEnd = null;
    const next = waiting.shift();
    if (next === undefined) return;
    beginSlice();
    next();
}
