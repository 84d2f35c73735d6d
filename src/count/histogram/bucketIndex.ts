import { highWord, mantissa } from './doubleBits';

/** The finest resolution: 2^8 buckets between two powers of two. */
export const MAX_SCHEMA = 8;

const BUCKETS = 2 ** MAX_SCHEMA;

/** Among numbers that have so many first bits of the mantissa in common there is at most one bound. */
const CELL_BITS = 9;

/** For each bucket between 1 and 2 the highest mantissa that belongs to it or to one below. */
const THRESHOLDS = mantissaThresholds();

/** For each beginning of a mantissa the first bucket that it can be in. */
const FIRST_BUCKETS = Array.from({ length: 2 ** CELL_BITS }, (_, cell) => {
    const lowest = cell * 2 ** (52 - CELL_BITS);
    return THRESHOLDS.findIndex((threshold) => lowest <= threshold);
});

/**
 * Finds the bucket of a native histogram that a number is in: the index i at which
 * 2^((i-1) * 2^-schema) < value <= 2^(i * 2^-schema).
 *
 * @param value     a positive number, not below 2^-1022.
 * @param coarser   how many times the buckets of the finest schema were merged in pairs: 8 - schema.
 */
export function bucketIndex(value: number, coarser: number): number {
    const word = highWord(value);
    let bucket = FIRST_BUCKETS[(word >> (20 - CELL_BITS)) & (2 ** CELL_BITS - 1)] ?? 0;
    if (mantissa(value) > (THRESHOLDS[bucket] ?? Infinity)) bucket++;
    return coarserIndex(((word >> 20) - 1023) * BUCKETS + bucket, coarser);
}

/** The index of a bucket after buckets were merged in pairs so many times: each time it becomes ceil(i / 2). */
export function coarserIndex(index: number, times: number): number {
    return (index + (1 << times) - 1) >> times;
}

/**
 * The mantissas of 2^(i / 256), rounded down, for i from 0 to 256.
 *
 * Made in whole numbers with 128 bits behind the point: a threshold that is off by one in the last place would put the
 * double at it into the wrong bucket.
 */
function mantissaThresholds(): number[] {
    const one = 1n << 128n;
    let root = 2n * one;
    for (let schema = 0; schema < MAX_SCHEMA; schema++) root = squareRoot(root * one, root);

    const thresholds: number[] = [];
    for (let power = one; thresholds.length < BUCKETS; power = (power * root) / one) {
        thresholds.push(Number((power - one) >> (128n - 52n)));
    }
    return [...thresholds, 2 ** 52];
}

/** The square root of a whole number, rounded down, by Newton's method from a number that is not below it. */
function squareRoot(square: bigint, above: bigint): bigint {
    let root = above;
    for (let next = (root + square / root) / 2n; next < root; next = (root + square / root) / 2n) root = next;
    return root;
}
