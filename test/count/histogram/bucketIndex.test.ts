import fc from 'fast-check';

import { bucketIndex, coarserIndex } from '../../../src/count/histogram/bucketIndex';

const SCHEMAS = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8];

/** A positive double as a whole number times a power of two. */
function exactly(value: number): { whole: bigint; exponent: number } {
    let exponent = 0;
    for (; !Number.isInteger(value); exponent--) value *= 2;
    return { whole: BigInt(value), exponent };
}

/** Whether value^(2^schema) <= 2^index, in whole numbers: the definition of the upper bound of a bucket. */
function isWithin(value: number, index: number, schema: number): boolean {
    const { whole, exponent } = exactly(value);
    const power = schema > 0 ? 2 ** schema : 1;
    const bound = schema > 0 ? index : index * 2 ** -schema;
    const left = whole ** BigInt(power);
    const shift = bound - exponent * power;
    return shift >= 0 && left <= 1n << BigInt(shift);
}

function indexAt(value: number, schema: number): number {
    return bucketIndex(value, 8 - schema);
}

function expectDefinition(value: number, schema: number): void {
    const index = indexAt(value, schema);
    const seen = { value, schema, index, within: isWithin(value, index, schema) };
    expect({ ...seen, belowToo: isWithin(value, index - 1, schema) }).toEqual({
        ...seen,
        within: true,
        belowToo: false,
    });
}

function neighbours(value: number): number[] {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    const bits = view.getBigInt64(0);
    return [-2n, -1n, 0n, 1n, 2n].map((offset) => {
        view.setBigInt64(0, bits + offset);
        return view.getFloat64(0);
    });
}

describe('the index of a native bucket', () => {
    test.each([
        [1, 0, 0],
        [2, 0, 1],
        [3, 0, 2],
        [4, 0, 2],
        [0.5, 0, -1],
        [0.75, 0, 0],
        [1, 3, 0],
        [2, 3, 8],
        [2, 8, 256],
        // The doubles around the square root of two
        [1.414213562373095, 1, 1],
        [1.4142135623730951, 1, 2],
        [1.5, 1, 2],
        [4, -1, 1],
        [5, -1, 2],
        [16, -1, 2],
        [0.25, -1, -1],
        [65536, -4, 1],
        [65537, -4, 2],
        [1 / 65536, -4, -1],
        [Number.MAX_VALUE, 0, 1024],
        [Number.MAX_VALUE, -4, 64],
        // 0.005 s and 0.07 s of the vector NH01
        [0.005, 3, -61],
        [0.07, 3, -30],
    ])('of %p at schema %p is %p', (value, schema, expected) => {
        expect(indexAt(value, schema)).toBe(expected);
    });

    test('is exact at each power of two and the doubles next to it', () => {
        for (let power = -127; power <= 1023; power++) {
            for (const schema of SCHEMAS) {
                // Adding 0 makes 0 of -0
                const at = Math.ceil(power * 2 ** schema) + 0;
                const above = Math.floor(power * 2 ** schema) + 1;
                const [, lower, exact, higher] = neighbours(2 ** power).map((value) => indexAt(value, schema));
                expect([power, schema, lower, exact, higher]).toEqual([power, schema, at, at, above]);
            }
        }
    });

    test('is exact at each of the 256 bounds between two powers of two and the doubles next to it', () => {
        for (let bound = 0; bound <= 256; bound++) {
            for (const value of neighbours(2 ** (bound / 256))) expectDefinition(value, 8);
        }
    });

    test('agrees with the logarithm over nine decades', () => {
        for (let step = 0; step < 100000; step++) {
            const value = 1e-6 * 10 ** ((9 * (step + 0.37)) / 100000);
            for (const schema of SCHEMAS) {
                // No step is so near to a bound that rounding the logarithm would matter: 1e-9 of a bucket
                const exact = Math.log2(value) * 2 ** schema;
                if (Math.abs(exact - Math.round(exact)) < 1e-9) continue;
                if (indexAt(value, schema) !== Math.ceil(exact)) {
                    expect([value, schema, indexAt(value, schema)]).toEqual([value, schema, Math.ceil(exact)]);
                }
            }
        }
    });

    test('meets the definition in whole numbers for any double', () => {
        fc.assert(
            fc.property(
                fc.double({ min: 2 ** -60, max: 2 ** 60, noNaN: true }),
                fc.constantFrom(...SCHEMAS),
                expectDefinition
            ),
            { numRuns: 2000 }
        );
    });
});

test.each([
    [5, 0, 5],
    [5, 1, 3],
    [4, 1, 2],
    [-5, 1, -2],
    [-4, 1, -2],
    [1, 1, 1],
    [0, 1, 0],
    [-1, 1, 0],
    [17, 4, 2],
    [16, 4, 1],
    [-16, 4, -1],
    [-15, 4, 0],
])('bucket %p is after %p mergers in pairs bucket %p', (index, times, expected) => {
    expect(coarserIndex(index, times)).toBe(expected);
});
