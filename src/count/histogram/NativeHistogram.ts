import { bucketIndex, coarserIndex, MAX_SCHEMA } from './bucketIndex';

/** The coarsest resolution: each bucket is 2^16 times as wide as the one below. */
const MIN_SCHEMA = -4;

/** How many buckets there is room for at first. */
const FIRST_CAPACITY = 8;

/**
 * The highest number, whatever its sign, that counts as zero. Prometheus takes a histogram without observations for a
 * classic one if this is 0.
 */
export const ZERO_THRESHOLD = 2 ** -128;

/** What native histograms of one configuration share. */
export interface NativeHistogramOptions {
    /** The resolution to begin with, from -4 to 8: there are 2^schema buckets between two powers of two. */
    readonly schema: number;
    /** How many buckets there may be from the lowest index to the highest one, of both signs together. */
    readonly maxBuckets: number;
}

/** The buckets of one sign, with the empty ones between: counts[0] is the count of the bucket `first`. */
export interface NativeBuckets {
    readonly first: number;
    readonly counts: readonly number[];
}

/** The coarsest schema whose buckets are not wider than a factor, as far as there is one from -4 to 8. */
export function schemaOf(factor: number): number {
    let schema = MAX_SCHEMA;
    while (schema > MIN_SCHEMA && 2 ** (2 ** (1 - schema)) <= factor) schema--;
    return schema;
}

/**
 * Counts of observations in buckets that grow exponentially: bucket i holds what is above 2^((i-1) * 2^-schema) and
 * not above 2^(i * 2^-schema).
 *
 * The buckets in use span at most `maxBuckets` indexes. Where an observation would widen that, buckets are merged in
 * pairs, which is one schema less, until it fits or the coarsest schema is reached. The schema never rises again, so
 * it does not depend on the order of observations and merges.
 */
export class NativeHistogram {
    private _zeroCount = 0;
    /** 8 - schema. */
    private _coarser: number;
    /** The index of the bucket that the counts of either sign begin with. */
    private _first = 0;
    private _positive: number[] = [];
    private _negative: number[] = [];

    public constructor(public readonly options: NativeHistogramOptions) {
        this._coarser = MAX_SCHEMA - options.schema;
    }

    public get schema(): number {
        return MAX_SCHEMA - this._coarser;
    }

    public get zeroCount(): number {
        return this._zeroCount;
    }

    public get positive(): NativeBuckets {
        return { first: this._first, counts: this._positive };
    }

    public get negative(): NativeBuckets {
        return { first: this._first, counts: this._negative };
    }

    /** Counts observations of one value, which must be finite. */
    public observe(value: number, times = 1): void {
        const magnitude = Math.abs(value);
        if (magnitude > ZERO_THRESHOLD) this.add(value < 0, bucketIndex(magnitude, this._coarser), times);
        else this._zeroCount += times;
    }

    /** Adds the observations of another one. Where the schemas differ, the result has the coarser one. */
    public merge(other: NativeHistogram): void {
        if (other._coarser > this._coarser) {
            const { lowest, highest } = this.usedIndexes();
            this.relocate(other._coarser - this._coarser, lowest, highest);
        }
        this._zeroCount += other._zeroCount;
        this.addAll(false, other._positive, other);
        this.addAll(true, other._negative, other);
    }

    public copy(): NativeHistogram {
        const copy = new NativeHistogram(this.options);
        copy._zeroCount = this._zeroCount;
        copy._coarser = this._coarser;
        copy._first = this._first;
        copy._positive = this._positive.slice();
        copy._negative = this._negative.slice();
        return copy;
    }

    private addAll(isNegative: boolean, counts: readonly number[], { _first, _coarser }: NativeHistogram): void {
        counts.forEach((count, slot) => {
            // An addition may make this histogram still coarser
            if (count > 0) this.add(isNegative, coarserIndex(_first + slot, this._coarser - _coarser), count);
        });
    }

    private add(isNegative: boolean, index: number, times: number): void {
        const counts = isNegative ? this._negative : this._positive;
        const slot = index - this._first;
        if (slot >= 0 && slot < counts.length) counts[slot] = (counts[slot] ?? 0) + times;
        else this.addOutside(isNegative, index, times);
    }

    /** Adds to a bucket that there is no room for yet. */
    private addOutside(isNegative: boolean, index: number, times: number): void {
        const used = this.usedIndexes();
        const lowest = Math.min(used.lowest, index);
        const highest = Math.max(used.highest, index);
        let steps = 0;
        while (this.isTooWide(coarserIndex(lowest, steps), coarserIndex(highest, steps), this.schema - steps)) steps++;

        this.relocate(steps, lowest, highest);
        if (isNegative && this._negative.length === 0) this._negative = this._positive.map(() => 0);
        this.add(isNegative, coarserIndex(index, steps), times);
    }

    private isTooWide(lowest: number, highest: number, schema: number): boolean {
        return highest - lowest >= this.options.maxBuckets && schema > MIN_SCHEMA;
    }

    /** The range of indexes that have counts; Infinity to -Infinity if there are none. */
    private usedIndexes(): { lowest: number; highest: number } {
        let lowest = Infinity;
        let highest = -Infinity;
        for (const counts of [this._positive, this._negative]) {
            const first = counts.findIndex((count) => count > 0);
            if (first < 0) continue;
            lowest = Math.min(lowest, this._first + first);
            highest = Math.max(highest, this._first + counts.findLastIndex((count) => count > 0));
        }
        return { lowest, highest };
    }

    /** Makes buckets coarser by so many steps, with room for a range of indexes as they were before, and some around. */
    private relocate(steps: number, lowest: number, highest: number): void {
        this._coarser += steps;
        // Nothing is counted yet that room would be needed for
        if (lowest > highest) return;

        const first = coarserIndex(lowest, steps);
        const width = coarserIndex(highest, steps) - first + 1;
        const capacity = Math.max(width, Math.min(Math.max(2 * width, FIRST_CAPACITY), this.options.maxBuckets));
        const start = first - ((capacity - width) >> 1);
        const move = (counts: readonly number[]): number[] => {
            const moved = new Array<number>(capacity).fill(0);
            counts.forEach((count, slot) => {
                if (count === 0) return;
                const target = coarserIndex(this._first + slot, steps) - start;
                moved[target] = (moved[target] ?? 0) + count;
            });
            return moved;
        };
        this._positive = move(this._positive);
        if (this._negative.length > 0) this._negative = move(this._negative);
        this._first = start;
    }
}
