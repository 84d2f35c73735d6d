import { Label } from './names';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** What is escaped in label values. */
const ESCAPED = /[\\"\n]/g;

/** What values hardly ever have: what is escaped, and halves of a pair of surrogates. */
const UNUSUAL = /[\\"\n\ud800-\udfff]/;

/**
 * Writes one label; of its value all but three characters and lone surrogates stays as it is.
 *
 * The rule: Prometheus documentation, instrumenting/exposition_formats.md, "Comments, help text, and type information".
 */
export function formatLabel([name, value]: Label): string {
    return `${name}="${escapeLabelValue(value)}"`;
}

/** Writes the value of a label as it stands between the quotes. */
export function escapeLabelValue(value: string): string {
    return UNUSUAL.test(value) ? escapeText(value, ESCAPED) : value;
}

/** Whether a label says something: an empty value is as good as no label. */
export function isFilled([, value]: Label): boolean {
    return value !== '';
}

/** Escapes some of the characters that stand for something in a text; lone surrogates are replaced. */
export function escapeText(text: string, characters: RegExp): string {
    return text.toWellFormed().replace(characters, (character) => ESCAPES[character] ?? character);
}

/**
 * Joins the labels of one series as they stand between name and value: in braces, if there are any, and with a blank.
 * It is one text for V8 too, and not one that points to its parts, as bodies are copied from it again and again.
 */
export function joinLabels(labels: readonly string[]): string {
    return labels.length === 0 ? ' ' : ['{', labels.join(','), '} '].join('');
}

/** Reads labels as they are written between name and value. */
export function parseLabels(text: string): Label[] {
    return Array.from(text.matchAll(LABEL), ([, name = '', value = '']): Label => [name, unescape(value)]);
}

const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

function unescape(text: string): string {
    return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
