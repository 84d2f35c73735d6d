import { BASELINE, OURS } from './contestants.mjs';
import { CALLS } from './workloads.mjs';

const HTTP_10K = 'HTTP, 10,000 counters, identity';
const HTTP_100K = 'HTTP, 100,000 counters, identity';
const RENDERING = 'Rendering, CPU';
const RECORDING = 'Recording, CPU of a call';
const FOLLOWING = 'following scrapes';
const FIRST = 'first scrape';

/** At least so many times less than the baseline. */
const timesLess = (factor, suite, measure) => ({ suite, measure, timesLess: factor });
/** At most so much, in the unit of the measure. */
const atMost = (limit, suite, measure) => ({ suite, measure, atMost: limit });

/** What this package is to reach. */
const TARGETS = [
    timesLess(3, HTTP_10K, `CPU, ${FOLLOWING}`),
    atMost(15, HTTP_10K, `longest gap, ${FOLLOWING}`),
    timesLess(6, HTTP_100K, `CPU, ${FOLLOWING}`),
    atMost(25, HTTP_100K, `longest gap, ${FOLLOWING}`),
    atMost(25, HTTP_100K, `longest gap, ${FIRST}`),
    timesLess(30, HTTP_100K, `longest gap, ${FOLLOWING}`),
    timesLess(30, HTTP_100K, `longest gap, ${FIRST}`),
    timesLess(2, HTTP_100K, 'peak memory'),
    ...CALLS.map((call) => timesLess(1.8, RECORDING, call)),
    timesLess(4, RENDERING, '10,000 counters, command names, all values changed'),
    timesLess(1, RENDERING, '10,000 counters, command names, all counters new'),
];

/** Compares a full run with the targets: a table of what, target, measured and verdict. */
export function judge(results) {
    return TARGETS.map(({ suite, measure, timesLess: factor, atMost: limit }) => {
        const value = results.value(suite, measure, OURS);
        const ratio = results.ratio(suite, measure, OURS);
        return factor === undefined
            ? [`${suite}: ${measure}`, `<= ${limit}`, value.toFixed(1), value <= limit ? 'met' : 'MISSED']
            : [
                  `${suite}: ${measure}`,
                  `${BASELINE} / ${factor}`,
                  `/ ${ratio.toFixed(1)}`,
                  ratio >= factor ? 'met' : 'MISSED',
              ];
    });
}
