import { Counter } from 'pip-services3-components-nodex';

import { COUNTER_KINDS, MAX_SAMPLES, NO_SUFFIXES, Suffixes } from './kinds';

/**
 * The values of all counters at one instant, copied at once, so that a body can be written
 * little by little while the recording goes on.
 *
 * The samples are numbered in the order of the counters; missing values are not counted.
 */
export class Snapshot {
    /** The number of samples. */
    public readonly sampleCount: number;
    /** The value of each sample. */
    public readonly values: Float64Array;
    /** For each counter the suffixes of its samples. */
    public readonly suffixes: readonly Suffixes[];

    public constructor(private readonly counters: readonly (Counter | null)[]) {
        this.values = new Float64Array(counters.length * MAX_SAMPLES);
        let sampleCount = 0;
        this.suffixes = counters.map((counter) => {
            const suffixes = this.read(counter, sampleCount);
            sampleCount += suffixes.length;
            return suffixes;
        });
        this.sampleCount = sampleCount;
    }

    /** The name of a counter; empty if it has none that can be used. */
    public name(index: number): string {
        return usableName(this.counters[index]);
    }

    private read(counter: Counter | null, at: number): Suffixes {
        if (counter === null || usableName(counter) === '') return NO_SUFFIXES;
        const kind = COUNTER_KINDS.get(counter.type);
        return kind?.suffixes[kind.read(counter, this.values, at)] ?? NO_SUFFIXES;
    }
}

function usableName(counter: Counter | null | undefined): string {
    const name: unknown = counter?.name;
    return typeof name === 'string' ? name : '';
}
