import { Query, Unit } from './panels';

/** How long something took, as one way of recording it can tell. */
export interface Timings {
    readonly unit: Unit;
    /** The one number that says most. */
    readonly main: { readonly name: string; of(metric: string, labels: readonly string[]): string };
    /** All that is worth a line. */
    all(metric: string): readonly Query[];
}

const QUANTILES = [0.5, 0.95, 0.99];

/** A metric is named without its unit, such as exec_time; `where` are the matchers of each query. */
export function classicTimings(where: string): Timings {
    return quantileTimings(
        (quantile, metric, labels) =>
            `histogram_quantile(${quantile}, sum by (${[...labels, 'le'].join(', ')}) (` +
            `rate(${metric}_seconds_bucket{${where}}[$__rate_interval])))`
    );
}

export function nativeTimings(where: string): Timings {
    return quantileTimings(
        (quantile, metric, labels) =>
            `histogram_quantile(${quantile}, ${sumBy(labels)} (rate(${metric}_seconds{${where}}[$__rate_interval])))`
    );
}

export function summaryTimings(where: string): Timings {
    const mean = (metric: string, labels: readonly string[]) => {
        const sum = (line: string) => `${sumBy(labels)} (rate(${metric}_seconds_${line}{${where}}[$__rate_interval]))`;
        return `${sum('sum')} / ${sum('count')}`;
    };
    return meanTimings('s', mean, (metric) => `max(${metric}_max_seconds{${where}})`);
}

/** Average × count is the sum; rounded, as its last digits fall now and then, which increase() takes for a reset. */
export function compatibleTimings(where: string): Timings {
    const mean = (metric: string, labels: readonly string[]) => {
        const sum = `round(${metric}_average{${where}} * ${metric}_count{${where}}, 0.001)`;
        return (
            `${sumBy(labels)} (increase((${sum})[5m:15s]))` +
            ` / ${sumBy(labels)} (increase(${metric}_count{${where}}[5m:15s]))`
        );
    };
    return meanTimings('ms', mean, (metric) => `max(${metric}_max{${where}})`);
}

function quantileTimings(quantileOf: (quantile: number, metric: string, labels: readonly string[]) => string): Timings {
    return {
        unit: 's',
        main: { name: 'p95', of: (metric, labels) => quantileOf(0.95, metric, labels) },
        all: (metric) =>
            QUANTILES.map((quantile) => [`p${Math.round(quantile * 100)}`, quantileOf(quantile, metric, [])] as const),
    };
}

function meanTimings(
    unit: Unit,
    mean: (metric: string, labels: readonly string[]) => string,
    max: (metric: string) => string
): Timings {
    return {
        unit,
        main: { name: 'mean', of: mean },
        all: (metric) => [
            ['mean', mean(metric, [])],
            ['maximum since the start', max(metric)],
        ],
    };
}

function sumBy(labels: readonly string[]): string {
    return labels.length === 0 ? 'sum' : `sum by (${labels.join(', ')})`;
}
