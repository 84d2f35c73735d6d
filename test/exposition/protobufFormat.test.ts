import { ConfigParams } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src/count';
import { PROTOBUF_FORMAT } from '../../src/exposition/protobufFormat';
import { Renderer } from '../../src/exposition/Renderer';
import { decodeFamilies } from '../fixtures/metricsProto';

const HISTOGRAM = { observer_type: 'histogram' };

function body(counters: PrometheusCounters, source: string | null = null): Uint8Array {
    const renderer = new Renderer(counters.exposition, source, null);
    return Buffer.concat([...renderer.render(counters.getAll(), PROTOBUF_FORMAT)].map((piece) => Buffer.from(piece)));
}

function create(config: object = {}): PrometheusCounters {
    const counters = new PrometheusCounters();
    counters.configure(ConfigParams.fromValue(config));
    return counters;
}

beforeEach(() => jest.useFakeTimers({ now: 1577836800250, doNotFake: ['performance'] }));
afterEach(() => jest.useRealTimers());

test('the compatible style: gauges without HELP', () => {
    const counters = create();
    counters.increment('a"\\\nb.c.exec_count', 2);
    counters.last('t', -1.5);
    expect(decodeFamilies(body(counters, 's'))).toEqual([
        {
            name: 'exec_count',
            type: 'GAUGE',
            metric: [
                {
                    label: [
                        { name: 'source', value: 's' },
                        { name: 'service', value: 'a"\\\nb' },
                        { name: 'command', value: 'c' },
                    ],
                    gauge: { value: 2 },
                },
            ],
        },
        { name: 't', type: 'GAUGE', metric: [{ label: [{ name: 'source', value: 's' }], gauge: { value: -1.5 } }] },
    ]);
});

test('the idiomatic style: types, HELP, start times, and classic and native buckets side by side', () => {
    const start = { seconds: 1577836800, nanos: 250_000_000 };
    const counters = create({
        style: 'idiomatic',
        mappings: [
            { match: 'classic', name: 'classic_seconds', ...HISTOGRAM, histogram_options: { buckets: [0.01, 1] } },
            {
                match: 'native',
                name: 'native_seconds',
                ...HISTOGRAM,
                histogram_options: { buckets: [], native_histogram_bucket_factor: 2 },
            },
            {
                match: 'both',
                name: 'both',
                ...HISTOGRAM,
                histogram_options: { buckets: [2], native_histogram_bucket_factor: 2 },
            },
        ],
    });
    counters.increment('s.c.exec_count', 3);
    counters.last('temperature', NaN);
    counters.stats('size', 2);
    counters.stats('size', 4);
    [5, 10, 11, 5000].forEach((time) => counters.endTiming('classic', time));
    [1000, 2000, 4000, 3000].forEach((time) => counters.endTiming('native', time));
    [1, 3].forEach((value) => counters.stats('both', value));

    const labels = { label: [{ name: 'source', value: 's' }] };
    const native = { schema: 0, zeroThreshold: 2 ** -128, zeroCount: 0 };
    expect(decodeFamilies(body(counters, 's'))).toEqual([
        {
            name: 'both',
            help: 'Counters that match both',
            type: 'HISTOGRAM',
            metric: [
                {
                    ...labels,
                    histogram: {
                        sampleCount: 2,
                        sampleSum: 4,
                        bucket: [
                            { cumulativeCount: 1, upperBound: 2 },
                            { cumulativeCount: 2, upperBound: Infinity },
                        ],
                        ...native,
                        // 1 is in the bucket 0 up to 1, 3 in the bucket 2 up to 4; the gap is written as a zero
                        positiveSpan: [{ offset: 0, length: 3 }],
                        positiveDelta: [1, -1, 1],
                        startTimestamp: start,
                    },
                },
            ],
        },
        {
            name: 'classic_seconds',
            help: 'Counters that match classic',
            type: 'HISTOGRAM',
            metric: [
                {
                    ...labels,
                    histogram: {
                        sampleCount: 4,
                        sampleSum: 5.026,
                        bucket: [
                            { cumulativeCount: 2, upperBound: 0.01 },
                            { cumulativeCount: 3, upperBound: 1 },
                            { cumulativeCount: 4, upperBound: Infinity },
                        ],
                        startTimestamp: start,
                    },
                },
            ],
        },
        {
            name: 'exec_total',
            help: 'Commands that were executed',
            type: 'COUNTER',
            metric: [
                {
                    label: [
                        { name: 'command', value: 'c' },
                        { name: 'service', value: 's' },
                        { name: 'source', value: 's' },
                    ],
                    counter: { value: 3, startTimestamp: start },
                },
            ],
        },
        {
            name: 'native_seconds',
            help: 'Counters that match native',
            type: 'HISTOGRAM',
            metric: [
                {
                    ...labels,
                    histogram: {
                        sampleCount: 4,
                        sampleSum: 10,
                        ...native,
                        positiveSpan: [{ offset: 0, length: 3 }],
                        positiveDelta: [1, 0, 1],
                        startTimestamp: start,
                    },
                },
            ],
        },
        {
            name: 'size',
            help: 'Values of size',
            type: 'SUMMARY',
            metric: [{ ...labels, summary: { sampleCount: 2, sampleSum: 6, startTimestamp: start } }],
        },
        {
            name: 'size_max',
            help: 'Values of size (maximum)',
            type: 'GAUGE',
            metric: [{ ...labels, gauge: { value: 4 } }],
        },
        {
            name: 'size_min',
            help: 'Values of size (minimum)',
            type: 'GAUGE',
            metric: [{ ...labels, gauge: { value: 2 } }],
        },
        {
            name: 'temperature',
            help: 'Last value of temperature',
            type: 'GAUGE',
            metric: [{ ...labels, gauge: { value: NaN } }],
        },
    ]);
});

test('a body shows the instant at which it was asked for, whatever is recorded while it is written', () => {
    const counters = create({
        style: 'idiomatic',
        defaults: { ...HISTOGRAM, histogram_options: { native_histogram_bucket_factor: 1.1 } },
    });
    for (let index = 0; index < 1000; index++) counters.endTiming(`s${index}.c.exec_time`, index);
    const expected = body(counters);
    const pieces = new Renderer(counters.exposition, null, null).render(counters.getAll(), PROTOBUF_FORMAT);
    const written: Uint8Array[] = [];
    for (const piece of pieces) {
        written.push(Buffer.from(piece));
        counters.endTiming('s1.c.exec_time', 1e9);
        counters.endTiming(`later${written.length}.c.exec_time`, 5);
    }
    expect(Buffer.concat(written).equals(expected)).toBe(true);
    expect(written.filter(({ length }) => length === 0).length).toBeGreaterThan(5);
});
