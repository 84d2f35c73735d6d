import { CounterRule, FamilyRule, MetricFamily } from './families';
import { formatLabel, joinLabels } from './labels';
import { Label } from './names';
import { SeriesSet } from './SeriesSet';
import { Snapshot } from './Snapshot';
import { Style } from './Style';

interface GrowingFamily extends MetricFamily {
    readonly labels: string[];
    readonly positions: number[];
    /** The group that all series come from, as long as there is only one. */
    readonly group: SeriesGroup;
    /** The further groups, and the series of all of them. */
    shared: { readonly groups: SeriesGroup[]; readonly series: SeriesSet } | null;
}

/** What a counter adds to its families. */
interface Series {
    /** Its labels as they are written. */
    readonly text: string;
    /** The same without empty labels. */
    readonly identity: string;
    /** Where the values of the counter begin in a snapshot. */
    readonly position: number;
}

/** The counters of one metric that have the same families, and so the same series in each of them. */
interface SeriesGroup {
    readonly rule: CounterRule;
    readonly present: number;
    readonly families: GrowingFamily[];
    readonly series: SeriesSet;
}

/**
 * All of an exposition that does not change while the counters live: families, series and their labels.
 *
 * It only grows, at its end, so that a body that is being written is not disturbed by the next one.
 * It holds no counters, only their names.
 */
export class Layout {
    /** The families in the order of first appearance. */
    public readonly families: MetricFamily[] = [];
    private readonly _familiesByName = new Map<string, GrowingFamily>();
    private readonly _names: string[] = [];
    private readonly _rules: CounterRule[] = [];
    private readonly _present: number[] = [];
    private readonly _commonOnly: string;
    private _valueCount = 0;

    /** @param _common the labels that all series have. */
    public constructor(
        private readonly _style: Style,
        private readonly _common: readonly Label[]
    ) {
        this._commonOnly = joinLabels(_style.joinLabels(_common, []).map(formatLabel));
    }

    /** The number of counters that are laid out. */
    public get size(): number {
        return this._names.length;
    }

    /** Whether the counter at an index of a snapshot is laid out at this index, with the same series. */
    public matches(snapshot: Snapshot, index: number): boolean {
        return (
            this._names[index] === snapshot.name(index) &&
            this._rules[index] === snapshot.rules[index] &&
            this._present[index] === snapshot.present[index]
        );
    }

    /** Lays out the counter at an index of a snapshot, behind the ones that are there. */
    public add(snapshot: Snapshot, index: number): void {
        const name = snapshot.name(index);
        const rule = snapshot.rules[index];
        const present = snapshot.present[index] ?? 0;
        if (rule === undefined) return;
        const position = this._valueCount;
        this._names.push(name);
        this._rules.push(rule);
        this._present.push(present);
        this._valueCount += rule.width;
        if (present === 0) return;

        const { metric, labels } = this._style.parseName(name, snapshot.type(index));
        const series = this.makeSeries(labels, position);
        const group = this.findGroup(metric, rule, present);
        if (group === undefined) this.addGroup(metric, rule, present, series);
        else addToGroup(group, series);
    }

    private makeSeries(own: readonly Label[], position: number): Series {
        const text = this.format(own);
        // An empty label value means the same as no label: Prometheus documentation, concepts/data_model.md
        const identity = own.some(isEmpty) ? this.format(own.filter((label) => !isEmpty(label))) : text;
        return { text, identity, position };
    }

    private format(own: readonly Label[]): string {
        if (own.length === 0) return this._commonOnly;
        return joinLabels(this._style.joinLabels(this._common, own).map(formatLabel));
    }

    private findGroup(metric: string, rule: CounterRule, present: number): SeriesGroup | undefined {
        const isSame = (group: SeriesGroup) => group.rule === rule && group.present === present;
        // The lowest bit that is set
        const row = 31 - Math.clz32(present & -present);
        const family = this._familiesByName.get(rule.families[row]?.nameOf(metric) ?? '');
        if (family === undefined || isSame(family.group)) return family?.group;
        return family.shared?.groups.find(isSame);
    }

    private addGroup(metric: string, rule: CounterRule, present: number, first: Series): void {
        const group: SeriesGroup = { rule, present, families: [], series: new SeriesSet(first.identity) };
        let { position } = first;
        rule.families.forEach((row, index) => {
            if ((present & (1 << index)) !== 0)
                group.families.push(this.joinFamily(row, metric, group, first, position));
            position += row.width;
        });
    }

    private joinFamily(
        rule: FamilyRule,
        metric: string,
        group: SeriesGroup,
        { text, identity }: Series,
        position: number
    ): GrowingFamily {
        const name = rule.nameOf(metric);
        const known = this._familiesByName.get(name);
        if (known === undefined) {
            const family = { name, rule, labels: [text], positions: [position], group, shared: null };
            this._familiesByName.set(name, family);
            this.families.push(family);
            return family;
        }
        known.shared ??= { groups: [], series: known.group.series.copy() };
        known.shared.groups.push(group);
        if (known.shared.series.add(identity)) extendFamily(known, text, position);
        return known;
    }
}

function addToGroup(group: SeriesGroup, { text, identity, position }: Series): void {
    const isNew = group.series.add(identity);
    let row = 0;
    for (const family of group.families) {
        for (; (group.present & (1 << row)) === 0; row++) position += group.rule.families[row]?.width ?? 0;
        if (family.shared?.series.add(identity) ?? isNew) extendFamily(family, text, position);
        position += family.rule.width;
        row++;
    }
}

function extendFamily(family: GrowingFamily, text: string, position: number): void {
    family.labels.push(text);
    family.positions.push(position);
}

function isEmpty([, value]: Label): boolean {
    return value === '';
}
