import { Counter } from 'pip-services3-components-nodex';

/** The types of metric families: Prometheus documentation, concepts/metric_types.md. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';

/** One of the lines that each series of a family has. */
export interface Line {
    /** What follows the name of the family, such as `_bucket`. */
    readonly suffix: string;
    /** The label that comes last, such as `le="0.5"`; empty for none. */
    readonly label: string;
}

/** A family that a counter contributes one series to: a row of a style. */
export interface FamilyRule {
    readonly type: MetricType;
    /** Makes the name of the family, as the text format 0.0.4 has it, from the name of the metric. */
    readonly nameOf: (metric: string) => string;
    readonly lines: readonly Line[];
    /** How many values a series has in a snapshot: one for each line, in their order, and what formats need beside. */
    readonly width: number;
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
    readonly read: (counter: Counter, values: Float64Array, at: number) => number;
}

/** A metric family: the series that share one metric name. Those of later snapshots are added at its end. */
export interface MetricFamily {
    readonly name: string;
    readonly rule: FamilyRule;
    /** What stands between name and value in the lines of each series: its labels in braces, if any, and a blank. */
    readonly labels: readonly string[];
    /** Where the values of each series begin in a snapshot, in ascending order. */
    readonly positions: readonly number[];
}

/** The line of a series that has a single value. */
export const SINGLE_LINE: readonly Line[] = [{ suffix: '', label: '' }];

/** Makes the rule of counters that contribute to the given families. */
export function counterRule(families: readonly FamilyRule[], read: CounterRule['read']): CounterRule {
    return { families, width: families.reduce((sum, { width }) => sum + width, 0), read };
}

/** Copies one value. @returns 1 if it is there, and 0 for anything but a number. */
export function copyValue(value: unknown, values: Float64Array, at: number): number {
    if (typeof value !== 'number') return 0;
    values[at] = value;
    return 1;
}
