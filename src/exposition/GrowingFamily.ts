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

/** What a family has once several groups have series in it. */
interface SharedFamily {
    readonly labels: string[];
    readonly positions: number[];
    rules: FamilyRule[] | null;
    help: Help;
    mappingIndex: number;
    /** The series of all groups. */
    readonly series: SeriesSet;
    /** The group of each series. */
    readonly groupOf: SeriesGroup[];
    /** Series that another group has already. */
    readonly rivals: Member[];
}

/** A metric family to which series are added. As long as they are those of one group, that has all of them. */
export class GrowingFamily implements MetricFamily {
    private _shared: SharedFamily | null = null;

    /**
     * Makes a family of the series of one group.
     *
     * @param _offset   where the values begin among those of a counter of the group.
     * @param next      another family of the same name, which has another type or rank.
     */
    public constructor(
        public readonly name: string,
        public readonly rule: FamilyRule,
        private readonly _group: SeriesGroup,
        private readonly _offset: number,
        public readonly next: GrowingFamily | undefined
    ) {}

    public get metric(): string {
        return this._group.first.metric;
    }

    public get labels(): readonly string[] {
        return (this._shared ?? this._group).labels;
    }

    public get positions(): readonly number[] {
        return (this._shared ?? this._group).positions;
    }

    public get offset(): number {
        return this._shared === null ? this._offset : 0;
    }

    public get rules(): readonly FamilyRule[] | null {
        return this._shared === null ? null : this._shared.rules;
    }

    public get help(): string | null {
        return (this._shared?.help ?? this._group.first).help;
    }

    public get mappingIndex(): number {
        return this._shared?.mappingIndex ?? mappingIndexOf(this._group.first);
    }

    /** Whether counters of several types or mappings are the same series. */
    public get hasRivals(): boolean {
        return this._shared !== null && this._shared.rivals.length > 0;
    }

    /** Takes in a further group, of one series so far. */
    public join(group: SeriesGroup, series: Series, position: number, rule: FamilyRule, offset: number): void {
        const shared = (this._shared ??= this.separate());
        group.share(this, rule, offset);
        shared.mappingIndex = Math.min(shared.mappingIndex, mappingIndexOf(series));
        if (isBetterHelp(series, shared.help)) shared.help = series;
        this.add(series, position + offset, rule, group);
    }

    /** Adds a series that is new in its group to a family of several groups. */
    public add({ text, identity }: Series, position: number, rule: FamilyRule, group: SeriesGroup): void {
        const shared = this._shared;
        if (shared === null) return;
        if (!shared.series.add(identity)) {
            shared.rivals.push({ text, position, rule, group });
            return;
        }
        if (rule !== this.rule) shared.rules ??= shared.labels.map(() => this.rule);
        shared.rules?.push(rule);
        shared.groupOf.push(group);
        shared.labels.push(text);
        shared.positions.push(position);
    }

    /** Gives the family series of its own. A body that is being written goes on with those of the first group. */
    private separate(): SharedFamily {
        const { _group: group, _offset: offset } = this;
        group.share(this, this.rule, offset);
        return {
            labels: [...group.labels],
            positions: group.positions.map((position) => position + offset),
            rules: null,
            help: group.first,
            mappingIndex: mappingIndexOf(group.first),
            series: group.copySeries(),
            groupOf: group.labels.map(() => group),
            rivals: [],
        };
    }

    /** Gives the family with one of those series that are the same. Which one does not depend on what was recorded first. */
    public settle(): MetricFamily {
        if (this._shared === null || !this.hasRivals) return this;
        const { groupOf, rivals, labels, positions, rules } = this._shared;
        const members = new Map<string, Member>();
        for (const [index, text] of labels.entries()) {
            const [position = 0, rule = this.rule, group = this._group] = [
                positions[index],
                rules?.[index],
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
        mappingIndexOf(group.first) < mappingIndexOf(other.first) ||
        (group.first.mapping === other.first.mapping && group.type < other.type)
    );
}
