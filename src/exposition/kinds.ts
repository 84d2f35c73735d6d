import { Counter, CounterType } from 'pip-services3-components-nodex';

/** Receives the values of one counter, in the order of the suffixes of its kind. */
export interface ValueSink {
    /** Takes one value; anything but a number is a missing value. */
    add(value: unknown): void;
}

/** What is appended to a metric name, one suffix for each sample of a counter. */
export type Suffixes = readonly string[];

/** How the counters of one type become samples. */
export interface CounterKind {
    /**
     * The suffixes of the samples that a counter has: for each set of values that are there,
     * given as a number with a bit for each value, always the same array.
     */
    readonly suffixes: readonly Suffixes[];
    /** Hands the value of each sample to the sink, in the order of the suffixes. */
    readonly read: (counter: Counter, sink: ValueSink) => void;
}

/** The most samples that one counter can have. */
export const MAX_SAMPLES = 4;

/** What a counter without samples has. */
export const NO_SUFFIXES: Suffixes = [];

const SINGLE = subsets(['']);
const AGGREGATE: CounterKind = {
    suffixes: subsets(['_max', '_min', '_average', '_count']),
    read: (counter, sink) => {
        sink.add(counter.max);
        sink.add(counter.min);
        sink.add(counter.average);
        sink.add(counter.count);
    },
};

/** The samples of each counter type; a type without a row has none, as timestamps in 1.0.1. */
export const COUNTER_KINDS: ReadonlyMap<CounterType, CounterKind> = new Map<CounterType, CounterKind>([
    [CounterType.Interval, AGGREGATE],
    [CounterType.Statistics, AGGREGATE],
    [CounterType.Increment, { suffixes: SINGLE, read: (counter, sink) => sink.add(counter.count) }],
    [CounterType.LastValue, { suffixes: SINGLE, read: (counter, sink) => sink.add(counter.last) }],
]);

/** All subsets of a list of suffixes, each at the index that has the bits of its members. */
function subsets(suffixes: Suffixes): Suffixes[] {
    return Array.from({ length: 1 << suffixes.length }, (_, bits) =>
        bits === 0 ? NO_SUFFIXES : suffixes.filter((_suffix, position) => bits & (1 << position))
    );
}
