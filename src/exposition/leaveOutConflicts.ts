import { claimedNames, FamilySet, isIn } from './families';
import { OnConflict } from './Style';

/** How many families are looked at between two places where the caller can pause. */
const STEP = 256;

/** Families that are not made of counters, and are written after those that are. */
export interface ForeignFamilies {
    readonly sets: readonly FamilySet[];
    /** Is told of families that are left out. */
    readonly onConflict: OnConflict;
}

/**
 * Leaves out the families of other registries that would have samples which one before them has: one of our own, or of
 * an earlier registry.
 */
export function* leaveOutConflicts(own: FamilySet, foreign: ForeignFamilies): Generator<'', FamilySet[], void> {
    /** The names of the families that samples belong to. */
    const owners = new Map<string, string>();
    let looked = 0;
    for (const family of own.families) {
        if (!isIn(own.values, family.positions[0])) continue;
        for (const sample of claimedNames(family)) owners.set(sample, family.name);
        if (++looked % STEP === 0) yield '';
    }
    return foreign.sets.map(({ families, values }) => ({
        families: families.filter((family) => {
            const claimed = claimedNames(family);
            const owner = claimed.map((sample) => owners.get(sample)).find((name) => name !== undefined);
            if (owner !== undefined) foreign.onConflict(family.name, owner);
            else for (const sample of claimed) owners.set(sample, family.name);
            return owner === undefined;
        }),
        values,
    }));
}
