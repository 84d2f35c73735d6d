import { Exemplar } from '../families';
import { ByteWriter } from './ByteWriter';
import { METRIC, METRIC_FAMILY, METRIC_TYPE } from './fields';
import { SeriesTemplates } from './SeriesTemplates';
import { HistogramValue, SummaryValue, writeCounter, writeHistogram, writeSummary, writeValue } from './metricValues';

/** About how many bytes a chunk has. */
const CHUNK_SIZE = 64 * 1024;

export type MetricType = keyof typeof METRIC_TYPE;

/**
 * Encodes metric families for Prometheus as protobuf, each with its length before it.
 *
 * begin() a family, add its series, end() it; now and then take() the chunks between two families, and finish() to get
 * the last one. There may be pauses between any two calls. Fields are written in the order of their numbers, and also
 * if they are zero.
 *
 * The labels of a series come from encodeLabels(). `created` is the time at which it began, in ms since 1970; it is
 * left out when it is not known. Where an addition throws, the family is as it was before.
 */
export class MetricFamilyEncoder {
    private readonly _writer = new ByteWriter();
    private _chunks: Uint8Array[] = [];
    /** Where the family begins among the bytes that are in no chunk yet. */
    private _start = 0;
    /** How many bytes of the family are in chunks, and the first of these chunks. */
    private _sizeInChunks = 0;
    private _firstChunk = 0;

    /** Begins a family. The name of a counter has `_total` at its end, as in the text format. */
    public begin(name: string, help: string | undefined, type: MetricType): void {
        this._start = this._writer.length;
        this._sizeInChunks = 0;
        this._writer.string(METRIC_FAMILY.name, name);
        if (help !== undefined) this._writer.string(METRIC_FAMILY.help, help);
        this._writer.uint(METRIC_FAMILY.type, METRIC_TYPE[type]);
    }

    public addCounter(labels: Uint8Array, value: number, created?: number, exemplar?: Exemplar): void {
        this.add(labels, METRIC.counter, exemplar === undefined ? writeCounter : withExemplar, value, created);

        function withExemplar(writer: ByteWriter, total: number, since: number | undefined): void {
            writeCounter(writer, total, since, exemplar);
        }
    }

    public addGauge(labels: Uint8Array, value: number): void {
        this.add(labels, METRIC.gauge, writeValue, value);
    }

    public addUntyped(labels: Uint8Array, value: number): void {
        this.add(labels, METRIC.untyped, writeValue, value);
    }

    /** Adds some of the series of templates, with their values. */
    public addTemplates(series: SeriesTemplates, from: number, to: number, valueOf: (index: number) => number): void {
        series.write(this._writer, from, to, valueOf);
        if (this._writer.length - this._start >= CHUNK_SIZE) this.moveToChunk();
    }

    /** @throws RangeError if the count is not an integer from 0 to 2^53 - 1. */
    public addSummary(labels: Uint8Array, value: SummaryValue, created?: number): void {
        this.add(labels, METRIC.summary, writeSummary, value, created);
    }

    /** @throws RangeError if a count is not an integer from 0 to 2^53 - 1. */
    public addHistogram(labels: Uint8Array, value: HistogramValue, created?: number): void {
        this.add(labels, METRIC.histogram, writeHistogram, value, created);
    }

    /** Ends the family. Only now its length is known. */
    public end(): void {
        if (this._sizeInChunks === 0) {
            this._writer.insertLength(this._start);
            if (this._writer.length >= CHUNK_SIZE) this._chunks.push(this._writer.take());
        } else {
            this.moveToChunk();
            this._writer.varint(this._sizeInChunks);
            this._chunks.splice(this._firstChunk, 0, this._writer.take());
        }
    }

    /** Gets the chunks that are full. No family may be under way. */
    public take(): Uint8Array[] {
        const chunks = this._chunks;
        this._chunks = [];
        return chunks;
    }

    /** Gets the chunks that are full, and the last one. No family may be under way. */
    public finish(): Uint8Array[] {
        if (this._writer.length > 0) this._chunks.push(this._writer.take());
        return this.take();
    }

    private add<T>(
        labels: Uint8Array,
        field: number,
        write: (writer: ByteWriter, value: T, created: number | undefined) => void,
        value: T,
        created?: number
    ): void {
        const writer = this._writer;
        const before = writer.length;
        try {
            const metric = writer.begin(METRIC_FAMILY.metric);
            writer.encoded(labels);
            const message = writer.begin(field);
            write(writer, value, created);
            writer.end(message);
            writer.end(metric);
        } catch (error) {
            writer.truncate(before);
            throw error;
        }
        if (writer.length - this._start >= CHUNK_SIZE) this.moveToChunk();
    }

    /** Moves what there is of the family to a chunk of its own, for its length must still get before the first one. */
    private moveToChunk(): void {
        const bytes = this._writer.take();
        if (this._sizeInChunks === 0) {
            if (this._start > 0) this._chunks.push(bytes.subarray(0, this._start));
            this._firstChunk = this._chunks.length;
        }
        const part = bytes.subarray(this._start);
        if (part.length > 0) this._chunks.push(part);
        this._sizeInChunks += part.length;
        this._start = 0;
    }
}
