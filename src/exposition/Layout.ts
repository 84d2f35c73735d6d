import { CounterType } from 'pip-services3-components-nodex';

import { CounterSeries, Exposition } from './Exposition';
import { CounterRule, FamilyRule, MetricFamily } from './families';
import { GrowingFamily } from './GrowingFamily';
import { helpOf } from './help';
import { formatLabel, isFilled, joinLabels } from './labels';
import { LabelTexts } from './LabelTexts';
import { SeriesName } from './mapping/Naming';
import { Label } from './names';
import { findGroup, Series, SeriesGroup } from './SeriesGroup';
import { Snapshot } from './Snapshot';

/** What is known of a counter that is laid out. It holds the name only, and not the counter. */
interface LaidOutCounter {
    readonly name: string;
    readonly type: CounterType;
    readonly named: CounterSeries | null;
    readonly rule: CounterRule;
    readonly present: number;
    /** Null if the counter has none. */
    readonly series: Series | null;
}

/**
 * All of an exposition that does not change while the counters live: families, series and their labels.
 *
 * It only grows, at its end, so that a body that is being written is not disturbed by the next one.
 */
export class Layout {
    private readonly _families: GrowingFamily[] = [];
    private readonly _familiesByName = new Map<string, GrowingFamily>();
    private readonly _groupsByMetric = new Map<string, SeriesGroup>();
    private readonly _counters: LaidOutCounter[] = [];
    private readonly _texts: LabelTexts;
    private _known: ReadonlyMap<string, LaidOutCounter> | null;
    private _valueCount = 0;
    private _arranged: readonly MetricFamily[] | null = null;
    /** Changes with all that may change how the families are arranged. */
    private _version = 0;

    /**
     * @param _common   the labels that all series have.
     * @param former    a layout of mostly the same counters in another order, of which the texts are taken over.
     */
    public constructor(
        private readonly _exposition: Exposition,
        private readonly _common: readonly Label[],
        former: Layout | null
    ) {
        this._texts = new LabelTexts(_exposition.style, _common);
        this._known = former && new Map(former._counters.map((counter) => [counter.name, counter]));
    }

    /** The number of counters that are laid out. */
    public get size(): number {
        return this._counters.length;
    }

    /** Gets the families as they are written, when all counters are laid out. */
    public *arrange(): Generator<'', readonly MetricFamily[], void> {
        this._known = null;
        if (this._arranged !== null) return this._arranged;
        const version = this._version;
        const arranged = yield* this._exposition.style.arrange(this._families, this._exposition.onConflict);
        // Others may have been laid out during the pauses
        if (version === this._version) this._arranged = arranged;
        return arranged;
    }

    /** Whether the counter at an index of a snapshot is laid out at this index, with the same series. */
    public matches(snapshot: Snapshot, index: number): boolean {
        const counter = this._counters[index];
        return (
            counter?.name === snapshot.name(index) &&
            counter.named === snapshot.series(index) &&
            counter.rule === snapshot.rules[index] &&
            counter.present === snapshot.present[index]
        );
    }

    /** Lays out the counter at an index of a snapshot, behind the ones that are there. */
    public add(snapshot: Snapshot, index: number): void {
        const name = snapshot.name(index);
        const type = snapshot.type(index);
        const named = snapshot.series(index);
        const rule = snapshot.rules[index];
        const present = snapshot.present[index] ?? 0;
        if (rule === undefined) return;
        const series = present === 0 ? null : this.findSeries(name, type, named);
        const position = this._valueCount;
        this._counters.push({ name, type, named, rule, present, series });
        this._valueCount += rule.width;
        if (series === null) return;

        const groups = this._groupsByMetric.get(series.metric);
        const group = findGroup(groups, rule, present, series.mapping);
        if (group === undefined)
            this.addGroup(series, position, new SeriesGroup(type, rule, present, series, position, groups));
        else if (group.add(series, position)) this.rearrange();
    }

    private rearrange(): void {
        this._arranged = null;
        this._version++;
    }

    private findSeries(name: string, type: CounterType, named: CounterSeries | null): Series | null {
        const known = this._known?.get(name);
        if (known?.type === type && known.series !== null && isSame(known.series, named)) return known.series;
        const found = named ?? this._exposition.name(name, type);
        return typeof found === 'string' ? null : this.makeSeries(found);
    }

    private makeSeries(name: SeriesName): Series {
        const { metric, labels, mapping } = name;
        const { help, helpRank } = helpOf(name);
        const text = this._texts.write(labels);
        return { metric, text, identity: this.identify(labels, text), help, helpRank, mapping };
    }

    /**
     * Makes a text that all labels have which mean the same: their order does not count, and an empty value is as good as
     * no label. The rule: Prometheus documentation, concepts/data_model.md.
     */
    private identify(own: readonly Label[], text: string): string {
        const { style, resolvesEarly } = this._exposition;
        if (style.sortsLabels) return text;
        // Without mappings the labels of a metric have one order
        if (!resolvesEarly && own.every(isFilled)) return text;
        const filled = own.filter(isFilled);
        if (!resolvesEarly) return this._texts.write(filled);
        const labels = [...style.joinLabels(this._common, filled)].sort(([one], [other]) => (one < other ? -1 : 1));
        return joinLabels(labels.map(formatLabel));
    }

    private addGroup(series: Series, position: number, group: SeriesGroup): void {
        this._groupsByMetric.set(series.metric, group);
        let offset = 0;
        let bit = 1;
        for (const family of group.rule.families) {
            if ((group.present & bit) !== 0) this.joinFamily(family, group, series, position, offset);
            offset += family.width;
            bit <<= 1;
        }
        this.rearrange();
    }

    private joinFamily(rule: FamilyRule, group: SeriesGroup, series: Series, position: number, offset: number): void {
        const name = rule.nameOf(series.metric);
        const named = this._familiesByName.get(name);
        const known = findFamily(named, rule);
        if (known !== undefined) {
            known.join(group, series, position, rule, offset);
            return;
        }
        const family = new GrowingFamily(name, rule, group, offset, named);
        this._familiesByName.set(name, family);
        this._families.push(family);
    }
}

/** Finds the family of a rule among those of one name. */
function findFamily(named: GrowingFamily | undefined, { type, rank }: FamilyRule): GrowingFamily | undefined {
    let family = named;
    while (family !== undefined && (family.rule.type !== type || family.rule.rank !== rank)) family = family.next;
    return family;
}

/** Whether a series that is known by the name of a counter is what the counter is said to be. Its labels are by the name alone. */
function isSame(known: Series, named: CounterSeries | null): boolean {
    if (named === null) return true;
    return named.help === known.help && named.mapping === known.mapping && helpOf(named).helpRank === known.helpRank;
}
