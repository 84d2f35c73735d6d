import { COMPATIBLE_EXPOSITION } from '../../src/exposition/Exposition';
import { FamilySet } from '../../src/exposition/families';
import { ExpositionFormat } from '../../src/exposition/formats';
import { PROTOBUF_FORMAT } from '../../src/exposition/protobufFormat';
import { Renderer } from '../../src/exposition/Renderer';
import { OPEN_METRICS_FORMAT, TEXT_FORMAT } from '../../src/exposition/textFormats';
import { readMetric } from '../../src/registries/readMetric';
import { decodeFamilies } from '../fixtures/metricsProto';

const OPEN_METRICS_REGISTRY = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

let leftOut: string[];

beforeEach(() => (leftOut = []));

function read(metrics: readonly unknown[], contentType = ''): FamilySet[] {
    const report = (metric: string, reason: string) => leftOut.push(`${metric}: ${reason}`);
    return metrics.flatMap((metric) => readMetric(metric, contentType === OPEN_METRICS_REGISTRY, report) ?? []);
}

function write(sets: readonly FamilySet[], format: ExpositionFormat): Buffer {
    const onConflict = (left: string, kept: string) => leftOut.push(`${left}: like ${kept}`);
    const renderer = new Renderer(COMPATIBLE_EXPOSITION, null, null);
    return Buffer.concat(
        [...renderer.render([], format, { sets, onConflict })].map((piece) => Buffer.from(piece as string))
    );
}

/** A histogram as prom-client gives it. */
function histogram(buckets: readonly (readonly [unknown, unknown])[], sum: unknown, count: unknown, labels = {}) {
    return {
        name: 'h',
        help: 'H',
        type: 'histogram',
        aggregator: 'sum',
        values: [
            ...buckets.map(([le, value]) => ({ metricName: 'h_bucket', value, labels: { le, ...labels } })),
            { metricName: 'h_sum', value: sum, labels },
            { metricName: 'h_count', value: count, labels },
        ],
    };
}

function counter(values: readonly unknown[], name = 'c_total') {
    return { name, help: 'C', type: 'counter', values };
}

const EXEMPLAR = { labelSet: { trace: 'a"b' }, value: 0.5, timestamp: 1577836800.25 };

interface Case {
    readonly title: string;
    readonly metrics: readonly unknown[];
    /** The content type of the registry. */
    readonly contentType?: string;
    readonly text: string;
    /** Up to the line of the end; not given if it is the same as the text. */
    readonly openMetrics?: string;
    readonly leftOut?: readonly string[];
}

