import { limit } from '../limit';
import { BucketBounds } from './BucketBounds';
import { NativeHistogram, NativeHistogramOptions } from './NativeHistogram';

/** What the histograms of one configuration share. */
export interface HistogramOptions {
    /** The classic buckets. There may be none but the one up to Infinity. */
    readonly bounds: BucketBounds;
    /** The native buckets beside them, if there are any. */
    readonly native: NativeHistogramOptions | null;
}

/** How the observations of one series are distributed: over classic buckets, and over native ones if configured. */
export class Histogram {
    /** The observations in each classic bucket alone. */
    public readonly counts: number[];
    public readonly native: NativeHistogram | null;
    private _sum = 0;

    public constructor(public readonly options: HistogramOptions) {
        this.counts = new Array<number>(options.bounds.size).fill(0);
        this.native = options.native && new NativeHistogram(options.native);
    }

    /** The sum of all observations, as they were recorded. */
    public get sum(): number {
        return limit(this._sum);
    }

    /** Counts a recorded number, which must be finite. */
    public observe(recorded: number): void {
        const { bounds } = this.options;
        const bucket = bounds.indexOf(recorded);
        this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
        this.native?.observe(recorded / bounds.divisor);
        this._sum += recorded;
    }

    /**
     * Counts several recorded numbers of which little is known. They are counted where the highest one is, so no bucket
     * claims more than what is surely in it.
     *
     * @param highest   the highest number, which must be finite.
     * @param times     how many there are.
     * @param sum       what all of them add up to.
     */
    public add(highest: number, times: number, sum: number): void {
        const { bounds } = this.options;
        const bucket = bounds.indexOf(highest);
        this.counts[bucket] = (this.counts[bucket] ?? 0) + times;
        if (times > 0) this.native?.observe(highest / bounds.divisor, times);
        this._sum += sum;
    }

    /**
     * Adds the observations of another histogram.
     *
     * If it was made with other options, all that is known of an observation is the bucket that it was in. It is
     * counted at the upper bound of that bucket, so no bucket claims more than what is surely in it. Native buckets
     * that the other one has not get its observations there too (those of its last bucket at its highest finite
     * bound), since Prometheus refuses a native histogram whose buckets do not add up to its count.
     */
    public merge(other: Histogram): void {
        const sameBounds = this.options.bounds.equals(other.options.bounds);
        other.counts.forEach((count, index) => {
            const bucket = sameBounds ? index : this.bucketOfBound(other.options.bounds.bounds[index] ?? Infinity);
            this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
        });
        this._sum += other._sum;
        if (this.native === null) return;
        if (other.native !== null) {
            this.native.merge(other.native);
            return;
        }
        const { bounds } = other.options.bounds;
        for (const [index, count] of other.counts.entries()) {
            if (count > 0) this.native.observe(bounds[index] ?? bounds.at(-1) ?? 0, count);
        }
    }

    private bucketOfBound(upperBound: number): number {
        const bucket = this.options.bounds.bounds.findIndex((bound) => upperBound <= bound);
        return bucket < 0 ? this.options.bounds.size - 1 : bucket;
    }
}
