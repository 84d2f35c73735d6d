import { Label } from './names';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/**
 * Writes one label; of its value all but three characters and lone surrogates stays as it is.
 *
 * The rule: Prometheus documentation, instrumenting/exposition_formats.md, "Comments, help text, and type information".
 */
export function formatLabel([name, value]: Label): string {
    const escaped = value.toWellFormed().replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? character);
    return `${name}="${escaped}"`;
}

/** Joins the labels of one series as they stand between name and value: in braces, if there are any, and with a blank. */
export function joinLabels(labels: readonly string[]): string {
    return labels.length === 0 ? ' ' : `{${labels.join(',')}} `;
}
