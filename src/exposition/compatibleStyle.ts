import { CounterType } from 'pip-services3-components-nodex';

import { copyValue, counterRule, FamilyRule, SINGLE_LINE } from './families';
import { CompatibleNaming } from './mapping/CompatibleNaming';
import { Label } from './names';
import { Style } from './Style';

function gauge(suffix: string): FamilyRule {
    return {
        type: 'gauge',
        nameOf: (metric) => metric + suffix,
        lines: SINGLE_LINE,
        width: 1,
        extras: {},
        helpSuffix: '',
        rank: 0,
    };
}

const AGGREGATE = counterRule(
    [gauge('_max'), gauge('_min'), gauge('_average'), gauge('_count')],
    ({ max, min, average, count }, values, at) =>
        copyValue(max, values, at) |
        (copyValue(min, values, at + 1) << 1) |
        (copyValue(average, values, at + 2) << 2) |
        (copyValue(count, values, at + 3) << 3)
);

const COUNT = counterRule([gauge('')], ({ count }, values, at) => copyValue(count, values, at));
const LAST = counterRule([gauge('')], ({ last }, values, at) => copyValue(last, values, at));

/** The gauges of 1.0.1, in ms. A type without a row gives nothing, as timestamps there. */
export const COMPATIBLE_STYLE: Style = {
    counters: new Map([
        [CounterType.Increment, COUNT],
        [CounterType.LastValue, LAST],
        [CounterType.Interval, AGGREGATE],
        [CounterType.Statistics, AGGREGATE],
    ]),
    upDown: COUNT,
    histogram: () => AGGREGATE,
    divisors: new Map(),
    hasTypes: false,
    sharesSeries: false,
    labelsContext: true,
    createNaming: (options) => new CompatibleNaming(options),
    sortsLabels: false,
    joinLabels: joinBehind,
    *arrange(families) {
        yield '';
        return families;
    },
};

/** Puts the common labels before those of the series, but for those of a name that these have too. */
function joinBehind(common: readonly Label[], own: readonly Label[]): readonly Label[] {
    const labels: Label[] = [];
    for (const label of common) if (!hasName(own, label[0])) labels.push(label);
    for (const label of own) labels.push(label);
    return labels;
}

function hasName(labels: readonly Label[], name: string): boolean {
    for (const label of labels) if (label[0] === name) return true;
    return false;
}
