import { CounterType } from 'pip-services3-components-nodex';

import { CounterRule, FamilyRule } from './families';
import { GrowingFamily } from './GrowingFamily';
import { Help } from './help';
import { SeriesName } from './mapping/Naming';
import { SeriesSet } from './SeriesSet';

/** A series of a metric, whatever its families are. */
export interface Series extends Help {
    readonly metric: string;
    readonly mapping: SeriesName['mapping'];
    /** Its labels as they are written. */
    readonly text: string;
    /** The same for all texts that mean the same series. */
    readonly identity: string;
}

/** One of the families that the counters of a group contribute to. */
interface GroupFamily {
    readonly family: GrowingFamily;
    readonly rule: FamilyRule;
    /** Where its values begin among those of a counter. */
    readonly offset: number;
}

/** The counters of one metric that have the same families, and so the same series in each of them. */
export class SeriesGroup {
    /** The labels of each series, for all families that no other group contributes to. */
    public readonly labels: string[];
    /** Where the values of the counter of each series begin in a snapshot. */
    public readonly positions: number[];
    /** The families that other groups contribute to as well. */
    private _shared: GroupFamily[] | null = null;
    private readonly _series: SeriesSet;

    /**
     * Makes a group of one counter.
     *
     * @param present   the bits of the families that the counters have values for.
     * @param first     the series of the counter.
     * @param next      another group of the same metric.
     */
    public constructor(
        public readonly type: CounterType,
        public readonly rule: CounterRule,
        public readonly present: number,
        public readonly first: Series,
        position: number,
        public readonly next: SeriesGroup | undefined
    ) {
        this.labels = [first.text];
        this.positions = [position];
        this._series = new SeriesSet(first.identity);
    }

    /**
     * Adds a counter, unless its series is there.
     *
     * @returns whether another group has the series in a family, so that one of both must be chosen.
     */
    public add(series: Series, position: number): boolean {
        if (!this._series.add(series.identity)) return false;
        this.labels.push(series.text);
        this.positions.push(position);
        if (this._shared === null) return false;
        for (const { family, rule, offset } of this._shared) family.add(series, position + offset, rule, this);
        return this._shared.some(({ family }) => family.hasRivals);
    }

    /** Notes that another group contributes to a family of this one. */
    public share(family: GrowingFamily, rule: FamilyRule, offset: number): void {
        this._shared ??= [];
        this._shared.push({ family, rule, offset });
    }

    /** The series of the group. */
    public copySeries(): SeriesSet {
        return this._series.copy();
    }
}

/** Finds a group among those of one metric. */
export function findGroup(
    groups: SeriesGroup | undefined,
    rule: CounterRule,
    present: number,
    mapping: SeriesName['mapping']
): SeriesGroup | undefined {
    let group = groups;
    while (
        group !== undefined &&
        (group.rule !== rule || group.present !== present || group.first.mapping !== mapping)
    ) {
        group = group.next;
    }
    return group;
}
