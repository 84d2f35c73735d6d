import { NativeBuckets } from '../../count/histogram/NativeHistogram';
import { ByteWriter } from './ByteWriter';
import { BUCKET_SPAN } from './fields';

/** So many empty buckets between two others are cheaper as zeros than as the beginning of another span. */
const MAX_GAP = 2;

/**
 * Writes native buckets as spans and deltas. A span is a run of buckets: how many indexes it begins behind the one
 * before, which for the first span is its index, and how long it is. A delta is the difference to the bucket before,
 * in this span or the last one.
 *
 * @param spanField     the number of the field for spans.
 * @param deltaField    the number of the field for deltas.
 */
export function writeNativeBuckets(
    writer: ByteWriter,
    { first, counts }: NativeBuckets,
    spanField: number,
    deltaField: number
): void {
    const spans = findSpans(counts);
    if (spans.length === 0) return;

    let behind = -first;
    for (const { start, end } of spans) {
        const span = writer.begin(spanField);
        writer.sint(BUCKET_SPAN.offset, start - behind);
        writer.uint(BUCKET_SPAN.length, end - start);
        writer.end(span);
        behind = end;
    }

    const deltas = writer.begin(deltaField);
    let previous = 0;
    for (const { start, end } of spans) {
        for (let slot = start; slot < end; slot++) {
            const count = counts[slot] ?? 0;
            writer.signedVarint(count - previous);
            previous = count;
        }
    }
    writer.end(deltas);
}

/** Finds the runs of buckets, from the first one to the one behind the last. */
function findSpans(counts: readonly number[]): { start: number; end: number }[] {
    const spans: { start: number; end: number }[] = [];
    let last: { start: number; end: number } | undefined;
    for (let slot = 0; slot < counts.length; slot++) {
        if (counts[slot] === 0) continue;
        if (last !== undefined && slot - last.end <= MAX_GAP) {
            last.end = slot + 1;
        } else {
            last = { start: slot, end: slot + 1 };
            spans.push(last);
        }
    }
    return spans;
}
