import { fromHighWord, highWord, nextDown, nextUp } from './doubleBits';

/** How many low bits of the upper word of a double a cell leaves out: the exponent and 5 bits of the mantissa stay. */
const CELL_SHIFT = 15;

/**
 * The upper bounds of the classic buckets of a histogram. All series of one configuration share them.
 *
 * A bucket is found by the exponent and the first bits of the mantissa: a table gives the first bucket that numbers
 * beginning so can be in, and it is at most a few steps from there, however many buckets there are.
 */
export class BucketBounds {
    /** For each bucket the highest recorded number that belongs to it or to one below. */
    private readonly _thresholds: readonly number[];
    /** The cell of the lowest threshold above zero is the second of the table; the first is for all that is lower. */
    private readonly _firstCell: number;
    /** The first bucket for each cell; the last cell is for all that is higher than the finite bounds. */
    private readonly _firstBuckets: Uint16Array;

    /**
     * @param bounds    the finite bounds, in increasing order and in the unit that is exposed. A last one of
     *                  Infinity is there always, and is not given. It may be empty.
     * @param divisor   what a recorded number is divided by to get the exposed unit: 1000 for ms that become seconds.
     */
    public constructor(
        public readonly bounds: readonly number[],
        public readonly divisor: number
    ) {
        const finite = bounds.map((bound) => highestRecorded(bound, divisor));
        this._thresholds = [...finite, Infinity];

        const positive = finite.filter((threshold) => threshold > 0).map(cellOf);
        this._firstCell = (positive[0] ?? 0) - 1;
        const lastCell = (positive.at(-1) ?? -1) + 1;
        this._firstBuckets = Uint16Array.from({ length: lastCell - this._firstCell + 1 }, (_, offset) => {
            if (offset === 0) return 0;
            const lowest = fromHighWord((this._firstCell + offset) << CELL_SHIFT);
            return this._thresholds.findIndex((threshold) => lowest <= threshold);
        });
    }

    /** The number of buckets, the one up to Infinity included. */
    public get size(): number {
        return this._thresholds.length;
    }

    /** Whether other bounds put every recorded number into the same bucket. */
    public equals(other: BucketBounds): boolean {
        if (this === other) return true;
        return (
            this.divisor === other.divisor &&
            this.size === other.size &&
            this.bounds.every((bound, index) => bound === other.bounds[index])
        );
    }

    /**
     * Finds the bucket of a recorded number: the first one whose bound is not lower. It is the very one that dividing
     * the number and comparing it with each bound gives.
     *
     * @param recorded  any number but NaN.
     */
    public indexOf(recorded: number): number {
        const cell = Math.min(Math.max(cellOf(recorded) - this._firstCell, 0), this._firstBuckets.length - 1);
        let index = this._firstBuckets[cell] ?? 0;
        while (recorded > (this._thresholds[index] ?? Infinity)) index++;
        return index;
    }
}

/** Numbers of one cell begin with the same bits. Cells increase with positive numbers; they are negative for others. */
function cellOf(value: number): number {
    return highWord(value) >> CELL_SHIFT;
}

/** The highest number that, divided, is not above a bound. Multiplying alone may miss it by one double or more. */
function highestRecorded(bound: number, divisor: number): number {
    let recorded = Math.min(Math.max(bound * divisor, -Number.MAX_VALUE), Number.MAX_VALUE);
    while (recorded / divisor > bound) recorded = nextDown(recorded);
    while (nextUp(recorded) / divisor <= bound) recorded = nextUp(recorded);
    return recorded;
}
