import { claimedNames, MetricFamily } from './families';
import type { GrowingFamily } from './GrowingFamily';
import { sortInSteps } from './sortInSteps';
import { OnConflict } from './Style';

/** The rank of families that stand beside the main one of their metric: they give way in silence, and go with it. */
export const DERIVED_RANK = 4;

/** How many families are looked at between two places where the caller can pause. */
const STEP = 256;

/**
 * Sorts families by name, without those that would have samples that another one has. Whose they are does not depend
 * on what was recorded first: the lower rank counts, then the earlier mapping, then the name.
 */
export function* arrangeFamilies(
    families: readonly GrowingFamily[],
    onConflict: OnConflict
): Generator<'', readonly MetricFamily[], void> {
    const owners = new Map<string, MetricFamily>();
    const lostSummaries = new Set<string>();
    const kept: MetricFamily[] = [];
    for (const [index, family] of (yield* sortInSteps(families, compareRights)).entries()) {
        if (index % STEP === 0) yield '';
        const isDerived = family.rule.rank === DERIVED_RANK;
        if (isDerived && lostSummaries.has(family.metric)) continue;
        const claimed = claimedNames(family);
        const owner = claimed.map((name) => owners.get(name)).find((other) => other !== undefined);
        if (owner === undefined) {
            claimed.forEach((name) => owners.set(name, family));
            kept.push(family.settle());
            if (family.hasRivals && !isDerived) onConflict(family.name, family.name);
        } else {
            if (family.rule.type === 'summary') lostSummaries.add(family.metric);
            if (!isDerived) onConflict(family.name, owner.name);
        }
    }
    return yield* sortInSteps(kept, (one, other) => compare(one.name, other.name));
}

function compareRights(one: MetricFamily, other: MetricFamily): number {
    return (
        one.rule.rank - other.rule.rank ||
        compare(one.mappingIndex, other.mappingIndex) ||
        compare(one.name, other.name) ||
        compare(one.rule.type, other.rule.type)
    );
}

/** Compares numbers, or texts by their code units. */
function compare<T extends number | string>(one: T, other: T): number {
    if (one === other) return 0;
    return one < other ? -1 : 1;
}
