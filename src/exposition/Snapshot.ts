import { Counter, CounterType } from 'pip-services3-components-nodex';

import { COUNTER_KINDS, ValueSink } from './kinds';

/** The most samples that one counter can have. */
const MAX_SAMPLES = Math.max(...[...COUNTER_KINDS.values()].map((kind) => kind.suffixes.length));

/**
 * The values of all counters at one instant, copied at once, so that a body can be written
 * little by little while the recording goes on.
 *
 * The samples are numbered in the order of the counters; missing values are not counted.
 */
export class Snapshot implements ValueSink {
    /** The number of counters. */
    public readonly size: number;
    /** The number of samples. */
    public sampleCount = 0;
    /** The value of each sample. */
    public readonly values: Float64Array;
    private readonly _counters: readonly (Counter | null)[];
    private readonly _shapes: Uint8Array;
    private _position = 0;
    private _present = 0;

    public constructor(counters: readonly (Counter | null)[]) {
        this.size = counters.length;
        this.values = new Float64Array(counters.length * MAX_SAMPLES);
        this._counters = counters;
        this._shapes = new Uint8Array(counters.length);
        for (let index = 0; index < counters.length; index++) {
            this._shapes[index] = this.read(counters[index] ?? null);
        }
    }

    /** The name of a counter; empty if it has none that can be used. */
    public name(index: number): string {
        const name: unknown = this._counters[index]?.name;
        return typeof name === 'string' ? name : '';
    }

    /** Which samples a counter has: its type, and from bit 0 on a bit for each value that is there. 0 without any. */
    public shape(index: number): number {
        return this._shapes[index] ?? 0;
    }

    public add(value: unknown): void {
        if (typeof value === 'number') {
            this.values[this.sampleCount++] = value;
            this._present |= 1 << this._position;
        }
        this._position++;
    }

    private read(counter: Counter | null): number {
        if (!counter?.name) return 0;
        const kind = COUNTER_KINDS.get(counter.type);
        if (kind === undefined) return 0;
        this._position = 0;
        this._present = 0;
        kind.read(counter, this);
        return this._present === 0 ? 0 : (counter.type << MAX_SAMPLES) | this._present;
    }
}

/** The kind of counter that a shape speaks of. */
export function kindOf(shape: number): { suffixes: readonly string[] } | undefined {
    return COUNTER_KINDS.get((shape >> MAX_SAMPLES) as CounterType);
}
