import { Label } from '../exposition/names';

/** Names with two underscores at the start are Prometheus' own: Prometheus documentation, concepts/data_model.md. */
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The labels of a foreign series. */
export interface ForeignLabels {
    /** Those that can be written, in their order. Empty ones mean the same as none. */
    readonly labels: readonly Label[];
    /** The names of those that cannot. */
    readonly illegal: readonly string[];
}

/** Reads labels, given as an object of any kind of values. */
export function readLabels(labels: unknown): ForeignLabels {
    const all = Object.entries(labels ?? {}).map(([name, value]): Label => [name, String(value)]);
    return {
        labels: all.filter(([name, value]) => LABEL_NAME.test(name) && value !== ''),
        illegal: all.map(([name]) => name).filter((name) => !LABEL_NAME.test(name)),
    };
}
