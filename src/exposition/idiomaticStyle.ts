import { Counter, CounterType } from 'pip-services3-components-nodex';

import { HistogramOptions } from '../count/histogram/Histogram';
import { arrangeFamilies, DERIVED_RANK } from './arrangeFamilies';
import {
    boundLine,
    copyValue,
    CounterRule,
    counterRule,
    FamilyRule,
    Line,
    SampleValues,
    SINGLE_LINE,
} from './families';
import { withAffix } from './idiomaticNames';
import { isFilled } from './labels';
import { IdiomaticNaming } from './mapping/IdiomaticNaming';
import { measuredOf, sumOf } from './measured';
import { Label } from './names';
import { Style } from './Style';

/** A timing is recorded in ms and exposed in seconds. */
const MS_PER_SECOND = 1000;

const GAUGE: FamilyRule = {
    type: 'gauge',
    nameOf: (metric) => metric,
    lines: SINGLE_LINE,
    width: 1,
    extras: {},
    helpSuffix: '',
    rank: 2,
};
const COUNTER: FamilyRule = { ...GAUGE, type: 'counter', width: 2, extras: { created: 1 }, rank: 1 };
const TIMESTAMP: FamilyRule = { ...GAUGE, rank: 3 };
const MAX: FamilyRule = derived('_max', ' (maximum)');
const MIN: FamilyRule = derived('_min', ' (minimum)');
const SUM_AND_COUNT: readonly Line[] = [
    { suffix: '_sum', label: '' },
    { suffix: '_count', label: '' },
];
const SUMMARY: FamilyRule = {
    ...GAUGE,
    type: 'summary',
    lines: SUM_AND_COUNT,
    width: 4,
    extras: { created: 2, negative: 3 },
    rank: 0,
};

/**
 * Types, names and units as Prometheus recommends them: counters, gauges, summaries or histograms, in seconds.
 *
 * The conventions: Prometheus documentation, practices/naming.md.
 */
export const IDIOMATIC_STYLE: Style = {
    counters: new Map([
        [CounterType.Increment, counterRule([COUNTER], readCount)],
        [CounterType.LastValue, counterRule([GAUGE], ({ last }, values, at) => copyValue(last, values, at))],
        [
            CounterType.Timestamp,
            counterRule([TIMESTAMP], ({ time }, values, at) => copyValue(seconds(time), values, at)),
        ],
        [CounterType.Interval, summaryRule(MS_PER_SECOND)],
        [CounterType.Statistics, summaryRule(1)],
    ]),
    upDown: counterRule([GAUGE], ({ count }, values, at) => copyValue(count, values, at)),
    histogram: histogramRule,
    divisors: new Map([[CounterType.Interval, MS_PER_SECOND]]),
    hasTypes: true,
    sharesSeries: true,
    labelsContext: false,
    createNaming: (options) => new IdiomaticNaming(options),
    sortsLabels: true,
    joinLabels: joinSorted,
    arrange: arrangeFamilies,
};

/** The row of a gauge that stands beside a summary; no family gives way to it. */
function derived(affix: '_max' | '_min', helpSuffix: string): FamilyRule {
    return { ...GAUGE, nameOf: (metric) => withAffix(metric, affix), helpSuffix, rank: DERIVED_RANK };
}

function readCount(counter: Counter, values: SampleValues, at: number): number {
    values.numbers[at + 1] = createdOf(counter);
    // Whoever got the counter may have set it to what no metric of this type can be
    return counter.count >= 0 ? copyValue(counter.count, values, at) : 0;
}

function summaryRule(divisor: number): CounterRule {
    return counterRule([SUMMARY, MAX, MIN], (counter, values, at) => {
        const { max, min, count } = counter;
        const sum = sumOf(counter);
        values.numbers[at + 2] = createdOf(counter);
        values.numbers[at + 3] = Number(isNegative(min));
        const isCount = count >= 0 && Number.isSafeInteger(count);
        const hasSum = isCount ? copyValue(divide(sum, divisor), values, at) & copyValue(count, values, at + 1) : 0;
        const hasMax = copyValue(divide(max, divisor), values, at + SUMMARY.width);
        const hasMin = copyValue(divide(min, divisor), values, at + SUMMARY.width + MAX.width);
        return hasSum | (hasMax << 1) | (hasMin << 2);
    });
}

function histogramRule({ bounds }: HistogramOptions): CounterRule {
    const buckets = [...bounds.bounds, Infinity].map((bound) => boundLine('_bucket', 'le', bound));
    const size = buckets.length;
    const extras = { created: size + 2, negative: size + 3, native: size + 4 };
    const row: FamilyRule = {
        ...GAUGE,
        type: 'histogram',
        lines: [...buckets, ...SUM_AND_COUNT],
        width: size + 5,
        extras,
        rank: 0,
    };
    return counterRule([row], (counter, values, at) => {
        const { histogram } = measuredOf(counter);
        if (histogram == null) return 0;
        const { numbers, natives } = values;
        let count = 0;
        for (let bucket = 0; bucket < size; bucket++) {
            count += histogram.counts[bucket] ?? 0;
            numbers[at + bucket] = count;
        }
        numbers[at + size] = histogram.sum / bounds.divisor;
        numbers[at + size + 1] = count;
        numbers[at + extras.created] = createdOf(counter);
        // The sum may be above 0, but a parser that sees a bound below 0 does not know
        numbers[at + extras.negative] = Number(isNegative(counter.min) || isNegative(bounds.bounds[0]));
        numbers[at + extras.native] = histogram.native === null ? NaN : natives.push(histogram.native.copy()) - 1;
        return 1;
    });
}

/** Divides rather than multiplies by 0.001, which is another number in one case of eight. */
function divide(value: number | null | undefined, divisor: number): number | undefined {
    return value == null ? undefined : value / divisor;
}

function isNegative(value: number | null | undefined): boolean {
    return value != null && value < 0;
}

function seconds(time: unknown): number | undefined {
    return time instanceof Date && !Number.isNaN(time.getTime()) ? time.getTime() / MS_PER_SECOND : undefined;
}

function createdOf(counter: Counter): number {
    return measuredOf(counter).created ?? NaN;
}

/** Sorts labels by name. A label of the series replaces the common one of its name; empty ones are as good as none. */
function joinSorted(common: readonly Label[], own: readonly Label[]): readonly Label[] {
    return [...new Map([...common, ...own])].filter(isFilled).sort(([one], [other]) => (one < other ? -1 : 1));
}
