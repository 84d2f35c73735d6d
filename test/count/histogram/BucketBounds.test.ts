import fc from 'fast-check';

import { BucketBounds } from '../../../src/count/histogram/BucketBounds';

const DEFAULT_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The definition: the first bound that the exposed number is not above. */
function bucketOf(bounds: readonly number[], exposed: number): number {
    const bucket = bounds.findIndex((bound) => exposed <= bound);
    return bucket < 0 ? bounds.length : bucket;
}

/** The doubles next to a number on both sides, by their bits. */
function neighbours(value: number, distance: number): number[] {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    const bits = view.getBigInt64(0);
    const found: number[] = [];
    for (let offset = -distance; offset <= distance; offset++) {
        view.setBigInt64(0, bits + BigInt(offset));
        const neighbour = view.getFloat64(0);
        if (!Number.isNaN(neighbour)) found.push(neighbour);
    }
    return found;
}

function expectDefinition(bounds: readonly number[], divisor: number, recorded: readonly number[]): void {
    const subject = new BucketBounds(bounds, divisor);
    const wrong = recorded
        .map((value) => ({ value, bucket: subject.indexOf(value), expected: bucketOf(bounds, value / divisor) }))
        .filter(({ bucket, expected }) => bucket !== expected);
    expect(wrong).toEqual([]);
}

const EXTREMES = [0, -0, 1, -1, 5e-324, -5e-324, 2 ** -1022, 1e-300, -1e-300, 1e300, -1e300, 2 ** 31, 2 ** 53].concat(
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Infinity,
    -Infinity
);

const ordinaryBound = fc.oneof(
    fc.integer({ min: -2000, max: 20000 }).map((thousandths) => thousandths / 1000),
    fc.double({ noNaN: true, noDefaultInfinity: true })
);
const someBounds = fc
    .uniqueArray(ordinaryBound, { maxLength: 20, selector: (bound) => bound + 0 })
    .map((bounds) => bounds.sort((a, b) => a - b));

describe('the bucket of a recorded number', () => {
    test.each([
        [0, 0],
        [4, 0],
        [5, 0],
        [5.000000000000001, 1],
        [10, 1],
        [11, 2],
        [570, 7],
        [1000, 7],
        [1001, 8],
        [10000, 10],
        [10001, 11],
        [1e9, 11],
        [-3, 0],
    ])('%p ms is in bucket %p of the default ones', (recorded, expected) => {
        expect(new BucketBounds(DEFAULT_BOUNDS, 1000).indexOf(recorded)).toBe(expected);
    });

    test('is that of the quotient, where multiplying by a thousandth is not', () => {
        // 570 * 0.001 is 0.5700000000000001
        expect(new BucketBounds([0.57], 1000).indexOf(570)).toBe(0);
        const thousandths = Array.from({ length: 10000 }, (_, ms) => ms / 1000);
        expectDefinition(
            thousandths,
            1000,
            Array.from({ length: 10001 }, (_, ms) => ms)
        );
    });

    test.each([
        ['default bounds', DEFAULT_BOUNDS],
        ['no bounds', []],
        ['zero', [0]],
        ['negative ones', [-10, -1, -0.1]],
        ['both signs', [-1, 0, 1]],
        ['subnormal ones', [-5e-324, 5e-324, 1e-320, 2 ** -1022]],
        ['huge ones', [-1e306, 1e305, 1e306, 1.7e308]],
        ['all sizes', [1e-300, 1e-30, 1e-3, 1, 1e30, 1e300]],
        ['300 close ones', Array.from({ length: 300 }, (_, index) => 1 + index / 1e6)],
    ])('agrees with the definition at the thresholds, their neighbours and extremes: %s', (_, bounds) => {
        for (const divisor of [1, 1000]) {
            const thresholds = bounds.flatMap((bound) => neighbours(bound * divisor, 40));
            expectDefinition(bounds, divisor, [...EXTREMES, ...thresholds]);
        }
    });

    test('agrees with the definition for any bounds', () => {
        const anyNumber = fc.oneof(
            fc.double({ noNaN: true }),
            fc.integer({ min: -10, max: 20000 }),
            fc.double({ min: 0, max: 20000, noNaN: true })
        );
        fc.assert(
            fc.property(
                someBounds,
                fc.constantFrom(1, 1000),
                fc.array(anyNumber, { maxLength: 30 }),
                (bounds, divisor, numbers) => {
                    const near = bounds.flatMap((bound) => neighbours(bound * divisor, 2));
                    expectDefinition(bounds, divisor, [...numbers, ...near]);
                }
            ),
            { numRuns: 1000 }
        );
    });
});

test.each([
    [[0.1, 1], 1000, true],
    [[], 1, false],
    [[0.1, 1], 1, false],
    [[0.1], 1000, false],
    [[0.1, 1, 2], 1000, false],
    [[0.1, 2], 1000, false],
])('bounds of 0.1 and 1, divided by 1000, equal %p divided by %p: %p', (bounds, divisor, expected) => {
    expect(new BucketBounds([0.1, 1], 1000).equals(new BucketBounds(bounds, divisor))).toBe(expected);
});
