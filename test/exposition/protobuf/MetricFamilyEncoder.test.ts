import fc from 'fast-check';

import { NativeHistogram } from '../../../src/count/histogram/NativeHistogram';
import { encodeLabels } from '../../../src/exposition/protobuf/encodeLabels';
import { MetricFamilyEncoder, MetricType } from '../../../src/exposition/protobuf/MetricFamilyEncoder';
import { HistogramValue, SummaryValue } from '../../../src/exposition/protobuf/metricValues';
import { DecodedFamily, decodeFamilies } from '../../fixtures/metricsProto';

const CREATED = Date.UTC(2020, 0, 1, 0, 0, 0, 250);
const START = { seconds: 1577836800, nanos: 250000000 };
const NO_LABELS = encodeLabels([]);

function encode(write: (encoder: MetricFamilyEncoder) => void): Buffer {
    const encoder = new MetricFamilyEncoder();
    write(encoder);
    return Buffer.concat(encoder.finish());
}

/** The one series of a family of a type, decoded. */
function decodeSeries(type: MetricType, add: (encoder: MetricFamilyEncoder) => void): unknown {
    const [family] = decodeFamilies(
        encode((encoder) => {
            encoder.begin('name', undefined, type);
            add(encoder);
            encoder.end();
        })
    );
    return (family?.metric as unknown[])[0];
}

function observing(values: readonly number[], schema = 3): NativeHistogram {
    const histogram = new NativeHistogram({ schema, maxBuckets: 160 });
    for (const value of values) histogram.observe(value);
    return histogram;
}

describe('a family', () => {
    test.each<[MetricType, string]>([
        ['counter', 'COUNTER'],
        ['gauge', 'GAUGE'],
        ['summary', 'SUMMARY'],
        ['untyped', 'UNTYPED'],
        ['histogram', 'HISTOGRAM'],
    ])('of the type %s', (type, expected) => {
        const body = encode((encoder) => {
            encoder.begin('name', 'Help', type);
            encoder.end();
        });
        expect(decodeFamilies(body)).toEqual([{ name: 'name', help: 'Help', type: expected }]);
    });

    test('without HELP has no such field', () => {
        const body = encode((encoder) => {
            encoder.begin('a', undefined, 'gauge');
            encoder.addGauge(NO_LABELS, 0);
            encoder.end();
        });
        // Length 18: name "a", type 1, metric of 11 bytes, gauge of 9 bytes, value 0
        expect(body.toString('hex')).toBe('12' + '0a0161' + '1801' + '220b' + '1209' + '090000000000000000');
    });

    test('nothing is nothing', () => {
        expect(encode(() => undefined)).toHaveLength(0);
    });
});

test('labels may hold any text; lone surrogates are replaced', () => {
    const labels = encodeLabels([
        ['a', ''],
        ['b', 'quote " backslash \\ line\n'],
        ['c', '\u82b1\ud800\u{1f600}'],
    ]);
    expect(decodeSeries('gauge', (encoder) => encoder.addGauge(labels, 1))).toEqual({
        label: [
            { name: 'a', value: '' },
            { name: 'b', value: 'quote " backslash \\ line\n' },
            { name: 'c', value: '\u82b1\ufffd\u{1f600}' },
        ],
        gauge: { value: 1 },
    });
});

