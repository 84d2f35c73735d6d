import { FamilyRule, MetricFamily, SINGLE_LINE } from './families';
import { ExpositionFormat } from './formats';

/** How many characters a piece of text has before it is handed out. */
const PIECE_LENGTH = 64 * 1024;

/** What the text formats do not have in common. */
interface TextDialect {
    /** The metadata lines before the samples of a family. */
    readonly header: (family: MetricFamily) => string;
    /** What follows the last line. */
    readonly end: string;
}

/** Prometheus text format: Prometheus documentation, instrumenting/exposition_formats.md. */
export const TEXT_FORMAT: ExpositionFormat = {
    mediaType: 'text/plain',
    parameters: { version: '0.0.4' },
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    write: writerOf({ header: ({ name, rule }) => `# TYPE ${name} ${rule.type}\n`, end: '' }),
};

/** OpenMetrics 1.0.0: Prometheus documentation, specs/om/open_metrics_spec.md. */
export const OPEN_METRICS_FORMAT: ExpositionFormat = {
    mediaType: 'application/openmetrics-text',
    parameters: { version: '1.0.0' },
    contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    write: writerOf({ header: ({ name, rule }) => `# TYPE ${name} ${rule.type}\n`, end: '# EOF\n' }),
};

function writerOf({ header, end }: TextDialect): ExpositionFormat['write'] {
    return function* (families, values) {
        let piece = '';
        for (const family of families) {
            const { labels, positions, rule } = family;
            if (!isIn(values, positions[0])) continue;
            piece += header(family);
            const isSingle = rule.lines === SINGLE_LINE;
            const names = isSingle ? [] : rule.lines.map(({ suffix }) => family.name + suffix);
            for (let index = 0; index < positions.length; index++) {
                const position = positions[index];
                if (!isIn(values, position)) break;
                const text = labels[index] ?? ' ';
                piece += isSingle
                    ? family.name + text + formatValue(values[position] ?? NaN) + '\n'
                    : writeLines(rule, names, text, values, position);
                if (piece.length >= PIECE_LENGTH) {
                    yield piece;
                    piece = '';
                }
            }
        }
        yield piece + end;
    };
}

function isIn(values: Float64Array, position: number | undefined): position is number {
    return position !== undefined && position < values.length;
}

function writeLines(
    { lines }: FamilyRule,
    names: readonly string[],
    labels: string,
    values: Float64Array,
    position: number
): string {
    let text = '';
    lines.forEach(({ label }, index) => {
        const all = label === '' ? labels : withLabel(labels, label);
        text += (names[index] ?? '') + all + formatValue(values[position + index] ?? NaN) + '\n';
    });
    return text;
}

/** Adds a label at the end of those of a series. */
function withLabel(labels: string, label: string): string {
    return labels === ' ' ? `{${label}} ` : `${labels.slice(0, -2)},${label}} `;
}

/** Writes a value as JavaScript does, but the infinities as the formats name them. */
function formatValue(value: number): string {
    if (value === Infinity) return '+Inf';
    if (value === -Infinity) return '-Inf';
    return String(value);
}
