import { CounterType } from 'pip-services3-components-nodex';

import { isFilled } from './labels';
import { fold, Label } from './names';

/** What the name of a counter says that no mapping names. */
export interface IdiomaticName {
    /** The metric name, before the type of the counter changes its end. */
    readonly metric: string;
    /** Sorted by name, without empty values. */
    readonly labels: readonly Label[];
    /** What the components of the toolkit mean by the name; null if it is none of theirs. */
    readonly help: string | null;
}

/** A pattern of the toolkit's names, known by the last segment. */
interface StandardName {
    readonly help: string;
    /** The least number of segments. */
    readonly minimum: number;
    readonly read: (last: string, before: readonly string[]) => Pick<IdiomaticName, 'metric' | 'labels'>;
}

const served = (help: string): StandardName => ({
    help,
    minimum: 2,
    read: (last, before) => ({
        metric: last,
        labels: withoutEmpty([
            ['command', before.at(-1) ?? ''],
            ['service', before.slice(0, -1).join('.')],
        ]),
    }),
});

const call = (help: string): StandardName => ({
    help,
    minimum: 2,
    read: (last, before) => ({
        metric: last,
        labels: withoutEmpty([
            ['command', before.at(-1) ?? ''],
            ['service', before.at(-2) ?? ''],
            ['target', before.slice(0, -2).join('.')],
        ]),
    }),
});

const queue = (help: string): StandardName => ({
    help,
    minimum: 3,
    read: (last, before) => ({
        metric: foldIdiomatic(`${before[0] ?? ''}.${last}`),
        labels: withoutEmpty([['queue', before.slice(1).join('.')]]),
    }),
});

const STANDARD_NAMES: ReadonlyMap<string, StandardName> = new Map([
    ['exec_count', served('Commands that were executed')],
    ['exec_errors', served('Commands that failed')],
    ['exec_time', served('Time that commands took')],
    ['call_count', call('Calls to other services')],
    ['call_errors', call('Calls to other services that failed')],
    ['call_time', call('Time that calls to other services took')],
    ['sent_messages', queue('Messages that were sent')],
    ['received_messages', queue('Messages that were received')],
    ['dead_messages', queue('Messages that were moved to the dead letter queue')],
]);

/** The gRPC clients of the toolkit increment a time, by which they mean the count. */
const INCREMENTED: ReadonlyMap<string, string> = new Map([
    ['exec_time', 'exec_count'],
    ['call_time', 'call_count'],
]);

/**
 * Reads the name of a counter by its last segment, as the components of the toolkit make it, or else makes a metric
 * name of the whole.
 *
 * @returns null if there is no letter and no digit to make a name of.
 */
export function parseIdiomaticName(name: string, type: CounterType): IdiomaticName | null {
    const segments = name.split('.');
    const last = segments.at(-1) ?? '';
    const measure = (type === CounterType.Increment ? INCREMENTED.get(last) : undefined) ?? last;
    const standard = STANDARD_NAMES.get(measure);
    if (standard !== undefined && segments.length >= standard.minimum)
        return { ...standard.read(measure, segments.slice(0, -1)), help: standard.help };
    const metric = foldIdiomatic(name);
    return /[a-z0-9]/.test(metric) ? { metric, labels: [], help: null } : null;
}

/** How the type of a counter shows in its metric name and its HELP. */
export interface TypeAffixes {
    /** Takes away what names of that type end with. */
    readonly stem: (metric: string) => string;
    /** Appends what the name of the main family ends with, unless it is there. */
    readonly complete: (stem: string) => string;
    /** The HELP of a name that the toolkit does not know; the name follows. */
    readonly help: string;
}

const MILLISECONDS = ['_ms', '_msec', '_msecs', '_millis', '_milliseconds'];

/**
 * The names of unmapped counters by their type.
 *
 * The suffixes: Prometheus documentation, practices/naming.md.
 */
export const TYPE_AFFIXES: ReadonlyMap<CounterType, TypeAffixes> = new Map<CounterType, TypeAffixes>([
    [
        CounterType.Increment,
        {
            stem: (metric) => cut(cut(metric, ['_count']), ['_total']),
            complete: (stem) => `${stem}_total`,
            help: 'Sum of the increments of',
        },
    ],
    [CounterType.LastValue, { stem: asIs, complete: asIs, help: 'Last value of' }],
    [CounterType.Timestamp, { stem: asIs, complete: completeTimestamp, help: 'Time of the last' }],
    [
        CounterType.Interval,
        {
            stem: (metric) => cut(metric, MILLISECONDS),
            complete: (stem) => (stem.endsWith('_seconds') ? stem : `${stem}_seconds`),
            help: 'Time of',
        },
    ],
    [CounterType.Statistics, { stem: asIs, complete: asIs, help: 'Values of' }],
]);

/** Appends `_total` to the name of a counter unless it is there, after something else. */
export function withTotal(metric: string): string {
    return /._total$/.test(metric) ? metric : `${metric}_total`;
}

/** Appends what tells a further family from the main one; the unit stays last: `exec_time_max_seconds`. */
export function withAffix(metric: string, affix: '_max' | '_min'): string {
    return metric.endsWith('_seconds') ? `${metric.slice(0, -'_seconds'.length)}${affix}_seconds` : metric + affix;
}

function completeTimestamp(metric: string): string {
    if (/_(timestamp|time)_seconds$/.test(metric)) return metric;
    return metric.endsWith('_timestamp') ? `${metric}_seconds` : `${metric}_timestamp_seconds`;
}

/** Folds a name as the compatible style does, but for the colon, which is meant for recording rules. */
function foldIdiomatic(text: string): string {
    return fold(text).replaceAll(':', '_');
}

function asIs(metric: string): string {
    return metric;
}

/** Cuts off the suffix that a name ends with, if something is left. */
function cut(metric: string, suffixes: readonly string[]): string {
    const suffix = suffixes.find((candidate) => metric.endsWith(candidate) && metric !== candidate);
    return suffix === undefined ? metric : metric.slice(0, -suffix.length);
}

function withoutEmpty(labels: readonly Label[]): readonly Label[] {
    return labels.filter(isFilled);
}