describe('a series', () => {
    test.each<[string, MetricType, (encoder: MetricFamilyEncoder) => void, unknown]>([
        [
            'counter',
            'counter',
            (encoder) => encoder.addCounter(NO_LABELS, 3.5, CREATED),
            { counter: { value: 3.5, startTimestamp: START } },
        ],
        [
            'counter at the full second',
            'counter',
            (encoder) => encoder.addCounter(NO_LABELS, 0, 0),
            { counter: { value: 0, startTimestamp: { seconds: 0, nanos: 0 } } },
        ],
        [
            'counter whose start has a fraction of a ms',
            'counter',
            (encoder) => encoder.addCounter(NO_LABELS, 0, 1999.75),
            { counter: { value: 0, startTimestamp: { seconds: 1, nanos: 999750000 } } },
        ],
        [
            'counter whose start is not known',
            'counter',
            (encoder) => encoder.addCounter(NO_LABELS, 1),
            { counter: { value: 1 } },
        ],
        ['gauge', 'gauge', (encoder) => encoder.addGauge(NO_LABELS, -Infinity), { gauge: { value: -Infinity } }],
        ['untyped', 'untyped', (encoder) => encoder.addUntyped(NO_LABELS, NaN), { untyped: { value: NaN } }],
        ['zero of either sign', 'gauge', (encoder) => encoder.addGauge(NO_LABELS, -0), { gauge: { value: 0 } }],
        [
            'summary',
            'summary',
            (encoder) => encoder.addSummary(NO_LABELS, { count: 0, sum: 0, quantiles: [] }, CREATED),
            { summary: { sampleCount: 0, sampleSum: 0, startTimestamp: START } },
        ],
        [
            'summary with quantiles',
            'summary',
            (encoder) =>
                encoder.addSummary(NO_LABELS, {
                    count: 2 ** 40,
                    sum: -1.5,
                    quantiles: [
                        { quantile: 0.5, value: 1 },
                        { quantile: 1, value: NaN },
                    ],
                }),
            {
                summary: {
                    sampleCount: 2 ** 40,
                    sampleSum: -1.5,
                    quantile: [
                        { quantile: 0.5, value: 1 },
                        { quantile: 1, value: NaN },
                    ],
                },
            },
        ],
        [
            'histogram with classic buckets',
            'histogram',
            (encoder) =>
                encoder.addHistogram(
                    NO_LABELS,
                    { count: 3, sum: 2.5, classic: { bounds: [0.5, 1], cumulativeCounts: [0, 2, 3] }, native: null },
                    CREATED
                ),
            {
                histogram: {
                    sampleCount: 3,
                    sampleSum: 2.5,
                    bucket: [
                        { cumulativeCount: 0, upperBound: 0.5 },
                        { cumulativeCount: 2, upperBound: 1 },
                        { cumulativeCount: 3, upperBound: Infinity },
                    ],
                    startTimestamp: START,
                },
            },
        ],
        [
            'histogram with classic and native buckets of both signs',
            'histogram',
            (encoder) =>
                encoder.addHistogram(NO_LABELS, {
                    count: 5,
                    sum: -11,
                    classic: { bounds: [], cumulativeCounts: [5] },
                    // Buckets 0 and 4 on the negative side, 1 and 2 on the positive one
                    native: observing([-1, -16, 0, 2, 4], 0),
                }),
            {
                histogram: {
                    sampleCount: 5,
                    sampleSum: -11,
                    bucket: [{ cumulativeCount: 5, upperBound: Infinity }],
                    schema: 0,
                    zeroThreshold: 2 ** -128,
                    zeroCount: 1,
                    negativeSpan: [
                        { offset: 0, length: 1 },
                        { offset: 3, length: 1 },
                    ],
                    negativeDelta: [1, 0],
                    positiveSpan: [{ offset: 1, length: 2 }],
                    positiveDelta: [1, 0],
                },
            },
        ],
    ])('%s', (_, type, add, expected) => {
        expect(decodeSeries(type, add)).toEqual(expected);
    });

    test.each([-1, 1.5, NaN, Infinity, 2 ** 53])(
        'whose count is %p is refused, and the family is as before',
        (count) => {
            const summary = { count: 1, sum: 1, quantiles: [] };
            const histogram = {
                count: 1,
                sum: 1,
                classic: { bounds: [1], cumulativeCounts: [count, 1] },
                native: null,
            };
            const refused = new RangeError(
                `A number of observations must be an integer from 0 to 2^53 - 1, but is ${count}`
            );
            const body = encode((encoder) => {
                encoder.begin('name', 'Help', 'summary');
                encoder.addSummary(NO_LABELS, summary);
                expect(() => encoder.addSummary(NO_LABELS, { ...summary, count })).toThrow(refused);
                expect(() => encoder.addHistogram(NO_LABELS, histogram)).toThrow(refused);
                encoder.addSummary(NO_LABELS, { ...summary, count: 2 });
                encoder.end();
            });
            expect(decodeFamilies(body)).toEqual([
                {
                    name: 'name',
                    help: 'Help',
                    type: 'SUMMARY',
                    metric: [
                        { summary: { sampleCount: 1, sampleSum: 1 } },
                        { summary: { sampleCount: 2, sampleSum: 1 } },
                    ],
                },
            ]);
        }
    );
});

