import { Counter } from 'pip-services3-components-nodex';

import type { Histogram } from '../count/histogram/Histogram';
import { CounterSeries } from './Exposition';

/** What counters of PrometheusCounters know beside the fields of the toolkit's counters. */
export interface Measured {
    /** The sum of all observed values; undefined if there are none. */
    readonly sum: number | undefined;
    /** When the series began, in ms since the epoch. */
    readonly created: number;
    readonly histogram: Histogram | null;
    /** The series that the counter is, if that was found out when it was made. */
    readonly series: CounterSeries | null;
}

/** Gets what a counter knows; of a counter of the toolkit nothing. */
export function measuredOf(counter: Counter): Partial<Measured> {
    return counter as Partial<Measured>;
}

/** Gets the sum of the values that a counter has observed; undefined if there are none. */
export function sumOf(counter: Counter): number | undefined {
    return measuredOf(counter).sum ?? averageSum(counter);
}

/** Works a sum out of the average, without the digits that are nothing but the rounding of the average. */
export function averageSum({ average, count }: Partial<Counter>): number | undefined {
    if (average == null || count == null) return undefined;
    const sum = Math.min(Math.max(average * count, -Number.MAX_VALUE), Number.MAX_VALUE);
    return Number(sum.toPrecision(12));
}
