import { CounterType } from 'pip-services3-components-nodex';

import { CounterSeries, Exposition } from './Exposition';
import { CounterRule, FamilyRule, MetricFamily } from './families';
import { GrowingFamily, NewSeries, SeriesGroup } from './GrowingFamily';
import { formatLabel, joinLabels } from './labels';
import { SeriesName } from './mapping/Naming';
import { Label } from './names';
import { SeriesSet } from './SeriesSet';
import { Snapshot } from './Snapshot';

/**
 * All of an exposition that does not change while the counters live: families, series and their labels.
 *
 * It only grows, at its end, so that a body that is being written is not disturbed by the next one.
 * It holds no counters, only their names.
 */
export class Layout {
    private readonly _families: GrowingFamily[] = [];
    private readonly _familiesByName = new Map<string, GrowingFamily>();
    private readonly _names: string[] = [];
    private readonly _series: (CounterSeries | null)[] = [];
    private readonly _rules: CounterRule[] = [];
    private readonly _present: number[] = [];
    private readonly _commonOnly: string;
    private _valueCount = 0;
    private _arranged: readonly MetricFamily[] | null = null;
    /** Changes with all that may change how the families are arranged. */
    private _version = 0;

    /** @param _common the labels that all series have. */
    public constructor(
        private readonly _exposition: Exposition,
        private readonly _common: readonly Label[]
    ) {
        this._commonOnly = joinLabels(_exposition.style.joinLabels(_common, []).map(formatLabel));
    }

    /** The number of counters that are laid out. */
    public get size(): number {
        return this._names.length;
    }

    /** Gets the families as they are written. */
    public *arrange(): Generator<'', readonly MetricFamily[], void> {
        if (this._arranged !== null) return this._arranged;
        const version = this._version;
        const arranged = yield* this._exposition.style.arrange(this._families, this._exposition.onConflict);
        // Others may have been laid out during the pauses
        if (version === this._version) this._arranged = arranged;
        return arranged;
    }

    /** Whether the counter at an index of a snapshot is laid out at this index, with the same series. */
    public matches(snapshot: Snapshot, index: number): boolean {
        return (
            this._names[index] === snapshot.name(index) &&
            this._series[index] === snapshot.series(index) &&
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
        this._series.push(snapshot.series(index));
        this._rules.push(rule);
        this._present.push(present);
        this._valueCount += rule.width;
        if (present === 0) return;

        const series = snapshot.series(index) ?? this._exposition.name(name, snapshot.type(index));
        if (typeof series === 'string') return;
        this.addSeries(this.makeSeries(series, position), snapshot.type(index), rule, present);
    }

    private makeSeries(name: SeriesName, position: number): NewSeries {
        const text = this.format(name.labels);
        return { text, identity: this.identify(name.labels, text), position, name };
    }

    /**
     * Makes a text that all labels have which mean the same: their order does not count, and an empty value is as good as
     * no label. The rule: Prometheus documentation, concepts/data_model.md.
     */
    private identify(own: readonly Label[], text: string): string {
        const { style, resolvesEarly } = this._exposition;
        if (style.sortsLabels) return text;
        const filled = own.filter(([, value]) => value !== '');
        // Without mappings the labels of a metric have one order
        if (!resolvesEarly) return filled.length === own.length ? text : this.format(filled);
        const labels = [...style.joinLabels(this._common, filled)].sort(([one], [other]) => (one < other ? -1 : 1));
        return joinLabels(labels.map(formatLabel));
    }

    private format(own: readonly Label[]): string {
        if (own.length === 0) return this._commonOnly;
        return joinLabels(this._exposition.style.joinLabels(this._common, own).map(formatLabel));
    }

    private addSeries(series: NewSeries, type: CounterType, rule: CounterRule, present: number): void {
        const group = this.findGroup(series.name, rule, present);
        if (group === undefined) {
            this.addGroup(series, type, rule, present);
            return;
        }
        const isNew = group.series.add(series.identity);
        let { position } = series;
        let joined = 0;
        for (let row = 0; row < rule.families.length; row++) {
            const family = rule.families[row];
            if (family === undefined) continue;
            if ((present & (1 << row)) !== 0) {
                const known = group.families[joined++];
                known?.add(series, position, family, group, isNew);
                if (known?.hasRivals) this.rearrange();
            }
            position += family.width;
        }
    }

    private findGroup({ metric, mapping }: SeriesName, rule: CounterRule, present: number): SeriesGroup | undefined {
        const matches = (group: SeriesGroup) =>
            group.rule === rule && group.present === present && group.mapping === mapping;
        // The lowest bit that is set
        const first = rule.families[31 - Math.clz32(present & -present)];
        return first && findFamily(this._familiesByName.get(first.nameOf(metric)), first)?.findGroup(matches);
    }

    private addGroup(series: NewSeries, type: CounterType, rule: CounterRule, present: number): void {
        const { mapping } = series.name;
        const set = new SeriesSet(series.identity);
        const group: SeriesGroup = { type, rule, present, mapping, families: [], series: set };
        let { position } = series;
        rule.families.forEach((row, index) => {
            if ((present & (1 << index)) !== 0) group.families.push(this.joinFamily(row, group, series, position));
            position += row.width;
        });
        this.rearrange();
    }

    private rearrange(): void {
        this._arranged = null;
        this._version++;
    }

    private joinFamily(rule: FamilyRule, group: SeriesGroup, series: NewSeries, position: number): GrowingFamily {
        const name = rule.nameOf(series.name.metric);
        const named = this._familiesByName.get(name);
        const known = findFamily(named, rule);
        if (known !== undefined) {
            known.join(group, series);
            known.add(series, position, rule, group, true);
            return known;
        }
        const family = new GrowingFamily(name, rule, series, position, group, named);
        this._familiesByName.set(name, family);
        this._families.push(family);
        return family;
    }
}

/** Finds the family of a rule among those of one name. */
function findFamily(named: GrowingFamily | undefined, { type, rank }: FamilyRule): GrowingFamily | undefined {
    let family = named;
    while (family !== undefined && (family.rule.type !== type || family.rule.rank !== rank)) family = family.next;
    return family;
}
