import { boundLine, Exemplar, FamilyRule, MetricType, SINGLE_LINE } from '../exposition/families';
import { LeftOut } from './LeftOut';
import { Sample } from './readSample';

/** The values of one series of a foreign metric, and how they are written. */
export interface Series {
    readonly rule: FamilyRule;
    readonly numbers: readonly number[];
    /** For each of the first numbers its exemplar, if it has one. */
    readonly exemplars: readonly (Exemplar | undefined)[];
}

/** How series are made of the values of a metric of one type. */
export interface SeriesKind {
    /** The label that tells the lines of a series apart, or null if each has one line. */
    readonly boundLabel: string | null;
    /**
     * Makes the series of all values that have its labels.
     *
     * @throws LeftOut if they do not make one.
     */
    readonly make: (samples: readonly Sample[]) => Series;
}

const SINGLE: FamilyRule = {
    type: 'unknown',
    nameOf: (metric) => metric,
    lines: SINGLE_LINE,
    width: 1,
    extras: {},
    helpSuffix: '',
    rank: 0,
};

/** The kinds of series by the type of the metric. */
export const SERIES_KINDS: Readonly<Record<MetricType, SeriesKind>> = {
    counter: single('counter'),
    gauge: single('gauge'),
    unknown: single('unknown'),
    histogram: { boundLabel: 'le', make: makeHistogram },
    summary: { boundLabel: 'quantile', make: makeSummary },
};

function single(type: MetricType): SeriesKind {
    const rule = { ...SINGLE, type };
    return {
        boundLabel: null,
        make: (samples) => {
            const sample = samples.find(({ suffix }) => suffix === '');
            if (sample === undefined) throw new LeftOut('a value is of another metric');
            return { rule, numbers: [sample.value], exemplars: [sample.exemplar] };
        },
    };
}

function makeHistogram(samples: readonly Sample[]): Series {
    const buckets = readLines(samples, '_bucket');
    const count = readCount(samples) ?? buckets.at(-1)?.value ?? NaN;
    if (buckets.at(-1)?.bound !== Infinity) buckets.push({ bound: Infinity, value: count, exemplar: undefined });
    const counts = buckets.map(({ value }) => value);
    const isHistogram = counts.every((value, bucket) => isCount(value) && value >= (counts[bucket - 1] ?? 0));
    if (!isHistogram || count !== counts.at(-1)) throw new LeftOut('the counts of its buckets make no histogram');
    if (buckets[0]?.bound === -Infinity) throw new LeftOut('a bound is no number');
    return makeSeries('histogram', '_bucket', buckets, readSum(samples), count, (buckets[0]?.bound ?? 0) < 0);
}

function makeSummary(samples: readonly Sample[]): Series {
    const quantiles = readLines(samples, '');
    const count = readCount(samples);
    if (count === undefined || !isCount(count)) throw new LeftOut('a summary has no count, or one that is no integer');
    if (quantiles.some(({ bound }) => bound < 0 || bound > 1)) throw new LeftOut('a quantile is not from 0 to 1');
    return makeSeries(
        'summary',
        '',
        quantiles,
        readSum(samples),
        count,
        quantiles.some(({ value }) => value < 0)
    );
}

/** One of several lines with a bound. */
interface BoundLine {
    readonly bound: number;
    readonly value: number;
    readonly exemplar: Exemplar | undefined;
}

function makeSeries(
    type: MetricType,
    suffix: string,
    lines: readonly BoundLine[],
    sum: number,
    count: number,
    hasNegative: boolean
): Series {
    const label = type === 'histogram' ? 'le' : 'quantile';
    const size = lines.length;
    return {
        rule: {
            ...SINGLE,
            type,
            lines: [
                ...lines.map(({ bound }) => boundLine(suffix, label, bound)),
                { suffix: '_sum', label: '' },
                { suffix: '_count', label: '' },
            ],
            width: size + 3,
            extras: { negative: size + 2 },
        },
        // OpenMetrics takes a sum for a counter, so one that is no number is as good as a negative one
        numbers: [...lines.map(({ value }) => value), sum, count, Number(hasNegative || !(sum >= 0))],
        exemplars: lines.map(({ exemplar }) => exemplar),
    };
}

/** Gets the lines with a bound in ascending order; of several with the same bound the first one. */
function readLines(samples: readonly Sample[], suffix: string): BoundLine[] {
    const lines = new Map<number, BoundLine>();
    for (const { suffix: own, bound: text = '', value, exemplar } of samples) {
        if (own !== suffix) continue;
        const bound = readBound(text);
        if (!lines.has(bound)) lines.set(bound, { bound, value, exemplar });
    }
    return [...lines.values()].sort((one, other) => (one.bound < other.bound ? -1 : 1));
}

function readBound(text: string): number {
    const bound = text === '+Inf' ? Infinity : Number(text.trim() === '' ? NaN : text);
    if (Number.isNaN(bound)) throw new LeftOut('a bound is no number');
    return bound;
}

function readCount(samples: readonly Sample[]): number | undefined {
    return samples.find(({ suffix }) => suffix === '_count')?.value;
}

function readSum(samples: readonly Sample[]): number {
    const sum = samples.find(({ suffix }) => suffix === '_sum')?.value;
    if (sum === undefined) throw new LeftOut('a series has no sum');
    return sum;
}

function isCount(value: number): boolean {
    return Number.isSafeInteger(value) && value >= 0;
}
