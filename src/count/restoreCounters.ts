import { CachedCounters, Counter } from 'pip-services3-components-nodex';

/**
 * Puts counters back that were taken out of a store, and merges them with what was recorded meanwhile.
 *
 * @param counters  the store that the counters were taken from.
 * @param taken     the counters that were taken.
 */
export function restoreCounters(counters: CachedCounters, taken: readonly Counter[]): void {
    for (const counter of taken as readonly (Partial<Counter> | null)[]) {
        // A store of names like __proto__ may give what is no counter
        if (!counter?.name || counter.type === undefined) continue;
        merge(counters.get(counter.name, counter.type), counter);
    }
}

/** Adds the measurements of an earlier counter to a later one of the same name and type. */
function merge(later: Partial<Counter>, earlier: Partial<Counter>): void {
    later.average = mergeAverage(later, earlier);
    later.count = either(later.count, earlier.count, (a, b) => a + b);
    later.max = either(later.max, earlier.max, Math.max);
    later.min = either(later.min, earlier.min, Math.min);
    later.last ??= earlier.last;
    later.time ??= earlier.time;
}

function mergeAverage(later: Partial<Counter>, earlier: Partial<Counter>): number | undefined {
    const laterCount = later.count ?? 0;
    const earlierCount = earlier.count ?? 0;
    return either(
        later.average,
        earlier.average,
        (a, b) => (a * laterCount + b * earlierCount) / (laterCount + earlierCount)
    );
}

/** Combines two values, of which one or both may be missing. */
function either(
    a: number | undefined,
    b: number | undefined,
    combine: (a: number, b: number) => number
): number | undefined {
    if (a == null) return b;
    return b == null ? a : combine(a, b);
}
