import { Counter, CounterType } from 'pip-services3-components-nodex';

/** Receives the values of one counter, in the order of the suffixes of its kind. */
export interface ValueSink {
    /** Takes one value; anything but a number is a missing value. */
    add(value: unknown): void;
}

/** How the counters of one type become samples. */
export interface CounterKind {
    /** What is appended to the metric name, one suffix for each sample. */
    readonly suffixes: readonly string[];
    /** Hands the value of each sample to the sink, in the order of the suffixes. */
    readonly read: (counter: Counter, sink: ValueSink) => void;
}

const aggregate: CounterKind = {
    suffixes: ['_max', '_min', '_average', '_count'],
    read: (counter, sink) => {
        sink.add(counter.max);
        sink.add(counter.min);
        sink.add(counter.average);
        sink.add(counter.count);
    },
};

/** The samples of each counter type; a type without a row gives none, as timestamps do. */
export const COUNTER_KINDS: ReadonlyMap<CounterType, CounterKind> = new Map<CounterType, CounterKind>([
    [CounterType.Interval, aggregate],
    [CounterType.Statistics, aggregate],
    [CounterType.Increment, { suffixes: [''], read: (counter, sink) => sink.add(counter.count) }],
    [CounterType.LastValue, { suffixes: [''], read: (counter, sink) => sink.add(counter.last) }],
]);
