import { ByteWriter } from './ByteWriter';
import { LABEL_PAIR, METRIC } from './fields';

const writer = new ByteWriter();

/** Encodes the labels of a series, which are made once and kept as long as the series lives. */
export function encodeLabels(
    labels: Iterable<readonly [name: string, value: string]>,
    field: number = METRIC.label
): Uint8Array {
    for (const [name, value] of labels) {
        const label = writer.begin(field);
        writer.string(LABEL_PAIR.name, name);
        writer.string(LABEL_PAIR.value, value);
        writer.end(label);
    }
    return writer.take();
}
