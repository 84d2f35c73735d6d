/** The counter of the measurements that found no room. Mappings leave it alone, as it tells of what is missing. */
export const DROPPED_COUNTER = 'prometheus_counters_dropped';

/** A label as its name and its raw, not yet escaped value. */
export type Label = readonly [name: string, value: string];

/** What a counter's name says: which metric it belongs to, and which of its series it is. */
export interface ParsedName {
    readonly metric: string;
    readonly labels: readonly Label[];
}

/** One way to read the segments of a counter's name. */
interface NameRule {
    /** The segment that decides, and the texts that it may be. */
    readonly measure: number;
    readonly measures: readonly string[];
    readonly metric: (segments: readonly string[]) => string;
    /** Label names and the segments that hold their values, in the order in which they are written. */
    readonly labels: readonly (readonly [name: string, segment: number])[];
}

/** The name patterns of the toolkit's components; the first row that matches decides, and else the whole name is folded. */
export const NAME_RULES: readonly NameRule[] = [
    // Served command: service.command.measure
    {
        measure: 2,
        measures: ['exec_count', 'exec_time', 'exec_errors'],
        metric: (segments) => segments[2] ?? '',
        labels: [
            ['service', 0],
            ['command', 1],
        ],
    },
    // Outgoing call: target.service.command.measure
    {
        measure: 3,
        measures: ['call_count', 'call_time', 'call_errors'],
        metric: (segments) => segments[3] ?? '',
        labels: [
            ['service', 1],
            ['command', 2],
            ['target', 0],
        ],
    },
    // Message queue: queues.queue.measure
    {
        measure: 2,
        measures: ['sent_messages', 'received_messages', 'dead_messages'],
        metric: (segments) => fold(`${segments[0] ?? ''}.${segments[2] ?? ''}`),
        labels: [['queue', 1]],
    },
];

const NO_LABELS: readonly Label[] = [];

/** Reads a counter's name by {@link NAME_RULES}. */
export function parseCounterName(name: string): ParsedName {
    const segments = name.split('.');
    const rule = NAME_RULES.find(({ measure, measures }) => measures.includes(segments[measure] ?? ''));
    if (rule === undefined) return { metric: fold(name), labels: NO_LABELS };
    const labels = rule.labels.map(([label, segment]): Label => [label, segments[segment] ?? '']);
    return { metric: rule.metric(segments), labels };
}

/**
 * Makes a legal metric name of any text: lower case, each code point outside `a-z 0-9 _ :` one `_`,
 * and a `_` before a leading digit.
 *
 * The grammar of metric names: Prometheus documentation, concepts/data_model.md.
 */
export function fold(text: string): string {
    const folded = text.toLowerCase().replace(/[^a-z0-9_:]/gu, '_');
    return /^[0-9]/.test(folded) ? `_${folded}` : folded;
}
