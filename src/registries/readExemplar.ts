import { Exemplar } from '../exposition/families';
import { readLabels } from './readLabels';

/** How many characters the names and values of an exemplar's labels may have: OpenMetrics 1.0, "Exemplars". */
const MAX_LENGTH = 128;

/** The last second that a date can have. */
const MAX_TIME = 8.64e12;

/** Reads an exemplar as prom-client has it; undefined if there is none, or it is not valid. */
export function readExemplar(exemplar: unknown): Exemplar | undefined {
    const { labelSet, value, timestamp } = (exemplar ?? {}) as Record<string, unknown>;
    if (typeof value !== 'number' || !isTime(timestamp)) return undefined;
    const { labels, illegal } = readLabels(labelSet);
    const length = Array.from(labels.flat().join('')).length;
    return illegal.length > 0 || length > MAX_LENGTH ? undefined : { labels, value, time: timestamp };
}

function isTime(time: unknown): time is number | undefined {
    return time === undefined || (typeof time === 'number' && time >= 0 && time <= MAX_TIME);
}