describe('chunks', () => {
    const name = 'n'.repeat(1000);

    function addFamily(encoder: MetricFamilyEncoder, series: number): void {
        encoder.begin(name, undefined, 'gauge');
        for (let value = 0; value < series; value++) encoder.addGauge(NO_LABELS, value);
        encoder.end();
    }

    function family(series: number): DecodedFamily {
        const metric = Array.from({ length: series }, (_, value) => ({ gauge: { value } }));
        return { name, type: 'GAUGE', ...(series > 0 ? { metric } : {}) };
    }

    // A series has 13 bytes, so 5000 fill a chunk
    test.each<[string, number[]]>([
        ['one small family', [1]],
        ['one of several chunks', [20000]],
        ['two of several chunks', [20000, 20000]],
        ['small ones around', [1, 20000, 0, 1]],
        ['a large one in a chunk that is nearly full', [4900, 200, 4900, 10000, 1]],
        ['many small ones', new Array<number>(300).fill(1)],
    ])('are whole families, whenever they are taken: %s', (_, sizes) => {
        const atEnd = encode((encoder) => {
            for (const size of sizes) addFamily(encoder, size);
        });
        expect(decodeFamilies(atEnd)).toEqual(sizes.map(family));

        const encoder = new MetricFamilyEncoder();
        const chunks = sizes.flatMap((size) => {
            addFamily(encoder, size);
            return encoder.take();
        });
        chunks.push(...encoder.finish());
        expect(Buffer.concat(chunks).equals(atEnd)).toBe(true);
        expect(chunks.filter(({ length }) => length === 0 || length > 140000)).toEqual([]);
        expect(encoder.finish()).toEqual([]);
    });

    test('small families share one', () => {
        const encoder = new MetricFamilyEncoder();
        for (let family = 0; family < 150; family++) addFamily(encoder, 1);
        expect(encoder.take()).toHaveLength(2);
        expect(encoder.finish()).toHaveLength(1);
    });
});

interface DecodedHistogram {
    readonly schema?: number;
    readonly positiveSpan?: readonly { offset: number; length: number }[];
    readonly positiveDelta?: readonly number[];
    readonly negativeSpan?: readonly { offset: number; length: number }[];
    readonly negativeDelta?: readonly number[];
}

/** The counts by index that spans and deltas say. */
function countsOf(
    spans: DecodedHistogram['positiveSpan'] = [],
    deltas: readonly number[] = []
): Record<number, number> {
    const counts: Record<number, number> = {};
    const rest = deltas.values();
    let index = 0;
    let count = 0;
    for (const { offset, length } of spans) {
        index += offset;
        for (let end = index + length; index < end; index++) {
            count += rest.next().value ?? NaN;
            if (count !== 0) counts[index] = count;
        }
    }
    expect(rest.next().done).toBe(true);
    return counts;
}

