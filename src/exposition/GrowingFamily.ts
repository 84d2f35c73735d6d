import { CounterRule, FamilyRule, MetricFamily } from './families';
import { Help, isBetterHelp, NO_MAPPING, rankHelp } from './help';
import { SeriesName } from './mapping/Naming';
import { SeriesSet } from './SeriesSet';

/** The counters of one metric that have the same families, and so the same series in each of them. */
export interface SeriesGroup {
    readonly rule: CounterRule;
    /** The bits of the families that the counters have values for. */
    readonly present: number;
    readonly mapping: SeriesName['mapping'];
    readonly families: GrowingFamily[];
    readonly series: SeriesSet;
}

/** What a counter adds to its families. */
export interface NewSeries {
    /** Its labels as they are written. */
    readonly text: string;
    /** The same without empty labels. */
    readonly identity: string;
    /** Where the values of the counter begin in a snapshot. */
    readonly position: number;
    readonly name: SeriesName;
}

/** A metric family to which series are added. */
export class GrowingFamily implements MetricFamily, Help {
    public readonly metric: string;
    public readonly labels: string[];
    public readonly positions: number[];
    public rules: FamilyRule[] | null = null;
    public help: string | null;
    public mappingIndex: number;
    public helpRank: number;
    /** The groups behind the first one, and the series of all of them. */
    private _shared: { readonly groups: SeriesGroup[]; readonly series: SeriesSet } | null = null;

    /**
     * Makes a family of one series.
     *
     * @param _group    the group that the series is in.
     * @param next      another family of the same name, which has another type or rank.
     */
    public constructor(
        public readonly name: string,
        public readonly rule: FamilyRule,
        series: NewSeries,
        position: number,
        private readonly _group: SeriesGroup,
        public readonly next: GrowingFamily | undefined
    ) {
        this.metric = series.name.metric;
        this.labels = [series.text];
        this.positions = [position];
        this.help = series.name.help;
        this.helpRank = rankHelp(series.name);
        this.mappingIndex = series.name.mapping?.index ?? NO_MAPPING;
    }

    /** Finds a group that contributes to the family. */
    public findGroup(matches: (group: SeriesGroup) => boolean): SeriesGroup | undefined {
        return matches(this._group) ? this._group : this._shared?.groups.find(matches);
    }

    /** Takes in a further group. */
    public join(group: SeriesGroup, { name }: NewSeries): void {
        this._shared ??= { groups: [], series: this._group.series.copy() };
        this._shared.groups.push(group);
        this.mappingIndex = Math.min(this.mappingIndex, name.mapping?.index ?? NO_MAPPING);
        const described = { help: name.help, helpRank: rankHelp(name) };
        if (isBetterHelp(described, this)) Object.assign(this, described);
    }

    /**
     * Adds a series unless it is there.
     *
     * @param isNew     whether it is the first of its labels in its group.
     */
    public add({ text, identity }: NewSeries, position: number, rule: FamilyRule, isNew: boolean): void {
        if (!(this._shared?.series.add(identity) ?? isNew)) return;
        if (rule !== this.rule) this.rules ??= this.labels.map(() => this.rule);
        this.rules?.push(rule);
        this.labels.push(text);
        this.positions.push(position);
    }
}
