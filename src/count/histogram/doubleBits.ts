const SCRATCH = new DataView(new ArrayBuffer(8));

/** The upper 32 bits of a double: sign, exponent, 20 bits of the mantissa. Negative for a negative number and -0. */
export function highWord(value: number): number {
    SCRATCH.setFloat64(0, value, true);
    return SCRATCH.getInt32(4, true);
}

/** The 52 bits of the mantissa of a normal double, as a whole number; 0 for a power of two. */
export function mantissa(value: number): number {
    SCRATCH.setFloat64(0, value, true);
    return (SCRATCH.getInt32(4, true) & 0xfffff) * 2 ** 32 + SCRATCH.getUint32(0, true);
}

/** The positive double with the given upper 32 bits, and zeros below. */
export function fromHighWord(word: number): number {
    SCRATCH.setInt32(0, word);
    SCRATCH.setInt32(4, 0);
    return SCRATCH.getFloat64(0);
}

/** The next higher double; Infinity after the highest one. */
export function nextUp(value: number): number {
    if (value === 0) return Number.MIN_VALUE;
    SCRATCH.setFloat64(0, value);
    SCRATCH.setBigInt64(0, SCRATCH.getBigInt64(0) + (value > 0 ? 1n : -1n));
    return SCRATCH.getFloat64(0);
}

/** The next lower double; -Infinity after the lowest one. */
export function nextDown(value: number): number {
    return -nextUp(-value);
}