describe('spans', () => {
    test.each<[string, number, number[], unknown, unknown]>([
        ['none', 5, [0, 0, 0], undefined, undefined],
        ['one bucket', -3, [0, 7, 0], [{ offset: -2, length: 1 }], [7]],
        ['a gap of two', 0, [3, 0, 0, 4], [{ offset: 0, length: 4 }], [3, -3, 0, 4]],
        [
            'a gap of three',
            0,
            [3, 0, 0, 0, 4],
            [
                { offset: 0, length: 1 },
                { offset: 3, length: 1 },
            ],
            [3, 1],
        ],
        [
            'large counts',
            100,
            [2 ** 50, 1, 0, 0, 0, 2 ** 40],
            [
                { offset: 100, length: 2 },
                { offset: 3, length: 1 },
            ],
            [2 ** 50, 1 - 2 ** 50, 2 ** 40 - 1],
        ],
    ])('%s', (_, first, counts, positiveSpan, positiveDelta) => {
        const native = { schema: 0, zeroCount: 0, negative: { first, counts: [] }, positive: { first, counts } };
        const series = decodeSeries('histogram', (encoder) =>
            encoder.addHistogram(NO_LABELS, { count: 0, sum: 0, classic: null, native })
        );
        const { histogram } = series as { histogram: DecodedHistogram };
        expect([histogram.positiveSpan, histogram.positiveDelta]).toEqual([positiveSpan, positiveDelta]);
        expect([histogram.negativeSpan, histogram.negativeDelta]).toEqual([undefined, undefined]);
    });

    test('say the counts, without needless zeros and needless spans', () => {
        const buckets = fc.record({
            first: fc.integer({ min: -2000, max: 2000 }),
            counts: fc.array(fc.oneof(fc.constant(0), fc.constant(0), fc.nat()), { maxLength: 60 }),
        });
        fc.assert(
            fc.property(buckets, ({ first, counts }) => {
                const native = { schema: 0, zeroCount: 0, negative: { first, counts }, positive: { first, counts } };
                const series = decodeSeries('histogram', (encoder) =>
                    encoder.addHistogram(NO_LABELS, { count: 0, sum: 0, classic: null, native })
                );
                const { histogram } = series as { histogram: DecodedHistogram };
                const expected: Record<number, number> = {};
                counts.forEach((count, slot) => {
                    if (count !== 0) expected[first + slot] = count;
                });
                expect(countsOf(histogram.positiveSpan, histogram.positiveDelta)).toEqual(expected);
                expect(countsOf(histogram.negativeSpan, histogram.negativeDelta)).toEqual(expected);

                let end = 0;
                for (const [index, { offset, length }] of (histogram.positiveSpan ?? []).entries()) {
                    if (index > 0) expect(offset).toBeGreaterThan(2);
                    const filled = Array.from({ length }, (_, bucket) => (expected[end + offset + bucket] ? 'x' : '0'));
                    expect(filled.join('')).toMatch(/^x((0{0,2})x)*$/);
                    end += offset + length;
                }
            }),
            { numRuns: 500 }
        );
    });
});

