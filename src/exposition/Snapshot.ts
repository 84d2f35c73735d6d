import { Counter } from 'pip-services3-components-nodex';

import { COUNTER_KINDS, MAX_SAMPLES, NO_SUFFIXES, Suffixes, ValueSink } from './kinds';

/**
 * The values of all counters at one instant, copied at once, so that a body can be written
 * little by little while the recording goes on.
 *
 * The samples are numbered in the order of the counters; missing values are not counted.
 */
export class Snapshot implements ValueSink {
    /** The number of samples. */
    public sampleCount = 0;
    /** The value of each sample. */
    public readonly values: Float64Array;
    /** For each counter the suffixes of its samples. */
    public readonly suffixes: Suffixes[] = [];
    private _position = 0;
    private _present = 0;

    public constructor(private readonly counters: readonly (Counter | null)[]) {
        this.values = new Float64Array(counters.length * MAX_SAMPLES);
        for (const counter of counters) {
            this.suffixes.push(this.read(counter));
        }
    }

    /** The name of a counter; empty if it has none that can be used. */
    public name(index: number): string {
        return usableName(this.counters[index]);
    }

    public add(value: unknown): void {
        if (typeof value === 'number') {
            this.values[this.sampleCount++] = value;
            this._present |= 1 << this._position;
        }
        this._position++;
    }

    private read(counter: Counter | null): Suffixes {
        if (counter === null || usableName(counter) === '') return NO_SUFFIXES;
        const kind = COUNTER_KINDS.get(counter.type);
        if (kind === undefined) return NO_SUFFIXES;
        this._position = 0;
        this._present = 0;
        kind.read(counter, this);
        return kind.suffixes[this._present] ?? NO_SUFFIXES;
    }
}

function usableName(counter: Counter | null | undefined): string {
    const name: unknown = counter?.name;
    return typeof name === 'string' ? name : '';
}