const CASES: readonly Case[] = [
    {
        title: 'a counter and a gauge, with labels of theirs in their order',
        metrics: [
            counter([
                { value: 2, labels: { source: 's', instance: 'i', app: 'a' } },
                { value: 0.5, labels: {} },
            ]),
            { name: 'g', help: 'G', type: 'gauge', values: [{ value: -1, labels: {} }] },
        ],
        text:
            '# HELP c_total C\n# TYPE c_total counter\nc_total{source="s",instance="i",app="a"} 2\nc_total 0.5\n' +
            '# HELP g G\n# TYPE g gauge\ng -1\n',
        openMetrics:
            '# HELP c C\n# TYPE c counter\nc_total{source="s",instance="i",app="a"} 2\nc_total 0.5\n' +
            '# HELP g G\n# TYPE g gauge\ng -1\n',
    },
    {
        title: 'a counter without _total is unknown to OpenMetrics',
        metrics: [counter([{ value: 2, labels: {} }], 'c')],
        text: '# HELP c C\n# TYPE c counter\nc 2\n',
        openMetrics: '# HELP c C\n# TYPE c unknown\nc 2\n',
    },
    {
        title: 'a counter of a registry that writes OpenMetrics always has _total, as there',
        metrics: [counter([{ value: 2, labels: {} }], 'c'), counter([{ value: 3, labels: {} }], 'd_total')],
        contentType: OPEN_METRICS_REGISTRY,
        text: '# HELP c_total C\n# TYPE c_total counter\nc_total 2\n# HELP d_total C\n# TYPE d_total counter\nd_total 3\n',
        openMetrics: '# HELP c C\n# TYPE c counter\nc_total 2\n# HELP d C\n# TYPE d counter\nd_total 3\n',
    },
    {
        title: 'what does not only go up is no counter',
        metrics: [
            counter([
                { value: NaN, labels: { a: '1' } },
                { value: -1, labels: { a: '2' } },
                { value: 1, labels: { a: '3' } },
            ]),
        ],
        text: '# HELP c_total C\n# TYPE c_total untyped\nc_total{a="1"} NaN\nc_total{a="2"} -1\nc_total{a="3"} 1\n',
        openMetrics:
            '# HELP c_total C\n# TYPE c_total unknown\nc_total{a="1"} NaN\nc_total{a="2"} -1\nc_total{a="3"} 1\n',
    },
    {
        title: 'a summary: quantiles in ascending order and in the spelling of Prometheus',
        metrics: [
            {
                name: 's',
                help: 'S',
                type: 'summary',
                values: [
                    { labels: { quantile: 1, a: 'x' }, value: 4 },
                    { labels: { quantile: 0.5, a: 'x' }, value: 1.5 },
                    { labels: { quantile: 0, a: 'x' }, value: NaN },
                    { metricName: 's_sum', labels: { a: 'x' }, value: 5.5 },
                    { metricName: 's_count', labels: { a: 'x' }, value: 2 },
                ],
            },
        ],
        text:
            '# HELP s S\n# TYPE s summary\ns{a="x",quantile="0.0"} NaN\ns{a="x",quantile="0.5"} 1.5\n' +
            's{a="x",quantile="1.0"} 4\ns_sum{a="x"} 5.5\ns_count{a="x"} 2\n',
    },
    {
        title: 'a summary of negative values: OpenMetrics has neither their sum nor negative quantiles',
        metrics: [
            {
                name: 's',
                type: 'summary',
                values: [
                    { labels: { quantile: '0.5' }, value: -3 },
                    { labels: { quantile: '0.9' }, value: 1 },
                    { metricName: 's_sum', labels: {}, value: -2 },
                    { metricName: 's_count', labels: {}, value: 2 },
                ],
            },
        ],
        text: '# TYPE s summary\ns{quantile="0.5"} -3\ns{quantile="0.9"} 1\ns_sum -2\ns_count 2\n',
        openMetrics: '# TYPE s summary\ns{quantile="0.9"} 1\ns_count 2\n',
    },
    {
        title: 'histograms: bounds in the spelling of Prometheus, others for each series, values in any order',
        metrics: [
            {
                ...histogram([], 0, 0),
                values: [
                    ...histogram(
                        [
                            [1000000, 3],
                            [0.005, 1],
                            ['+Inf', 3],
                        ],
                        7,
                        3
                    ).values.reverse(),
                    ...histogram(
                        [
                            [-1, 0],
                            [2, 2],
                            ['+Inf', 2],
                        ],
                        3,
                        2,
                        { a: 'b' }
                    ).values,
                ],
            },
        ],
        text:
            '# HELP h H\n# TYPE h histogram\nh_bucket{le="0.005"} 1\nh_bucket{le="1e+06"} 3\nh_bucket{le="+Inf"} 3\n' +
            'h_sum 7\nh_count 3\nh_bucket{a="b",le="-1.0"} 0\nh_bucket{a="b",le="2.0"} 2\nh_bucket{a="b",le="+Inf"} 2\n' +
            'h_sum{a="b"} 3\nh_count{a="b"} 2\n',
        openMetrics:
            '# HELP h H\n# TYPE h histogram\nh_bucket{le="0.005"} 1\nh_bucket{le="1e+06"} 3\nh_bucket{le="+Inf"} 3\n' +
            'h_sum 7\nh_count 3\nh_bucket{a="b",le="-1.0"} 0\nh_bucket{a="b",le="2.0"} 2\nh_bucket{a="b",le="+Inf"} 2\n',
    },
    {
        title: 'a histogram without the bucket of all, and one with nothing else',
        metrics: [
            histogram([[1, 1]], 7, 3),
            {
                ...histogram([], 7, 3),
                name: 'h2',
                values: [
                    { metricName: 'h2_count', value: 3, labels: {} },
                    { metricName: 'h2_sum', value: 7, labels: {} },
                ],
            },
        ],
        text:
            '# HELP h H\n# TYPE h histogram\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 3\nh_sum 7\nh_count 3\n' +
            '# HELP h2 H\n# TYPE h2 histogram\nh2_bucket{le="+Inf"} 3\nh2_sum 7\nh2_count 3\n',
    },
    {
        title: 'histograms that are none are left out, one for one',
        metrics: [
            {
                ...histogram([], 0, 0),
                values: [
                    ...histogram(
                        [
                            [1, 2],
                            ['+Inf', 1],
                        ],
                        0,
                        1,
                        { a: 'falls' }
                    ).values,
                    ...histogram(
                        [
                            [1, 0.5],
                            ['+Inf', 1],
                        ],
                        0,
                        1,
                        { a: 'no integer' }
                    ).values,
                    ...histogram(
                        [
                            [1, -1],
                            ['+Inf', 1],
                        ],
                        0,
                        1,
                        { a: 'negative' }
                    ).values,
                    ...histogram(
                        [
                            [1, 1],
                            ['+Inf', 1],
                        ],
                        0,
                        2,
                        { a: 'other count' }
                    ).values,
                    ...histogram(
                        [
                            ['x', 1],
                            ['+Inf', 1],
                        ],
                        0,
                        1,
                        { a: 'no bound' }
                    ).values,
                    ...histogram([['+Inf', 2 ** 53]], 0, 2 ** 53, { a: 'too high' }).values,
                    ...histogram([['+Inf', 1]], undefined, 1, { a: 'no sum' }).values,
                    ...histogram([['+Inf', 1]], 1, 1, { a: 'right' }).values,
                ],
            },
        ],
        text: '# HELP h H\n# TYPE h histogram\nh_bucket{a="right",le="+Inf"} 1\nh_sum{a="right"} 1\nh_count{a="right"} 1\n',
        leftOut: [
            'h: the counts of its buckets make no histogram',
            'h: the counts of its buckets make no histogram',
            'h: the counts of its buckets make no histogram',
            'h: the counts of its buckets make no histogram',
            'h: a bound is no number',
            'h: the counts of its buckets make no histogram',
            'h: a series has no sum',
        ],
    },
    {
        title: 'types that are not known, and HELP of any kind',
        metrics: [
            { name: 'a', help: 'x\\y"z\n', type: 'info', values: [{ value: 1, labels: {} }] },
            { name: 'b', help: 7, type: undefined, values: [{ value: Infinity, labels: null }] },
            { name: 'c', help: '', type: 'constructor', values: [{ value: -Infinity }] },
        ],
        text: '# HELP a x\\\\y"z\\n\n# TYPE a untyped\na 1\n# TYPE b untyped\nb +Inf\n# TYPE c untyped\nc -Inf\n',
        openMetrics:
            '# HELP a x\\\\y\\"z\\n\n# TYPE a unknown\na 1\n# TYPE b unknown\nb +Inf\n# TYPE c unknown\nc -Inf\n',
    },
    {
        title: 'label values of any kind; empty ones are none',
        metrics: [
            {
                name: 'g',
                type: 'gauge',
                values: [
                    { value: 1, labels: { a: 'x"\\\n\ud800', b: 5, c: null, d: true, e: '' } },
                    { value: 2, labels: { a: undefined, b: Symbol('s') } },
                ],
            },
        ],
        text: '# TYPE g gauge\ng{a="x\\"\\\\\\n\ufffd",b="5",c="null",d="true"} 1\ng{a="undefined",b="Symbol(s)"} 2\n',
    },
    {
        title: 'names of metrics and labels that are not legal',
        metrics: [
            { name: 'a-b', type: 'gauge', values: [{ value: 1, labels: {} }] },
            { name: '', type: 'gauge', values: [{ value: 1, labels: {} }] },
            { name: 5, type: 'gauge', values: [{ value: 1, labels: {} }] },
            { name: 'g', type: 'gauge', values: [{ value: 1, labels: { 'x-y': '1', __name__: 'up', ok: '2' } }] },
            {
                name: 'k',
                type: 'gauge',
                values: [
                    { value: 1, labels: {}, metricName: 'up' },
                    { value: 2, labels: {} },
                ],
            },
            null,
        ],
        text: '# TYPE g gauge\ng{ok="2"} 1\n# TYPE k gauge\nk 2\n',
        leftOut: [
            ': its name is not legal: a-b',
            ': its name is not legal: ',
            ': its name is not legal: 5',
            'g: the name of its label x-y is not legal',
            'g: the name of its label __name__ is not legal',
            'k: a value is of another metric',
            ': a part of it cannot be read',
        ],
    },
    {
        title: 'a series that comes twice, in whatever order of its labels',
        metrics: [
            {
                name: 'g',
                type: 'gauge',
                values: [
                    { value: 1, labels: { a: '1', b: '2' } },
                    { value: 2, labels: { b: '2', a: '1', c: '' } },
                ],
            },
        ],
        text: '# TYPE g gauge\ng{a="1",b="2"} 1\n',
    },
    {
        title: 'nothing but the family, or values that are missing or no numbers',
        metrics: [
            { name: 'a', type: 'gauge', values: [] },
            { name: 'b', type: 'gauge' },
            { name: 'c', type: 'gauge', values: 'x' },
            { name: 'd', type: 'gauge', values: [{ value: null, labels: {} }, { labels: {} }] },
            { name: 'e', type: 'gauge', values: [{ value: '1', labels: {} }, null] },
        ],
        text: '',
        leftOut: ['c: its values are no list', 'e: a value is no number', 'e: a part of it cannot be read'],
    },
    {
        title: 'families that clash: the first one counts',
        metrics: [
            histogram([['+Inf', 1]], 1, 1),
            { name: 'h_sum', type: 'gauge', values: [{ value: 1, labels: {} }] },
            { name: 'h', type: 'gauge', values: [{ value: 1, labels: {} }] },
            { name: 'h_max', type: 'gauge', values: [{ value: 1, labels: {} }] },
        ],
        text: '# HELP h H\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n# TYPE h_max gauge\nh_max 1\n',
        leftOut: ['h_sum: like h', 'h: like h'],
    },
    {
        title: 'exemplars of counters and buckets in OpenMetrics only',
        metrics: [
            counter([{ value: 2, labels: { a: '1' }, exemplar: EXEMPLAR }]),
            {
                ...histogram([], 0, 0),
                values: [
                    { metricName: 'h_bucket', value: 1, labels: { le: 1 }, exemplar: { labelSet: {}, value: 1 } },
                    { metricName: 'h_bucket', value: 1, labels: { le: '+Inf' }, exemplar: null },
                    { metricName: 'h_sum', value: 1, labels: {}, exemplar: EXEMPLAR },
                    { metricName: 'h_count', value: 1, labels: {}, exemplar: EXEMPLAR },
                ],
            },
            { name: 'g', type: 'gauge', values: [{ value: 1, labels: {}, exemplar: EXEMPLAR }] },
            counter([{ value: 1, labels: {}, exemplar: EXEMPLAR }], 'without'),
        ],
        text:
            '# HELP c_total C\n# TYPE c_total counter\nc_total{a="1"} 2\n' +
            '# HELP h H\n# TYPE h histogram\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n' +
            '# TYPE g gauge\ng 1\n# HELP without C\n# TYPE without counter\nwithout 1\n',
        openMetrics:
            '# HELP c C\n# TYPE c counter\nc_total{a="1"} 2 # {trace="a\\"b"} 0.5 1577836800.25\n' +
            '# HELP h H\n# TYPE h histogram\nh_bucket{le="1.0"} 1 # {} 1\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n' +
            '# TYPE g gauge\ng 1\n# HELP without C\n# TYPE without unknown\nwithout 1\n',
    },
    {
        title: 'exemplars that are not valid are dropped',
        metrics: [
            counter([
                { value: 1, labels: { a: '128' }, exemplar: { labelSet: { k: '😀'.repeat(127) }, value: 1 } },
                { value: 1, labels: { a: '129' }, exemplar: { labelSet: { k: '😀'.repeat(128) }, value: 1 } },
                { value: 1, labels: { a: 'name' }, exemplar: { labelSet: { 'k-': '1' }, value: 1 } },
                { value: 1, labels: { a: 'value' }, exemplar: { labelSet: {}, value: null } },
                { value: 1, labels: { a: 'time' }, exemplar: { ...EXEMPLAR, timestamp: NaN } },
                { value: 1, labels: { a: 'past' }, exemplar: { ...EXEMPLAR, timestamp: -1 } },
                { value: 1, labels: { a: 'text' }, exemplar: 'x' },
            ]),
        ],
        text:
            '# HELP c_total C\n# TYPE c_total counter\n' +
            ['128', '129', 'name', 'value', 'time', 'past', 'text'].map((a) => `c_total{a="${a}"} 1\n`).join(''),
        openMetrics:
            `# HELP c C\n# TYPE c counter\nc_total{a="128"} 1 # {k="${'😀'.repeat(127)}"} 1\n` +
            ['129', 'name', 'value', 'time', 'past', 'text'].map((a) => `c_total{a="${a}"} 1\n`).join(''),
    },
];

