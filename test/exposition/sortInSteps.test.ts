import fc from 'fast-check';

import { sortInSteps } from '../../src/exposition/sortInSteps';

/** Sorts, and gives the result and the most comparisons between two pauses. */
function sort<T>(items: readonly T[], compare: (one: T, other: T) => number): { sorted: T[]; most: number } {
    let comparisons = 0;
    let most = 0;
    const steps = sortInSteps(items, (one, other) => {
        comparisons++;
        return compare(one, other);
    });
    for (;;) {
        const { done, value } = steps.next();
        most = Math.max(most, comparisons);
        comparisons = 0;
        if (done) return { sorted: value, most };
    }
}

test('sorts as Array.sort() does: equal items keep their order', () => {
    const items = fc.array(fc.nat(50), { maxLength: 3000, size: 'max' });
    fc.assert(
        fc.property(items, (keys) => {
            const pairs = keys.map((key, index) => ({ key, index }));
            const byKey = (one: { key: number }, other: { key: number }) => one.key - other.key;
            expect(sort(pairs, byKey).sorted).toEqual([...pairs].sort(byKey));
        }),
        { numRuns: 50 }
    );
});

test('pauses often, however many items there are', () => {
    const items = Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 50_021);
    const { sorted, most } = sort(items, (one, other) => one - other);
    expect(sorted).toEqual([...items].sort((one, other) => one - other));
    expect(most).toBeLessThan(6000);
});
