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

describe('a family of many series', () => {
    const SIZE = 1000;

    /** Records with each of some series, and gives the values, labels and start times that they must have. */
    function record(counters: PrometheusCounters, size: number, round: number, start: number): object[] {
        return Array.from({ length: size }, (_, index) => {
            const value = (index * 7 + round) / 4;
            const name = `${'service'.repeat(index % 40)}${index}.c.exec_count`;
            counters.increment(name, value - (round === 0 ? 0 : (index * 7 + round - 1) / 4));
            return {
                label: [
                    { name: 'command', value: 'c' },
                    { name: 'service', value: name.split('.')[0] },
                ],
                counter: { value, startTimestamp: { seconds: Math.floor(start / 1000), nanos: (start % 1000) * 1e6 } },
            };
        });
    }

    function metrics(counters: PrometheusCounters, renderer: Renderer): unknown {
        const pieces = [...renderer.render(counters.getAll(), PROTOBUF_FORMAT)].map((piece) => Buffer.from(piece));
        return decodeFamilies(Buffer.concat(pieces))[0]?.metric;
    }

    test('has its values at each scrape, the series that are new, and new start times after a reset', () => {
        const counters = create({ style: 'idiomatic' });
        const renderer = new Renderer(counters.exposition, null, null);
        const start = Date.now();
        expect(metrics(counters, renderer)).toBeUndefined();
        for (let round = 0; round < 3; round++) {
            const expected = record(counters, SIZE, round, start);
            expect(metrics(counters, renderer)).toEqual(expected);
        }
        const later = Array.from({ length: 300 }, (_, index) => ({ index, value: index + 1 }));
        later.forEach(({ index, value }) => {
            counters.increment(`later${index}.c.exec_count`, value);
        });
        const all = metrics(counters, renderer) as { counter: { value: number } }[];
        expect(all.slice(SIZE).map(({ counter }) => counter.value)).toEqual(later.map(({ value }) => value));

        counters.clearAll();
        jest.advanceTimersByTime(1500);
        const expected = record(counters, SIZE, 0, start + 1500);
        expect(metrics(counters, renderer)).toEqual(expected);
    });

    test('may begin at a time of its own for each series', () => {
        const counters = create({ style: 'idiomatic' });
        const renderer = new Renderer(counters.exposition, null, null);
        const start = Date.now();
        const expected: object[] = [];
        for (let index = 0; index < 20; index++) {
            counters.increment(`s${index}.c.exec_count`);
            jest.advanceTimersByTime(1000);
            expected.push({
                value: 1,
                startTimestamp: { seconds: Math.floor(start / 1000) + index, nanos: 250_000_000 },
            });
        }
        for (let scrape = 0; scrape < 2; scrape++) {
            const found = metrics(counters, renderer) as { counter: object }[];
            expect(found.map(({ counter }) => counter)).toEqual(expected);
        }
    });
});
