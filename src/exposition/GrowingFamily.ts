import { CounterRule, FamilyRule, MetricFamily } from './families';
import { SeriesName } from './mapping/Naming';
import { SeriesSet } from './SeriesSet';

/** Higher than the index of any mapping. */
const NO_MAPPING = 1e6;

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
export class GrowingFamily implements MetricFamily {
    public readonly metric: string;
    public readonly labels: string[];
    public readonly positions: number[];
    public rules: FamilyRule[] | null = null;
    public help: string | null;
    public mappingIndex: number;
    private _helpRank: number;
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
        { text, name: { metric, help, mapping, labels } }: NewSeries,
        position: number,
        private readonly _group: SeriesGroup,
        public readonly next: GrowingFamily | undefined
    ) {
        this.metric = metric;
        this.labels = [text];
        this.positions = [position];
        this.help = help;
        this.mappingIndex = mapping?.index ?? NO_MAPPING;
        this._helpRank = rankHelp(mapping, labels.length);
    }

    /** Finds a group that contributes to the family. */
    public findGroup(matches: (group: SeriesGroup) => boolean): SeriesGroup | undefined {
        return matches(this._group) ? this._group : this._shared?.groups.find(matches);
    }

    /** Takes in a further group. */
    public join(group: SeriesGroup, { name: { help, mapping, labels } }: NewSeries): void {
        this._shared ??= { groups: [], series: this._group.series.copy() };
        this._shared.groups.push(group);
        this.mappingIndex = Math.min(this.mappingIndex, mapping?.index ?? NO_MAPPING);
        const rank = rankHelp(mapping, labels.length);
        if (help === null || rank > this._helpRank || (rank === this._helpRank && help >= (this.help ?? ''))) return;
        this.help = help;
        this._helpRank = rank;
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

/** Of several texts of HELP the lowest rank counts: a given one, a mapping's, a standard name's, any other's. */
function rankHelp(mapping: SeriesName['mapping'], labelCount: number): number {
    if (mapping !== null) return mapping.help === undefined ? NO_MAPPING + mapping.index : mapping.index;
    return labelCount > 0 ? 2 * NO_MAPPING : 3 * NO_MAPPING;
}
