import { claimedNames, FamilySet, MetricFamily } from './families';
import { MetadataNames } from './textFormats';

const TOTAL = '_total';

/** Finds the names and types that families have in OpenMetrics: OpenMetrics 1.0, "Counter" and "Suffixes". */
export class OpenMetricsNames implements MetadataNames {
    private readonly _claimed = new Set<string>();

    public constructor(sets: readonly FamilySet[]) {
        const families = sets.flatMap((set) => set.families);
        if (!families.some(isCounter)) return;
        for (const family of families) claimedNames(family).forEach((name) => this._claimed.add(name));
    }

    /** A counter is described without `_total`. */
    public nameOf(family: MetricFamily): string {
        return this.isPlainCounter(family) ? stemOf(family) : family.name;
    }

    /** A counter that cannot be described without `_total` is of an unknown type, which makes the same series of it. */
    public typeOf(family: MetricFamily): string {
        return isCounter(family) && !this.isPlainCounter(family) ? 'unknown' : family.rule.type;
    }

    /** Checks if a counter ends as it should, and does not get in the way of another family without that. */
    private isPlainCounter(family: MetricFamily): boolean {
        if (!isCounter(family) || !family.name.endsWith(TOTAL)) return false;
        const stem = stemOf(family);
        return stem !== '' && !this._claimed.has(stem) && !this._claimed.has(`${stem}_created`);
    }
}

function stemOf({ name }: MetricFamily): string {
    return name.slice(0, -TOTAL.length);
}

function isCounter({ rule }: MetricFamily): boolean {
    return rule.type === 'counter';
}
