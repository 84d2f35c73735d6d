import { Counter, CounterType } from 'pip-services3-components-nodex';

/** What is appended to a metric name, one suffix for each sample of a counter. */
export type Suffixes = readonly string[];

/** How the counters of one type become samples. */
export interface CounterKind {
    /**
     * The suffixes of the samples that a counter has: for each set of values that are there,
     * given as a number with a bit for each value, always the same array.
     */
    readonly suffixes: readonly Suffixes[];
    /**
     * Copies the values that are there, in the order of the suffixes, one behind the other from a place on.
     *
     * @returns a bit for each suffix that has a value, from bit 0 on.
     */
    readonly read: (counter: Counter, values: Float64Array, at: number) => number;
}

/** What a counter without samples has. */
export const NO_SUFFIXES: Suffixes = [];

const SINGLE = subsets(['']);
const AGGREGATE: CounterKind = {
    suffixes: subsets(['_max', '_min', '_average', '_count']),
    read: (counter, values, at) => {
        const max = copy(counter.max, values, at);
        const min = copy(counter.min, values, at + max);
        const average = copy(counter.average, values, at + max + min);
        const count = copy(counter.count, values, at + max + min + average);
        return max | (min << 1) | (average << 2) | (count << 3);
    },
};

/** The samples of each counter type; a type without a row has none, as timestamps in 1.0.1. */
export const COUNTER_KINDS: ReadonlyMap<CounterType, CounterKind> = new Map<CounterType, CounterKind>([
    [CounterType.Interval, AGGREGATE],
    [CounterType.Statistics, AGGREGATE],
    [CounterType.Increment, { suffixes: SINGLE, read: (counter, values, at) => copy(counter.count, values, at) }],
    [CounterType.LastValue, { suffixes: SINGLE, read: (counter, values, at) => copy(counter.last, values, at) }],
]);

/** The most samples that one counter can have. */
export const MAX_SAMPLES = Math.max(
    ...[...COUNTER_KINDS.values()].flatMap(({ suffixes }) => suffixes.map(({ length }) => length))
);

/** Copies one value. @returns 1 if it is there, and 0 for anything but a number. */
function copy(value: unknown, values: Float64Array, at: number): number {
    if (typeof value !== 'number') return 0;
    values[at] = value;
    return 1;
}

/** All subsets of a list of suffixes, each at the index that has the bits of its members. */
function subsets(suffixes: Suffixes): Suffixes[] {
    return Array.from({ length: 1 << suffixes.length }, (_, bits) =>
        bits === 0 ? NO_SUFFIXES : suffixes.filter((_suffix, position) => bits & (1 << position))
    );
}
