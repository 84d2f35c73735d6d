import { NativeHistogram, ZERO_THRESHOLD } from '../../count/histogram/NativeHistogram';
import { Exemplar } from '../families';
import { ByteWriter } from './ByteWriter';
import { encodeLabels } from './encodeLabels';
import { BUCKET, COUNTER, EXEMPLAR, HISTOGRAM, QUANTILE, SUMMARY, TIMESTAMP, VALUE } from './fields';
import { writeNativeBuckets } from './writeNativeBuckets';

export interface SummaryValue {
    readonly count: number;
    readonly sum: number;
    readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

export interface HistogramValue {
    readonly count: number;
    readonly sum: number;
    /** Null for a histogram that has only native buckets. */
    readonly classic: ClassicBuckets | null;
    readonly native: Pick<NativeHistogram, 'schema' | 'zeroCount' | 'positive' | 'negative'> | null;
}

export interface ClassicBuckets {
    /** The upper bounds without Infinity, in increasing order. */
    readonly bounds: readonly number[];
    /** How many observations are not above each bound, and last how many there are. */
    readonly cumulativeCounts: ArrayLike<number>;
    /** For each bucket its exemplar, if it has one. */
    readonly exemplars?: readonly (Exemplar | undefined)[];
}

/** Writes the one field of a Gauge or Untyped message. */
export function writeValue(writer: ByteWriter, value: number): void {
    writer.double(VALUE, value);
}

export function writeCounter(
    writer: ByteWriter,
    value: number,
    created: number | undefined,
    exemplar?: Exemplar
): void {
    writer.double(COUNTER.value, value);
    if (exemplar !== undefined) writeExemplar(writer, COUNTER.exemplar, exemplar);
    writeTimestamp(writer, COUNTER.startTimestamp, created);
}

export function writeSummary(writer: ByteWriter, summary: SummaryValue, created: number | undefined): void {
    writeCount(writer, SUMMARY.sampleCount, summary.count);
    writer.double(SUMMARY.sampleSum, summary.sum);
    for (const { quantile, value } of summary.quantiles) {
        const begun = writer.begin(SUMMARY.quantile);
        writer.double(QUANTILE.quantile, quantile);
        writer.double(QUANTILE.value, value);
        writer.end(begun);
    }
    writeTimestamp(writer, SUMMARY.startTimestamp, created);
}

export function writeHistogram(writer: ByteWriter, histogram: HistogramValue, created: number | undefined): void {
    writeCount(writer, HISTOGRAM.sampleCount, histogram.count);
    writer.double(HISTOGRAM.sampleSum, histogram.sum);
    if (histogram.classic !== null) writeClassicBuckets(writer, histogram.classic);
    if (histogram.native !== null) {
        const { schema, zeroCount, negative, positive } = histogram.native;
        writer.sint(HISTOGRAM.schema, schema);
        writer.double(HISTOGRAM.zeroThreshold, ZERO_THRESHOLD);
        writeCount(writer, HISTOGRAM.zeroCount, zeroCount);
        writeNativeBuckets(writer, negative, HISTOGRAM.negativeSpan, HISTOGRAM.negativeDelta);
        writeNativeBuckets(writer, positive, HISTOGRAM.positiveSpan, HISTOGRAM.positiveDelta);
    }
    writeTimestamp(writer, HISTOGRAM.startTimestamp, created);
}

function writeClassicBuckets(writer: ByteWriter, { bounds, cumulativeCounts, exemplars }: ClassicBuckets): void {
    for (let index = 0; index < cumulativeCounts.length; index++) {
        const bucket = writer.begin(HISTOGRAM.bucket);
        writeCount(writer, BUCKET.cumulativeCount, cumulativeCounts[index] ?? 0);
        writer.double(BUCKET.upperBound, bounds[index] ?? Infinity);
        const exemplar = exemplars?.[index];
        if (exemplar !== undefined) writeExemplar(writer, BUCKET.exemplar, exemplar);
        writer.end(bucket);
    }
}

function writeExemplar(writer: ByteWriter, field: number, { labels, value, time }: Exemplar): void {
    const exemplar = writer.begin(field);
    writer.encoded(encodeLabels(labels, EXEMPLAR.label));
    writer.double(EXEMPLAR.value, value);
    writeTimestamp(writer, EXEMPLAR.timestamp, time && Math.round(time * 1000));
    writer.end(exemplar);
}

/** Writes a time in ms since 1970, if it is known. */
export function writeTimestamp(writer: ByteWriter, field: number, time: number | undefined): void {
    if (time === undefined) return;
    const seconds = Math.floor(time / 1000);
    const timestamp = writer.begin(field);
    writer.uint(TIMESTAMP.seconds, seconds);
    writer.uint(TIMESTAMP.nanos, Math.floor((time - seconds * 1000) * 1e6));
    writer.end(timestamp);
}

/** Writes a number of observations, which may come from outside. */
function writeCount(writer: ByteWriter, field: number, count: number): void {
    if (!(count >= 0 && Number.isSafeInteger(count))) {
        throw new RangeError(`A number of observations must be an integer from 0 to 2^53 - 1, but is ${count}`);
    }
    writer.uint(field, count);
}
