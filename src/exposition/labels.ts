import { Label } from './names';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/**
 * Escapes a label value; all text that is well-formed but for these three characters stays as it is.
 *
 * The rule: Prometheus documentation, instrumenting/exposition_formats.md, "Comments, help text, and type information".
 */
export function escapeLabelValue(value: string): string {
    return value.toWellFormed().replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? character);
}

/** The labels of one series as they stand in its line, braces included; nothing without labels. */
export function formatLabels(labels: readonly Label[]): string {
    if (labels.length === 0) return '';
    return `{${labels.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(',')}}`;
}
