import { FamilyRule, FamilySet, isIn, MetricFamily, MetricType, SampleValues } from './families';
import { ExpositionFormat } from './formats';
import { parseLabels } from './labels';
import { encodeLabels } from './protobuf/encodeLabels';
import { COUNTER } from './protobuf/fields';
import { MetricFamilyEncoder } from './protobuf/MetricFamilyEncoder';
import { HistogramValue, SummaryValue } from './protobuf/metricValues';
import { SeriesTemplates, SingleValue } from './protobuf/SeriesTemplates';

/** From how many series on a family is kept as encoded as it can be. */
const MANY_SERIES = 16;

/** How many series are written between two places where the caller can pause. */
const STEP = 256;

/** The encoded labels of each series, made when they are written first, and kept as long as their texts, which families share. */
const encodedLabels = new WeakMap<readonly string[], Uint8Array[]>();

/** The series of each family that has many of one value, as long as it lives. */
const templates = new WeakMap<MetricFamily, SeriesTemplates>();

/** Prometheus' protobuf format, the only one with native histograms: Prometheus documentation, instrumenting/exposition_formats.md. */
export const PROTOBUF_FORMAT: ExpositionFormat<Uint8Array | ''> = {
    mediaType: 'application/vnd.google.protobuf',
    parameters: { proto: 'io.prometheus.client.MetricFamily', encoding: 'delimited' },
    isExplicit: true,
    contentType: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    write: writeFamilies,
};

function* writeFamilies(sets: readonly FamilySet[]): Generator<Uint8Array | '', void, void> {
    const encoder = new MetricFamilyEncoder();
    let steps = 0;
    for (const { families, values } of sets) {
        for (const family of families) {
            const { name, help, rule, positions, offset, labels: texts } = family;
            if (!isIn(values, positions[0])) continue;
            encoder.begin(name, help === null ? undefined : help + rule.helpSuffix, TYPES[rule.type]);
            const field = SINGLE_VALUES[rule.type];
            if (field !== undefined && positions.length >= MANY_SERIES) {
                yield* writeTemplates(encoder, family, findTemplates(family, field), values);
                encoder.end();
                yield* encoder.take();
                continue;
            }
            const labels = findEncodedLabels(texts);
            const add = ADDERS[rule.type];
            for (let index = 0; index < positions.length; index++) {
                const position = positions[index];
                if (!isIn(values, position)) break;
                labels[index] ??= encodeLabels(parseLabels(texts[index] ?? ''));
                add(encoder, labels[index] ?? NO_LABELS, family.rules?.[index] ?? rule, values, position + offset);
                if (++steps % STEP === 0) yield '';
            }
            encoder.end();
            yield* encoder.take();
        }
    }
    yield* encoder.finish();
}

const NO_LABELS = new Uint8Array();

/** The types as the encoder calls them. */
const TYPES = {
    counter: 'counter',
    gauge: 'gauge',
    histogram: 'histogram',
    summary: 'summary',
    unknown: 'untyped',
} as const satisfies Record<MetricType, string>;

/** The field of the value of those types whose series have only one. */
const SINGLE_VALUES: Readonly<Partial<Record<MetricType, SingleValue>>> = {
    counter: 'counter',
    gauge: 'gauge',
    unknown: 'untyped',
};

type SeriesAdder = (
    encoder: MetricFamilyEncoder,
    labels: Uint8Array,
    rule: FamilyRule,
    values: SampleValues,
    position: number
) => void;

/** How series of each type are added. */
const ADDERS: Readonly<Record<MetricType, SeriesAdder>> = {
    counter: (encoder, labels, { extras }, { numbers, exemplars }, position) =>
        encoder.addCounter(
            labels,
            numbers[position] ?? NaN,
            readExtra(extras.created, numbers, position),
            exemplars?.get(position)
        ),
    gauge: (encoder, labels, _rule, { numbers }, position) => encoder.addGauge(labels, numbers[position] ?? NaN),
    unknown: (encoder, labels, _rule, { numbers }, position) => encoder.addUntyped(labels, numbers[position] ?? NaN),
    summary: (encoder, labels, rule, { numbers }, position) =>
        encoder.addSummary(
            labels,
            readSummary(rule, numbers, position),
            readExtra(rule.extras.created, numbers, position)
        ),
    histogram: (encoder, labels, rule, values, position) =>
        encoder.addHistogram(
            labels,
            readHistogram(rule, values, position),
            readExtra(rule.extras.created, values.numbers, position)
        ),
};

function readSummary({ lines }: FamilyRule, numbers: Float64Array, position: number): SummaryValue {
    const quantiles = lines.flatMap(({ bound }, line) =>
        bound === undefined ? [] : [{ quantile: bound, value: numbers[position + line] ?? NaN }]
    );
    const sum = position + quantiles.length;
    return { sum: numbers[sum] ?? NaN, count: numbers[sum + 1] ?? NaN, quantiles };
}

function readHistogram({ lines, extras }: FamilyRule, values: SampleValues, position: number): HistogramValue {
    const { numbers, natives, exemplars } = values;
    const bounds = lines.flatMap(({ bound }) => bound ?? []);
    const sum = position + bounds.length;
    const native = natives[readExtra(extras.native, numbers, position) ?? -1] ?? null;
    const isNativeOnly = native !== null && bounds.length === 1;
    const cumulativeCounts = numbers.subarray(position, sum);
    const classic =
        exemplars === undefined
            ? { bounds, cumulativeCounts }
            : { bounds, cumulativeCounts, exemplars: bounds.map((_, bucket) => exemplars.get(position + bucket)) };
    return {
        sum: numbers[sum] ?? NaN,
        count: numbers[sum + 1] ?? NaN,
        classic: isNativeOnly ? null : classic,
        native,
    };
}

/** Reads what is there beside the lines of a series; undefined if it is not. */
function readExtra(offset: number | undefined, numbers: Float64Array, position: number): number | undefined {
    const value = offset === undefined ? NaN : (numbers[position + offset] ?? NaN);
    return Number.isNaN(value) ? undefined : value;
}

/** Writes the series of a family that have one value each. */
function* writeTemplates(
    encoder: MetricFamilyEncoder,
    { labels, positions, offset, rule }: MetricFamily,
    encoded: SeriesTemplates,
    values: SampleValues
): Generator<'', void, void> {
    const { numbers } = values;
    const valueOf = (index: number) => numbers[(positions[index] ?? NaN) + offset] ?? NaN;
    for (let start = 0; isIn(values, positions[start]); start += STEP) {
        let index = start;
        for (; index < start + STEP; index++) {
            const position = positions[index];
            if (!isIn(values, position)) break;
            const created = readExtra(rule.extras.created, numbers, position + offset);
            if (!encoded.matches(index, created))
                encoded.put(index, encodeLabels(parseLabels(labels[index] ?? '')), created);
        }
        encoder.addTemplates(encoded, start, index, valueOf);
        yield '';
    }
}

function findTemplates(family: MetricFamily, field: SingleValue): SeriesTemplates {
    const known =
        templates.get(family) ?? new SeriesTemplates(field, field === 'counter' ? COUNTER.startTimestamp : undefined);
    templates.set(family, known);
    return known;
}

function findEncodedLabels(texts: readonly string[]): Uint8Array[] {
    const known = encodedLabels.get(texts) ?? [];
    encodedLabels.set(texts, known);
    return known;
}
