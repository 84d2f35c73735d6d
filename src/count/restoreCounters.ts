import { setImmediate } from 'node:timers/promises';

import { CachedCounters, Counter } from 'pip-services3-components-nodex';

import { SeriesCounter } from './SeriesCounter';
import { takeOrder } from './takeCounters';

/** How long, in ms, counters are put back before the event loop gets its turn. */
const SLICE_TIME = 2;

/** How many counters are put back between two looks at the clock. */
const CLOCK_STEP = 32;

/** Is told the first error, and how many counters could not be put back. */
export type FailureListener = (error: Error, count: number) => void;

/**
 * Puts counters back that were taken out of a store, and merges them with what was recorded meanwhile.
 *
 * Each counter is put back at one go, so that at any time it is either in the store or still to come. What is done within
 * 2 ms is done before this function returns; the rest follows in slices. It never throws or rejects.
 *
 * @param source        the store that the counters were taken from.
 * @param taken         the list that `takeCounters` gave. Of overlapping takes, the newest last value and timestamp stay.
 * @param onFailure     is called once, at the end, if some counters could not be put back. All others are.
 */
export async function restoreCounters(
    source: CachedCounters,
    taken: readonly Counter[],
    onFailure?: FailureListener
): Promise<void> {
    const order = takeOrder(taken);
    let firstError: unknown;
    let failures = 0;
    let sliceStart = performance.now();
    for (const [index, counter] of taken.entries()) {
        try {
            restore(source, counter, order);
        } catch (error) {
            firstError ??= error;
            failures++;
        }
        if (index % CLOCK_STEP !== CLOCK_STEP - 1 || performance.now() - sliceStart < SLICE_TIME) continue;
        await setImmediate();
        sliceStart = performance.now();
    }
    if (failures > 0) tell(onFailure, firstError as Error, failures);
}

function restore(source: CachedCounters, taken: Counter | null, order: number): void {
    const { name, type }: Partial<Counter> = taken ?? {};
    // A store of names like __proto__ may give what is no counter
    if (taken === null || !name || type === undefined) return;
    if (canRestore(source)) source.restore(taken, order);
    else SeriesCounter.merge(source.get(name, type), taken, order);
}

/** A store that puts counters back itself. It may stem from another copy of this package. */
interface RestoringStore {
    restore(taken: Counter, order: number): void;
}

function canRestore(source: object): source is RestoringStore {
    return 'restore' in source && typeof source.restore === 'function';
}

function tell(onFailure: FailureListener | undefined, error: Error, count: number): void {
    try {
        onFailure?.(error, count);
    } catch {
        return;
    }
}
