import { CounterType } from 'pip-services3-components-nodex';

import { copyValue, counterRule, FamilyRule, SINGLE_LINE } from './families';
import { parseCounterName } from './names';
import { Style } from './Style';

function gauge(suffix: string): FamilyRule {
    return { type: 'gauge', nameOf: (metric) => metric + suffix, lines: SINGLE_LINE, width: 1 };
}

const AGGREGATE = counterRule(
    [gauge('_max'), gauge('_min'), gauge('_average'), gauge('_count')],
    ({ max, min, average, count }, values, at) =>
        copyValue(max, values, at) |
        (copyValue(min, values, at + 1) << 1) |
        (copyValue(average, values, at + 2) << 2) |
        (copyValue(count, values, at + 3) << 3)
);

/** The gauges of 1.0.1. A type without a row gives nothing, as timestamps there. */
export const COMPATIBLE_STYLE: Style = {
    counters: new Map([
        [CounterType.Increment, counterRule([gauge('')], ({ count }, values, at) => copyValue(count, values, at))],
        [CounterType.LastValue, counterRule([gauge('')], ({ last }, values, at) => copyValue(last, values, at))],
        [CounterType.Interval, AGGREGATE],
        [CounterType.Statistics, AGGREGATE],
    ]),
    parseName: parseCounterName,
    joinLabels: (common, own) => common.concat(own),
};