test.each(CASES)('$title', ({ metrics, contentType, text, openMetrics, leftOut: expected }) => {
    const sets = read(metrics, contentType);
    expect(write(sets, TEXT_FORMAT).toString()).toBe(text);
    expect(leftOut).toEqual(expected ?? []);
    expect(write(sets, OPEN_METRICS_FORMAT).toString()).toBe(`${openMetrics ?? text}# EOF\n`);
    expect(() => decodeFamilies(write(sets, PROTOBUF_FORMAT))).not.toThrow();
});

test('protobuf: types, quantiles, buckets and exemplars', () => {
    const [summary] = CASES.flatMap(({ title, metrics }) => (title.startsWith('a summary: ') ? metrics : []));
    const exemplars = CASES.flatMap(({ title, metrics }) => (title.startsWith('exemplars of') ? metrics : []));
    const exemplar = {
        label: [{ name: 'trace', value: 'a"b' }],
        value: 0.5,
        timestamp: { seconds: 1577836800, nanos: 250_000_000 },
    };
    const unknown = { name: 'u', help: 'U', type: 'other', values: [{ value: 1, labels: { a: 'b' } }] };

    expect(decodeFamilies(write(read([summary, ...exemplars, unknown]), PROTOBUF_FORMAT))).toEqual([
        {
            name: 's',
            help: 'S',
            type: 'SUMMARY',
            metric: [
                {
                    label: [{ name: 'a', value: 'x' }],
                    summary: {
                        sampleCount: 2,
                        sampleSum: 5.5,
                        quantile: [
                            { quantile: 0, value: NaN },
                            { quantile: 0.5, value: 1.5 },
                            { quantile: 1, value: 4 },
                        ],
                    },
                },
            ],
        },
        {
            name: 'c_total',
            help: 'C',
            type: 'COUNTER',
            metric: [{ label: [{ name: 'a', value: '1' }], counter: { value: 2, exemplar } }],
        },
        {
            name: 'h',
            help: 'H',
            type: 'HISTOGRAM',
            metric: [
                {
                    histogram: {
                        sampleCount: 1,
                        sampleSum: 1,
                        bucket: [
                            { cumulativeCount: 1, upperBound: 1, exemplar: { value: 1 } },
                            { cumulativeCount: 1, upperBound: Infinity },
                        ],
                    },
                },
            ],
        },
        { name: 'g', type: 'GAUGE', metric: [{ gauge: { value: 1 } }] },
        { name: 'without', help: 'C', type: 'COUNTER', metric: [{ counter: { value: 1, exemplar } }] },
        {
            name: 'u',
            help: 'U',
            type: 'UNTYPED',
            metric: [{ label: [{ name: 'a', value: 'b' }], untyped: { value: 1 } }],
        },
    ]);
});

test('a metric that throws wherever it is touched', () => {
    const refuse = () => {
        throw new Error('no');
    };
    const hostile = new Proxy({}, { get: refuse, ownKeys: refuse });
    const value = Object.defineProperty({ labels: {} }, 'value', { get: () => (hostile as { x: number }).x });
    const sets = read([hostile, { name: 'g', type: 'gauge', values: [value, { value: 1, labels: hostile }, hostile] }]);

    expect(sets).toEqual([]);
    expect(leftOut).toEqual([
        ': a part of it cannot be read',
        ...Array<string>(3).fill('g: a part of it cannot be read'),
    ]);
});
