import { NO_SUFFIXES, Suffixes } from './kinds';
import { formatLabel, joinLabels } from './labels';
import { Label, parseCounterName } from './names';
import { SeriesSet } from './SeriesSet';
import { Snapshot } from './Snapshot';

/** What follows the last sample of a family: a number that no sample has. */
const END = 0x3fffffff;

/** A metric family: the series that share one metric name, linked by the numbers of their samples. */
export interface MetricFamily {
    readonly name: string;
    readonly first: number;
    last: number;
    /** The group that all series come from, as long as there is only one. */
    readonly group: SampleGroup;
    /** The further groups, and the series of all of them. */
    shared: { groups: SampleGroup[]; series: SeriesSet } | null;
}

/** The counters of one metric that have the same samples, and so the same series in each of its families. */
interface SampleGroup {
    readonly suffixes: Suffixes;
    readonly families: MetricFamily[];
    readonly series: SeriesSet;
}

/**
 * All of an exposition that does not change while the counters live: families, series and their labels.
 *
 * It only grows, at its end, so that a body that is being written is not disturbed by the next one.
 * It holds no counters, only their names.
 */
export class Layout {
    /** The families in the order of first appearance, and so of their first samples. */
    public readonly families: MetricFamily[] = [];
    /** What stands between name and value in the line of each sample. */
    public readonly labels: string[] = [];
    /** For each sample the number of the next one in its family, or a number higher than all behind the last. */
    public readonly next: number[] = [];
    private readonly _familiesByName = new Map<string, MetricFamily>();
    private readonly _names: string[] = [];
    private readonly _suffixes: Suffixes[] = [];
    private readonly _common: readonly string[];
    private readonly _commonOnly: string;

    /** @param common the labels that come first in every series. */
    public constructor(common: readonly Label[]) {
        this._common = common.map(formatLabel);
        this._commonOnly = joinLabels(this._common);
    }

    /** The number of counters that are laid out. */
    public get size(): number {
        return this._names.length;
    }

    /** Whether the counter at an index of a snapshot is laid out at this index, with the same samples. */
    public matches(snapshot: Snapshot, index: number): boolean {
        return this._names[index] === snapshot.name(index) && this._suffixes[index] === snapshot.suffixes[index];
    }

    /** Lays out the counter at an index of a snapshot, behind the ones that are there. */
    public add(snapshot: Snapshot, index: number): void {
        const name = snapshot.name(index);
        const suffixes = snapshot.suffixes[index] ?? NO_SUFFIXES;
        this._names.push(name);
        this._suffixes.push(suffixes);
        if (suffixes.length === 0) return;

        const { metric, labels } = parseCounterName(name);
        const text = this.format(labels);
        // An empty label value means the same as no label: Prometheus documentation, concepts/data_model.md
        const identity = labels.some(isEmpty) ? this.format(labels.filter((label) => !isEmpty(label))) : text;
        const group = this.findGroup(metric, suffixes);
        const isNew = group.series.add(identity);
        for (const family of group.families) {
            this.addSample(family, text, family.shared?.series.add(identity) ?? isNew);
        }
    }

    private format(labels: readonly Label[]): string {
        return labels.length === 0 ? this._commonOnly : joinLabels(this._common.concat(labels.map(formatLabel)));
    }

    private addSample(family: MetricFamily, labels: string, isNew: boolean): void {
        const sample = this.labels.push(labels) - 1;
        this.next.push(END);
        if (!isNew || sample === family.first) return;
        this.next[family.last] = sample;
        family.last = sample;
    }

    private findGroup(metric: string, suffixes: Suffixes): SampleGroup {
        const family = this._familiesByName.get(metric + (suffixes[0] ?? ''));
        if (family?.group.suffixes === suffixes) return family.group;
        return family?.shared?.groups.find((group) => group.suffixes === suffixes) ?? this.addGroup(metric, suffixes);
    }

    private addGroup(metric: string, suffixes: Suffixes): SampleGroup {
        const group = { suffixes, families: [] as MetricFamily[], series: new SeriesSet() };
        for (const suffix of suffixes) {
            const family = this.joinFamily(metric + suffix, group, this.labels.length + group.families.length);
            group.families.push(family);
        }
        return group;
    }

    private joinFamily(name: string, group: SampleGroup, sample: number): MetricFamily {
        const known = this._familiesByName.get(name);
        if (known !== undefined) {
            known.shared ??= { groups: [], series: known.group.series.copy() };
            known.shared.groups.push(group);
            return known;
        }
        const family = { name, first: sample, last: sample, group, shared: null };
        this._familiesByName.set(name, family);
        this.families.push(family);
        return family;
    }
}

function isEmpty([, value]: Label): boolean {
    return value === '';
}
