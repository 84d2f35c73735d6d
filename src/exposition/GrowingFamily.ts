import { FamilyRule, MetricFamily } from './families';
import { Help, isBetterHelp, mappingIndexOf } from './help';
import { Series, SeriesGroup } from './SeriesGroup';
import { SeriesSet } from './SeriesSet';

/** A series of a family. */
interface Member {
    readonly text: string;
    readonly position: number;
    readonly rule: FamilyRule;
    readonly group: SeriesGroup;
}

/** What is there once several groups have series in a family. */
interface SharedFamily {
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
    public labels: string[];
    public positions: number[];
    public rules: FamilyRule[] | null = null;
    public help: string | null;
    public mappingIndex: number;
    public helpRank: number;
    private _shared: SharedFamily | null = null;

    /**
     * Makes a family of the series of one group.
     *
     * @param series    the first series of the group.
     * @param offset    where the values begin among those of a counter.
     * @param next      another family of the same name, which has another type or rank.
     */
    public constructor(
        public readonly name: string,
        public readonly rule: FamilyRule,
        series: Series,
        private readonly _group: SeriesGroup,
        public offset: number,
        public readonly next: GrowingFamily | undefined
    ) {
        this.metric = series.metric;
        this.labels = _group.labels;
        this.positions = _group.positions;
        this.help = series.help;
        this.helpRank = series.helpRank;
        this.mappingIndex = mappingIndexOf(series);
    }

    /** Whether counters of several types or mappings are the same series. */
    public get hasRivals(): boolean {
        return this._shared !== null && this._shared.rivals.length > 0;
    }

    /** Takes in a further group, of one series so far. */
    public join(group: SeriesGroup, series: Series, position: number, rule: FamilyRule, offset: number): void {
        this._shared ??= this.separate();
        group.share(this, rule, offset);
        this.mappingIndex = Math.min(this.mappingIndex, mappingIndexOf(series));
        if (isBetterHelp(series, this)) {
            this.help = series.help;
            this.helpRank = series.helpRank;
        }
        this.add(series, position + offset, rule, group);
    }

    /** Adds a series that is new in its group to a family of several groups. */
    public add({ text, identity }: Series, position: number, rule: FamilyRule, group: SeriesGroup): void {
        if (this._shared === null) return;
        if (!this._shared.series.add(identity)) {
            this._shared.rivals.push({ text, position, rule, group });
            return;
        }
        if (rule !== this.rule) this.rules ??= this.labels.map(() => this.rule);
        this.rules?.push(rule);
        this._shared.groupOf.push(group);
        this.labels.push(text);
        this.positions.push(position);
    }

    /** Gives the family series of its own. A body that is being written goes on with those of the first group. */
    private separate(): SharedFamily {
        const { _group: group, offset } = this;
        this.labels = [...group.labels];
        this.positions = group.positions.map((position) => position + offset);
        this.offset = 0;
        group.share(this, this.rule, offset);
        return { series: group.copySeries(), groupOf: this.labels.map(() => group), rivals: [] };
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
            offset: 0,
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