describe('whatever is encoded is decoded by protobufjs to the same', () => {
    const text = fc.oneof(
        { arbitrary: fc.string({ unit: 'binary', maxLength: 10 }), weight: 20 },
        { arbitrary: fc.string({ unit: 'binary', maxLength: 200 }), weight: 1 }
    );
    const count = fc.maxSafeNat();
    const value = fc.double().map((number) => number + 0);
    const created = fc.option(fc.nat(4e12), { nil: undefined });
    const labels = fc.array(fc.tuple(text, text), { maxLength: 4 });
    const summary: fc.Arbitrary<SummaryValue> = fc.record({
        count,
        sum: value,
        quantiles: fc.array(fc.record({ quantile: value, value }), { maxLength: 3 }),
    });
    const classic = fc
        .tuple(fc.array(value, { maxLength: 15 }), fc.array(count, { minLength: 16, maxLength: 16 }))
        .map(([bounds, counts]) => ({ bounds, cumulativeCounts: counts.slice(0, bounds.length + 1) }));
    const histogram: fc.Arbitrary<HistogramValue> = fc.record({
        count,
        sum: value,
        classic: fc.option(classic),
        native: fc.option(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true })).map((values) => observing(values))),
    });

    type Add = (encoder: MetricFamilyEncoder, labels: Uint8Array) => void;
    interface Series {
        readonly add: Add;
        readonly expected: Record<string, unknown>;
    }

    function startOf(time: number | undefined): object {
        if (time === undefined) return {};
        return { startTimestamp: { seconds: Math.floor(time / 1000), nanos: (time % 1000) * 1e6 } };
    }

    /** Leaves out what is empty, as a repeated field without elements is not in a message. */
    function unlessEmpty(key: string, list: readonly unknown[]): object {
        return list.length === 0 ? {} : { [key]: list };
    }

    function expectedClassic({ classic: buckets }: HistogramValue): object {
        return unlessEmpty(
            'bucket',
            Array.from(buckets?.cumulativeCounts ?? [], (cumulativeCount, index) => ({
                cumulativeCount,
                upperBound: buckets?.bounds[index] ?? Infinity,
            }))
        );
    }

    const seriesByType: Readonly<Record<MetricType, fc.Arbitrary<Series>>> = {
        counter: fc.tuple(value, created).map(([number, time]) => ({
            add: (encoder, bytes) => encoder.addCounter(bytes, number, time),
            expected: { counter: { value: number, ...startOf(time) } },
        })),
        gauge: value.map((number) => ({
            add: (encoder, bytes) => encoder.addGauge(bytes, number),
            expected: { gauge: { value: number } },
        })),
        untyped: value.map((number) => ({
            add: (encoder, bytes) => encoder.addUntyped(bytes, number),
            expected: { untyped: { value: number } },
        })),
        summary: fc.tuple(summary, created).map(([given, time]) => ({
            add: (encoder, bytes) => encoder.addSummary(bytes, given, time),
            expected: {
                summary: {
                    sampleCount: given.count,
                    sampleSum: given.sum,
                    ...unlessEmpty('quantile', given.quantiles),
                    ...startOf(time),
                },
            },
        })),
        histogram: fc.tuple(histogram, created).map(([given, time]) => ({
            add: (encoder, bytes) => encoder.addHistogram(bytes, given, time),
            expected: {
                histogram: {
                    sampleCount: given.count,
                    sampleSum: given.sum,
                    ...expectedClassic(given),
                    ...(given.native && {
                        schema: given.native.schema,
                        zeroThreshold: 2 ** -128,
                        zeroCount: given.native.zeroCount,
                        positive: countsByIndex(given.native.positive),
                        negative: countsByIndex(given.native.negative),
                    }),
                    ...startOf(time),
                },
            },
        })),
    };

    function countsByIndex({ first, counts }: NativeHistogram['positive']): Record<number, number> {
        return Object.fromEntries(
            counts.flatMap((number, slot): [number, number][] => (number === 0 ? [] : [[first + slot, number]]))
        );
    }

    /** Replaces spans and deltas by the counts that they say, which expected values have. */
    function withCounts(metric: { readonly histogram?: DecodedHistogram }): unknown {
        if (metric.histogram?.schema === undefined) return metric;
        const { positiveSpan, positiveDelta, negativeSpan, negativeDelta, ...rest } = metric.histogram;
        const positive = countsOf(positiveSpan, positiveDelta);
        const negative = countsOf(negativeSpan, negativeDelta);
        return { ...metric, histogram: { ...rest, positive, negative } };
    }

    test.each(Object.keys(seriesByType) as MetricType[])('%s', (type) => {
        const series = fc.array(fc.tuple(labels, seriesByType[type]), { maxLength: 5 });
        const families = fc.array(fc.record({ name: text, help: text, series }), { maxLength: 4 });
        fc.assert(
            fc.property(families, (given) => {
                const body = encode((encoder) => {
                    for (const family of given) {
                        encoder.begin(family.name, family.help, type);
                        for (const [ofSeries, { add }] of family.series) add(encoder, encodeLabels(ofSeries));
                        encoder.end();
                    }
                });
                const decoded = decodeFamilies(body).map(({ metric, ...rest }) => ({
                    ...rest,
                    metric: ((metric ?? []) as { histogram?: DecodedHistogram }[]).map(withCounts),
                }));
                expect(decoded).toEqual(
                    given.map((family) => ({
                        name: family.name.toWellFormed(),
                        help: family.help.toWellFormed(),
                        type: type.toUpperCase(),
                        metric: family.series.map(([ofSeries, { expected }]) => ({
                            ...unlessEmpty(
                                'label',
                                ofSeries.map(([labelName, labelValue]) => ({
                                    name: labelName.toWellFormed(),
                                    value: labelValue.toWellFormed(),
                                }))
                            ),
                            ...expected,
                        })),
                    }))
                );
            }),
            { numRuns: 200 }
        );
    });
});
