import { CounterType } from 'pip-services3-components-nodex';

import { CounterRule, FamilyRule, MetricFamily } from './families';
import { Help, helpOf, isBetterHelp, mappingIndexOf } from './help';
import { SeriesName } from './mapping/Naming';
import { SeriesSet } from './SeriesSet';

/** The counters of one metric that have the same families, and so the same series in each of them. */
export interface SeriesGroup {
    readonly type: CounterType;
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
    /** The same for all texts that mean the same series. */
    readonly identity: string;
    /** Where the values of the counter begin in a snapshot. */
    readonly position: number;
    readonly name: SeriesName;
}

/** A series of a family. */
interface Member {
    readonly text: string;
    readonly position: number;
    readonly rule: FamilyRule;
    readonly group: SeriesGroup;
}

/** What is there once several groups have series in a family. */
interface SharedFamily {
    readonly groups: SeriesGroup[];
    /** The series of all groups. */
    readonly series: SeriesSet;
    /** The group of each series. */
    readonly groupOf: SeriesGroup[];
    /** Series that another group has already. */
    readonly rivals: Member[];
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
    private _shared: SharedFamily | null = null;

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
        const { help, helpRank } = helpOf(series.name);
        this.help = help;
        this.helpRank = helpRank;
        this.mappingIndex = mappingIndexOf(series.name);
    }

    /** Whether counters of several types or mappings are the same series. */
    public get hasRivals(): boolean {
        return this._shared !== null && this._shared.rivals.length > 0;
    }

    /** Finds a group that contributes to the family. */
    public findGroup(matches: (group: SeriesGroup) => boolean): SeriesGroup | undefined {
        return matches(this._group) ? this._group : this._shared?.groups.find(matches);
    }

    /** Takes in a further group. */
    public join(group: SeriesGroup, { name }: NewSeries): void {
        this._shared ??= {
            groups: [],
            series: this._group.series.copy(),
            groupOf: this.labels.map(() => this._group),
            rivals: [],
        };
        this._shared.groups.push(group);
        this.mappingIndex = Math.min(this.mappingIndex, mappingIndexOf(name));
        const described = helpOf(name);
        if (isBetterHelp(described, this)) Object.assign(this, described);
    }

    /**
     * Adds a series unless it is there.
     *
     * @param isNew     whether it is the first of its labels in its group.
     */
    public add(
        { text, identity }: NewSeries,
        position: number,
        rule: FamilyRule,
        group: SeriesGroup,
        isNew: boolean
    ): void {
        if (!isNew) return;
        if (this._shared?.series.add(identity) === false) {
            this._shared.rivals.push({ text, position, rule, group });
            return;
        }
        if (rule !== this.rule) this.rules ??= this.labels.map(() => this.rule);
        this.rules?.push(rule);
        this._shared?.groupOf.push(group);
        this.labels.push(text);
        this.positions.push(position);
    }

    /** Gives the family with one of those series that are the same. Which one does not depend on what was recorded first. */
    public settle(): MetricFamily {
        if (this._shared === null || !this.hasRivals) return this;
        const { groupOf, rivals } = this._shared;
        const members = new Map<string, Member>();
        for (const [index, text] of this.labels.entries()) {
            const [position = 0, rule = this.rule, group = this._group] = [
                this.positions[index],
                this.rules?.[index],
                groupOf[index],
            ];
            members.set(text, { text, position, rule, group });
        }
        for (const rival of rivals) {
            const member = members.get(rival.text);
            if (member === undefined || comesFirst(rival.group, member.group)) members.set(rival.text, rival);
        }
        const settled = [...members.values()].sort((one, other) => one.position - other.position);
        const { name, metric, rule, mappingIndex, help } = this;
        return {
            ...{ name, metric, rule, mappingIndex, help },
            rules: settled.map((member) => member.rule),
            labels: settled.map(({ text }) => text),
            positions: settled.map(({ position }) => position),
        };
    }
}

/** Whether a group comes before another one: the earlier mapping counts, then the type. */
function comesFirst(group: SeriesGroup, other: SeriesGroup): boolean {
    return (
        mappingIndexOf(group) - mappingIndexOf(other) < 0 ||
        (group.mapping === other.mapping && group.type < other.type)
    );
}
