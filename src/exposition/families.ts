import { Counter } from 'pip-services3-components-nodex';

import type { NativeHistogram } from '../count/histogram/NativeHistogram';
import { formatBound } from './formatBound';
import { Label } from './names';

/** The types of metric families: Prometheus documentation, concepts/metric_types.md. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';

/** One of the lines that each series of a family has. */
export interface Line {
    /** What follows the name of the family, such as `_bucket`. */
    readonly suffix: string;
    /** The label that comes last and what closes the labels, such as `le="0.5"} `; empty for none. */
    readonly label: string;
    /** The number in the label, if there is one. */
    readonly bound?: number;
}

/** A family that a counter contributes one series to: a row of a style. */
export interface FamilyRule {
    readonly type: MetricType;
    /** Makes the name of the family, as the text format 0.0.4 has it, from the name of the metric. */
    readonly nameOf: (metric: string) => string;
    readonly lines: readonly Line[];
    /** How many values a series has in a snapshot: one for each line, in their order, then those of `extras`. */
    readonly width: number;
    /** Where in the values of a series there is what no line says; what is not there is missing. */
    readonly extras: SeriesExtras;
    /** What the HELP of the metric is followed by in this family. */
    readonly helpSuffix: string;
    /** Which of two families keeps its samples if both claim one: the lower rank. */
    readonly rank: number;
}

/** Offsets from the first value of a series. */
export interface SeriesExtras {
    /** When the series began, in ms since the epoch. */
    readonly created?: number;
    /** 1 if a negative value was observed, and else 0. */
    readonly negative?: number;
    /** The number of the native histogram in the snapshot. */
    readonly native?: number;
}

/** The values of all series of an exposition, at one instant. */
export interface SampleValues {
    readonly numbers: Float64Array;
    readonly natives: NativeHistogram[];
    /** By the place of a value in `numbers` an observation that is an example of it. */
    readonly exemplars?: ReadonlyMap<number, Exemplar>;
}

/** One of the observations that are counted in a value, such as a request with the id of its trace. */
export interface Exemplar {
    readonly labels: readonly Label[];
    readonly value: number;
    /** When it was observed, in seconds since the epoch. */
    readonly time: number | undefined;
}

/** How the counters of one type become series. */
export interface CounterRule {
    readonly families: readonly FamilyRule[];
    /** How many values a counter has in a snapshot: those of its families, in their order. */
    readonly width: number;
    /**
     * Copies the values of a counter from a place on. What is missing leaves a gap.
     *
     * @returns a bit for each family that there are values for, from bit 0 on.
     */
    readonly read: (counter: Counter, values: SampleValues, at: number) => number;
}

/** A metric family: the series that share one metric name. Those of later snapshots are added at its end. */
export interface MetricFamily {
    readonly name: string;
    /** The name of the metric that the family is of, which is that of its main family. */
    readonly metric: string;
    /** What the family is, and how its series are written unless `rules` says otherwise. */
    readonly rule: FamilyRule;
    /** For each series how it is written, once there are several ways, as histograms with other buckets are. */
    readonly rules: readonly FamilyRule[] | null;
    /** The lowest index of a mapping that gives series of the family, and a higher number if none does. */
    readonly mappingIndex: number;
    /** What the metric is about, not escaped; null for none. */
    readonly help: string | null;
    /** What stands between name and value in the lines of each series: its labels in braces, if any, and a blank. */
    readonly labels: readonly string[];
    /** Where the values of each series begin in a snapshot but for the offset, in ascending order. */
    readonly positions: readonly number[];
    /** What is added to all positions; what is before it is in the same snapshot. */
    readonly offset: number;
}

/** Families together with their values: what a format writes. */
export interface FamilySet {
    readonly families: readonly MetricFamily[];
    readonly values: SampleValues;
}

/** The line of a series that has a single value. */
export const SINGLE_LINE: readonly Line[] = [{ suffix: '', label: '' }];

/** Makes a line with a label that has a number, as those of buckets and quantiles. */
export function boundLine(suffix: string, label: 'le' | 'quantile', bound: number): Line {
    return { suffix, label: `${label}="${formatBound(bound)}"} `, bound };
}

/** Makes the rule of counters that contribute to the given families. */
export function counterRule(families: readonly FamilyRule[], read: CounterRule['read']): CounterRule {
    return { families, width: families.reduce((sum, { width }) => sum + width, 0), read };
}

/** Copies one value. @returns 1 if it is there, and 0 for anything but a number. */
export function copyValue(value: unknown, { numbers }: SampleValues, at: number): number {
    if (typeof value !== 'number') return 0;
    numbers[at] = value;
    return 1;
}

/** Whether the values of a series are those of this instant; what is laid out later has none yet. */
export function isIn({ numbers }: SampleValues, position: number | undefined): position is number {
    return position !== undefined && position < numbers.length;
}

/** Gets the names of the samples that families of a type may have, those that OpenMetrics reserves included. */
export function claimedNames({ name, rule }: Pick<MetricFamily, 'name' | 'rule'>): string[] {
    return (CLAIMED_SUFFIXES[rule.type] ?? ['']).map((suffix) => name + suffix);
}

/** The rule: OpenMetrics 1.0, "Suffixes". */
const CLAIMED_SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
    histogram: ['', '_bucket', '_sum', '_count', '_created'],
    summary: ['', '_sum', '_count', '_created'],
};
