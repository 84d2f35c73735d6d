import { BASELINE, OURS, RIVAL } from './contestants.mjs';
import { CALLS } from './workloads.mjs';

const WARM = 'CPU of a scrape, warm';
const HTTP_10K = 'HTTP, 10,000 counters, identity';
const HTTP_100K = 'HTTP, 100,000 counters, identity';
const RENDERING = 'Rendering, CPU';
const RECORDING = 'Recording, CPU of a call';
const TYPED = 'Style idiomatic, CPU';
const TYPED_RECORDING = 'Style idiomatic, CPU of endTiming';
const FOLLOWING = 'following scrapes';
const FIRST = 'first scrape';

/** At least so many times less than the baseline, or than its rival where the baseline does not take part. */
const timesLess = (factor, suite, measure) => ({ suite, measure, timesLess: factor });
/** At most the given share of another measure. */
const shareOf = (share, suite, measure, whole) => ({ suite, measure, share, whole });
/** At most this part of the baseline. */
const partOf = (part, suite, measure) => timesLess(1 / part, suite, measure);
/** At most so much, in the unit of the measure. */
const atMost = (limit, suite, measure) => ({ suite, measure, atMost: limit });

/** What this package is to reach. */
const TARGETS = [
    partOf(0.55, WARM, '100 counters, gzip'),
    partOf(0.75, WARM, '100 counters, identity'),
    partOf(0.45, WARM, '1,000 counters, gzip'),
    partOf(0.35, WARM, '1,000 counters, identity'),
    partOf(0.25, WARM, '10,000 counters, gzip'),
    partOf(0.8, WARM, '1,000 counters, /metricsandreset, gzip'),
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
    timesLess(8, TYPED, '10,000 of classic histogram, text'),
    // A quarter was wanted when the text of these counters took three times as long
    shareOf(0.7, TYPED, '10,000 of counter, protobuf', '10,000 of counter, text'),
    atMost(60, TYPED, '10,000 of native histogram, protobuf'),
    timesLess(5, TYPED_RECORDING, 'classic histogram'),
    timesLess(5, TYPED_RECORDING, 'native histogram'),
    // 60 and 80 ns where a summary takes 40
    shareOf(1.5, TYPED_RECORDING, 'classic histogram', 'summary'),
    shareOf(2, TYPED_RECORDING, 'native histogram', 'summary'),
];

/** Compares a full run with the targets: a table of what, target, measured and verdict. */
export function judge(results) {
    return TARGETS.map((target) => {
        const { suite, measure } = target;
        const [wanted, measured, isMet] = compare(target, results);
        return [`${suite}: ${measure}`, wanted, measured, isMet ? 'met' : 'MISSED'];
    });
}

function compare({ suite, measure, timesLess: factor, atMost: limit, share, whole }, results) {
    const value = results.value(suite, measure, OURS);
    if (limit !== undefined) return [`<= ${limit}`, value.toFixed(1), value <= limit];
    if (share !== undefined) {
        const part = value / results.value(suite, whole, OURS);
        return [`<= ${share} of ${whole}`, part.toFixed(2), part <= share];
    }
    const ratio = results.ratio(suite, measure, OURS);
    const than = results.value(suite, measure, BASELINE) === undefined ? RIVAL : BASELINE;
    return [`${than} / ${Number(factor.toFixed(2))}`, `/ ${ratio.toFixed(2)}`, ratio >= factor];
}
