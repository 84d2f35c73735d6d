/** A label as its name and its raw, not yet escaped value. */
export type Label = readonly [name: string, value: string];

/** What a counter's name says: which metric it belongs to, and which of its series it is. */
export interface SeriesName {
    readonly metric: string;
    readonly labels: readonly Label[];
}

/** One way to read the segments of a counter's name. */
interface NameRule {
    /** Whether the rule decides; the rules are asked in the order of the table. */
    readonly matches: (segments: readonly string[]) => boolean;
    readonly metric: (segments: readonly string[]) => string;
    /** Label names and the segments that hold their values, in the order in which they are written. */
    readonly labels: readonly (readonly [name: string, segment: number])[];
}

const segmentIsOneOf = (segment: number, ...verbs: string[]) => {
    return (segments: readonly string[]) => verbs.includes(segments[segment] ?? '');
};

/** The name patterns of the toolkit's components; the first row that matches decides. */
export const NAME_RULES: readonly NameRule[] = [
    // Served command: service.command.exec_*
    {
        matches: segmentIsOneOf(2, 'exec_count', 'exec_time', 'exec_errors'),
        metric: (segments) => segments[2] ?? '',
        labels: [
            ['service', 0],
            ['command', 1],
        ],
    },
    // Outgoing call: target.service.command.call_*
    {
        matches: segmentIsOneOf(3, 'call_count', 'call_time', 'call_errors'),
        metric: (segments) => segments[3] ?? '',
        labels: [
            ['service', 1],
            ['command', 2],
            ['target', 0],
        ],
    },
    // Message queue: kind.queue.*_messages
    {
        matches: segmentIsOneOf(2, 'sent_messages', 'received_messages', 'dead_messages'),
        metric: (segments) => fold(`${segments[0] ?? ''}.${segments[2] ?? ''}`),
        labels: [['queue', 1]],
    },
    // Any other
    {
        matches: () => true,
        metric: (segments) => fold(segments.join('.')),
        labels: [],
    },
];

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

/** Reads a counter's name by the first matching rule of {@link NAME_RULES}. */
export function parseCounterName(name: string): SeriesName {
    const segments = name.split('.');
    for (const rule of NAME_RULES) {
        if (rule.matches(segments)) {
            const labels = rule.labels.map(([label, segment]): Label => [label, segments[segment] ?? '']);
            return { metric: rule.metric(segments), labels };
        }
    }
    return { metric: fold(name), labels: [] };
}
