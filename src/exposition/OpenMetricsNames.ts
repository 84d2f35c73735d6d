import { claimedNames, FamilySet, MetricFamily } from './families';
import { MetadataNames, TextType } from './textFormats';

const TOTAL = '_total';
const CREATED = '_created';

/** How many families are looked at between two places where the caller can pause. */
const STEP = 256;

/** The names that the families of a list claim, and how many families are looked at. Lists only grow. */
interface ClaimedNames {
    readonly names: Set<string>;
    size: number;
}

const claimedBy = new WeakMap<readonly MetricFamily[], ClaimedNames>();

/** Finds the names and types that families have in OpenMetrics: OpenMetrics 1.0, "Counter" and "Suffixes". */
export class OpenMetricsNames implements MetadataNames {
    private constructor(private readonly _claimed: readonly ClaimedNames[]) {}

    /** Looks at all families, with places to pause. What is found is kept as long as the lists of families live. */
    public static *create(sets: readonly FamilySet[]): Generator<'', OpenMetricsNames, void> {
        const lists = sets.map(({ families }) => families);
        if (!lists.some((families) => families.some(isCounter))) return new OpenMetricsNames([]);
        const claimed: ClaimedNames[] = [];
        for (const families of lists) claimed.push(yield* findClaimed(families));
        return new OpenMetricsNames(claimed);
    }

    /** A counter is described without `_total`. */
    public nameOf(family: MetricFamily): string {
        return this.isPlainCounter(family) ? stemOf(family) : family.name;
    }

    /** A counter that cannot be described without `_total` is of an unknown type, which makes the same series of it. */
    public typeOf(family: MetricFamily): TextType {
        return isCounter(family) && !this.isPlainCounter(family) ? 'unknown' : family.rule.type;
    }

    /** Checks if a counter ends as it should, and does not get in the way of another family without that. */
    private isPlainCounter(family: MetricFamily): boolean {
        if (!isCounter(family) || !family.name.endsWith(TOTAL)) return false;
        const stem = stemOf(family);
        if (stem === '' || this.isClaimed(stem) || this.isClaimed(stem + CREATED)) return false;
        // Another counter may have this name for the time at which it began
        return !stem.endsWith(CREATED) || !this.isClaimed(stem.slice(0, -CREATED.length) + TOTAL);
    }

    private isClaimed(name: string): boolean {
        return this._claimed.some(({ names }) => names.has(name));
    }
}

function* findClaimed(families: readonly MetricFamily[]): Generator<'', ClaimedNames, void> {
    const claimed = claimedBy.get(families) ?? { names: new Set<string>(), size: 0 };
    claimedBy.set(families, claimed);
    while (claimed.size < families.length) {
        const family = families[claimed.size++];
        if (family !== undefined) claimedNames(family).forEach((name) => claimed.names.add(name));
        if (claimed.size % STEP === 0) yield '';
    }
    return claimed;
}

function stemOf({ name }: MetricFamily): string {
    return name.slice(0, -TOTAL.length);
}

function isCounter({ rule }: MetricFamily): boolean {
    return rule.type === 'counter';
}
