import { Exemplar } from '../exposition/families';
import { Label } from '../exposition/names';
import { LeftOut } from './LeftOut';
import { readExemplar } from './readExemplar';
import { readLabels } from './readLabels';

/** One value of a foreign metric. */
export interface Sample {
    /** What the name of the sample has behind that of the metric. */
    readonly suffix: string;
    readonly labels: readonly Label[];
    /** The text of the label that tells the lines of a series apart. */
    readonly bound: string | undefined;
    readonly value: number;
    readonly exemplar: Exemplar | undefined;
    /** The names of labels that cannot be written. */
    readonly illegal: readonly string[];
}

/**
 * Reads one of the values that prom-client gives.
 *
 * @param boundLabel    the label that tells the lines of a series apart, or null if each has one line.
 * @returns null if the value is missing.
 * @throws LeftOut if it is no value of the metric.
 */
export function readSample(sample: unknown, metric: string, boundLabel: string | null): Sample | null {
    const { value, labels, metricName, exemplar } = sample as Record<string, unknown>;
    if (value == null) return null;
    if (typeof value !== 'number') throw new LeftOut('a value is no number');
    const name = metricName ?? metric;
    if (typeof name !== 'string' || !name.startsWith(metric)) throw new LeftOut('a value is of another metric');
    const read = readLabels(labels);
    return {
        suffix: name.slice(metric.length),
        labels: read.labels.filter(([label]) => label !== boundLabel),
        bound: read.labels.find(([label]) => label === boundLabel)?.[1],
        value,
        exemplar: readExemplar(exemplar),
        illegal: read.illegal,
    };
}
