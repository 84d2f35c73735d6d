import { join } from 'node:path';

import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';
import { ContainerConfigReader } from 'pip-services3-container-nodex';

import { Mapping } from '../../../src/exposition/mapping/mappings';
import { ExpositionOptions, readExpositionOptions } from '../../../src/exposition/mapping/readExpositionOptions';
import { thrownBy } from '../../fixtures/thrownBy';

const { Increment, Interval, LastValue, Statistics, Timestamp } = CounterType;

const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SUMMARY = { type: 'summary', buckets: DEFAULT_BUCKETS, nativeFactor: null, nativeMaxBuckets: 160 };

const UNCONFIGURED: ExpositionOptions = {
    style: 'compatible',
    prefix: '',
    mappings: [],
    defaults: { matchType: 'glob', globDisableOrdering: false, ttl: 0, observer: { ...SUMMARY, type: 'summary' } },
    warnings: [],
};

function read(value: object): ExpositionOptions {
    return readExpositionOptions(ConfigParams.fromValue(value));
}

/** Reads one mapping of the idiomatic style that has a pattern and a name. */
function readOne(mapping: object, defaults: object = {}): Mapping {
    const { mappings } = read({ style: 'idiomatic', defaults, mappings: [{ match: 'a', name: 'x', ...mapping }] });
    const [one] = mappings;
    if (one === undefined || mappings.length > 1) throw new Error(`There are ${mappings.length} mappings`);
    return one;
}

describe('nothing is configured', () => {
    test.each([
        ['nothing at all', {}],
        ['other options', { source: 'shop', options: { max_counters: 5 }, mapping: 'x', styles: 'y', prefixes: 'z' }],
        ['the style by its name', { style: 'compatible' }],
        ['empty texts, lists and objects', { style: '', prefix: '', mappings: [], defaults: {} }],
        ['null', { style: null, prefix: null, mappings: null, defaults: { ttl: null } }],
    ])('%s', (_, config) => {
        expect(read(config)).toEqual(UNCONFIGURED);
    });
});

test('a mapping has everything that it says, and the defaults for the rest', () => {
    const options = read({
        style: ' idiomatic ',
        prefix: 'shop_',
        defaults: { ttl: '1h', glob_disable_ordering: true, observer_type: 'histogram' },
        mappings: [
            {
                match: 'orders.*.*.time',
                name: 'order_${2}_seconds',
                help: ' Time of an order',
                labels: { step: '${2}', method: '$1', Z: 'z' },
                match_metric_type: 'observer',
                scale: '-0.5',
                ttl: '90s',
            },
            { match: '^tmp', match_type: 'regex', action: 'drop' },
        ],
    });
    const histogram = { ...SUMMARY, type: 'histogram' };
    expect(options).toEqual({
        style: 'idiomatic',
        prefix: 'shop_',
        defaults: { matchType: 'glob', globDisableOrdering: true, ttl: 3_600_000, observer: histogram },
        mappings: [
            {
                index: 0,
                match: 'orders.*.*.time',
                pattern: { segments: ['orders', '*', '*', 'time'] },
                types: [Interval, Statistics],
                action: 'map',
                name: 'order_${2}_seconds',
                labels: [
                    ['Z', 'z'],
                    ['method', '$1'],
                    ['step', '${2}'],
                ],
                help: ' Time of an order',
                metricType: undefined,
                scale: -0.5,
                ttl: 90_000,
                observer: histogram,
            },
            {
                index: 1,
                match: '^tmp',
                pattern: { regex: /^tmp/u },
                types: undefined,
                action: 'drop',
                name: '',
                labels: [],
                help: undefined,
                metricType: undefined,
                scale: 1,
                ttl: 3_600_000,
                observer: histogram,
            },
        ],
        warnings: [],
    });
});

test('a file of statsd_exporter is taken as it is', () => {
    const path = join(__dirname, '../../fixtures/mappings.yml');
    const [component] = ContainerConfigReader.readFromFile('test', path, new ConfigParams());
    const { mappings, defaults, warnings } = readExpositionOptions(component?.config ?? new ConfigParams());

    expect(defaults.observer).toEqual({
        type: 'histogram',
        buckets: [0.005, 0.01, 1],
        nativeFactor: 1.1,
        nativeMaxBuckets: 256,
    });
    // The list has more than ten, and is in its order
    const names = ['m0', 'm1', 'm2_total', 'm3', 'm4', 'dropped', 'm6', 'm7', 'm8', 'm9', 'm10'];
    expect(mappings.map(({ name }) => name)).toEqual(names);
    expect(mappings.map(({ index }) => index)).toEqual(names.map((_, index) => index));
    expect(mappings[1]?.observer.type).toBe('summary');
    expect(mappings[2]).toMatchObject({
        help: 'Two {a: b} }}',
        types: [Increment],
        labels: [
            ['first', '$1'],
            ['second', 'of ${2}'],
        ],
    });
    expect(mappings[3]).toMatchObject({
        pattern: { regex: /m3\.(?<code>\d{2,3})/u },
        scale: 0.001,
        ttl: 80_000,
    });
    expect(mappings[4]?.observer).toEqual({ ...defaults.observer, buckets: [] });
    expect(mappings[5]?.action).toBe('drop');
    // Once, though there are two
    expect(warnings).toEqual([expect.stringMatching(/^Option defaults\.summary_options has no effect/)]);
});

test('mappings are in the order of their numbers, whatever the order of the keys and the gaps between them', () => {
    const config = new ConfigParams();
    for (const index of [10, 2, 30, 0]) {
        config.setAsObject(`mappings.${index}.name`, `n${index}`);
        config.setAsObject(`mappings.${index}.match`, `m${index}`);
    }
    const { mappings } = readExpositionOptions(config);
    expect(mappings.map(({ index, match, name }) => [index, match, name])).toEqual([
        [0, 'm0', 'n0'],
        [2, 'm2', 'n2'],
        [10, 'm10', 'n10'],
        [30, 'm30', 'n30'],
    ]);
});

test('the list can have more than ten buckets', () => {
    const buckets = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    expect(readOne({ observer_type: 'histogram', histogram_options: { buckets } }).observer.buckets).toEqual(buckets);
});

test.each([
    ['', []],
    [[], []],
    ['0.5', [0.5]],
    ['0.01, 0.1', [0.01, 0.1]],
    [' .5,1e3 , 2000.', [0.5, 1000, 2000]],
    ['-1,0,+1', [-1, 0, 1]],
    [
        [0.01, '0.1', 1],
        [0.01, 0.1, 1],
    ],
    ['1, +Inf', [1]],
    [[1, Infinity], [1]],
    ['+Inf', []],
    [null, DEFAULT_BUCKETS],
])('buckets %j are %j', (buckets, expected) => {
    const mapping = { observer_type: 'histogram', histogram_options: { buckets } };
    expect(readOne(mapping).observer.buckets).toEqual(expected);
});

test.each([
    [1.1, 1.1],
    ['2', 2],
    [1, null],
    [0, null],
    ['', null],
])('a native factor of %j is %j', (native_histogram_bucket_factor, expected) => {
    const mapping = { observer_type: 'histogram', histogram_options: { native_histogram_bucket_factor } };
    expect(readOne(mapping).observer.nativeFactor).toBe(expected);
});

test('a mapping takes over the options of the defaults, each for itself', () => {
    const defaults = {
        observer_type: 'histogram',
        histogram_options: { buckets: [1], native_histogram_bucket_factor: 1.5, native_histogram_max_buckets: 20 },
    };
    expect(readOne({ histogram_options: { native_histogram_bucket_factor: 1 } }, defaults).observer).toEqual({
        type: 'histogram',
        buckets: [1],
        nativeFactor: null,
        nativeMaxBuckets: 20,
    });
});

test('histogram options of the defaults count for one mapping that is a histogram', () => {
    const defaults = { observer_type: 'summary', histogram_options: { buckets: [1] } };
    expect(readOne({ observer_type: 'histogram' }, defaults).observer.buckets).toEqual([1]);
});

test.each([
    ['0', 0],
    [0, 0],
    ['0s', 0],
    ['90s', 90_000],
    ['500ms', 500],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1000],
    ['+2m', 120_000],
    ['1m20s', 80_000],
    ['100us', 0.1],
    ['100\u00b5s', 0.1],
    ['100\u03bcs', 0.1],
    ['5000000ns', 5],
    [' 3s ', 3000],
    ['', 60_000],
])('a ttl of %j is %d ms', (ttl, expected) => {
    expect(readOne({ ttl }, { ttl: '1m' }).ttl).toBeCloseTo(expected, 9);
});

test.each([
    ['1024', 1024],
    ['1e-6', 1e-6],
    [1e-7, 1e-7],
    [0.5, 0.5],
    ['', 1],
])('a scale of %j is %d', (scale, expected) => {
    expect(readOne({ scale }).scale).toBe(expected);
});

test.each([
    ['counter', [Increment]],
    ['gauge', [LastValue, Timestamp]],
    ['observer', [Interval, Statistics]],
    ['timer', [Interval, Statistics]],
    ['', undefined],
])('match_metric_type %s', (match_metric_type, types) => {
    expect(readOne({ match_metric_type }).types).toEqual(types);
});

test.each([
    [{}, undefined],
    [{ metric_type: 'gauge' }, 'gauge'],
    [{ metric_type: 'gauge', match_metric_type: 'counter' }, 'gauge'],
])('the metric type of %j is %s', (mapping, expected) => {
    expect(readOne(mapping).metricType).toBe(expected);
});

test.each([
    ['true', true],
    ['On', true],
    ['yes', true],
    [1, true],
    ['off', false],
    [' False ', false],
    ['', false],
])('glob_disable_ordering: %j is %j', (glob_disable_ordering, expected) => {
    expect(read({ defaults: { glob_disable_ordering } }).defaults.globDisableOrdering).toBe(expected);
});

test('match_type of the defaults counts for mappings that have none', () => {
    const defaults = { match_type: 'regex' };
    expect(readOne({ match: 'a+' }, defaults).pattern).toEqual({ regex: /a+/u });
    expect(readOne({ match: 'a+', match_type: 'glob' }, defaults).pattern).toEqual({ segments: ['a+'] });
});

test('empty labels are none', () => {
    expect(readOne({ labels: {} }).labels).toEqual([]);
    expect(readOne({ labels: '' }).labels).toEqual([]);
    expect(readOne({ labels: { a: null } }).labels).toEqual([]);
});

test.each([['$1'], ['${1}'], ['x_${code}_total'], ['$$_x'], ['A_z09'], ['_']])('%s may be a name', (name) => {
    expect(readOne({ name }).name).toBe(name);
});

test('mappings work in the compatible style', () => {
    const { style, mappings } = read({
        mappings: [{ match: 'a.*', name: 'a', labels: { b: '$1' }, scale: 2, ttl: '1m' }],
    });
    expect(style).toBe('compatible');
    expect(mappings[0]).toMatchObject({ name: 'a', scale: 2, ttl: 60_000 });
});

describe('refuses', () => {
    const idiomatic = (config: object) => ({ style: 'idiomatic', ...config });
    const mapping = (options: object) => idiomatic({ mappings: [{ match: 'a', name: 'x', ...options }] });
    const third = (options: object) =>
        idiomatic({
            mappings: [
                { match: 'a', name: 'x' },
                { match: 'b', name: 'x' },
                { match: 'c', name: 'x' },
                { match: 'd', name: 'x', ...options },
            ],
        });
    const histogram = (buckets: unknown) => mapping({ observer_type: 'histogram', histogram_options: { buckets } });

    type Row = [what: string, config: object, key: string, says?: string];

    const CHOICES: Row[] = [
        ['an unknown style', { style: 'nice' }, 'style', 'compatible, idiomatic'],
        ['a style in capitals', { style: 'Idiomatic' }, 'style', 'but is "Idiomatic"'],
        ['an unknown match_type', mapping({ match_type: 'globs' }), 'mappings.0.match_type', 'glob, regex'],
        ['one in the defaults', idiomatic({ defaults: { match_type: 'x' } }), 'defaults.match_type', 'glob, regex'],
        ['an unknown action', mapping({ action: 'keep' }), 'mappings.0.action', 'map, drop'],
        [
            'an unknown match_metric_type',
            mapping({ match_metric_type: 'x' }),
            'mappings.0.match_metric_type',
            'counter',
        ],
        ['an unknown metric_type', mapping({ metric_type: 'counter' }), 'mappings.0.metric_type', 'gauge'],
        ['an unknown observer_type', mapping({ observer_type: 'x' }), 'mappings.0.observer_type', 'summary, histogram'],
        ['one in the defaults', idiomatic({ defaults: { observer_type: 'x' } }), 'defaults.observer_type'],
        ['no switch', idiomatic({ defaults: { glob_disable_ordering: 'x' } }), 'defaults.glob_disable_ordering'],
        [
            'metric_type with others than increments',
            mapping({ metric_type: 'gauge', match_metric_type: 'observer' }),
            'mappings.0.metric_type',
        ],
    ];

    const KEYS: Row[] = [
        ['an unknown key of a mapping', third({ label: { a: '1' } }), 'mappings.3.label.a', 'labels'],
        ['another one', mapping({ matches: 'x' }), 'mappings.0.matches', 'match_type'],
        [
            'an unknown key of the defaults',
            idiomatic({ defaults: { scale: 2 } }),
            'defaults.scale',
            'glob_disable_ordering',
        ],
        [
            'an unknown histogram option',
            mapping({ observer_type: 'histogram', histogram_options: { bucket: [1] } }),
            'mappings.0.histogram_options.bucket.0',
            'native_histogram_bucket_factor',
        ],
        ['timer_type', mapping({ timer_type: 'histogram' }), 'mappings.0.timer_type', 'observer_type'],
        [
            'timer_type of the defaults',
            idiomatic({ defaults: { timer_type: 'x' } }),
            'defaults.timer_type',
            'observer_type',
        ],
        ['buckets', mapping({ buckets: [1] }), 'mappings.0.buckets.0', 'histogram_options.buckets'],
        [
            'quantiles',
            mapping({ quantiles: [{ quantile: 1 }] }),
            'mappings.0.quantiles.0.quantile',
            'histogram_quantile',
        ],
        ['a list for a value', mapping({ help: ['a'] }), 'mappings.0.help.0', 'single value'],
        ['a value for labels', mapping({ labels: 'a=b' }), 'mappings.0.labels', 'options of its own'],
        ['a value for the defaults', idiomatic({ defaults: 'x' }), 'defaults', 'options of its own'],
        ['a value for a mapping', idiomatic({ mappings: ['a.b'] }), 'mappings.0', 'options of its own'],
        ['a value for mappings', idiomatic({ mappings: 'a.b' }), 'mappings', 'must be a list'],
        [
            'mappings that are no list',
            idiomatic({ mappings: { match: 'a', name: 'b' } }),
            'mappings.match',
            'is a list',
        ],
        ['mappings by names', idiomatic({ mappings: { login: { match: 'a' } } }), 'mappings.login', 'is a list'],
    ];

    const VALUES: Row[] = [
        ['an empty mapping', idiomatic({ mappings: [{}] }), 'mappings.0.match', 'must be given'],
        ['no match', idiomatic({ mappings: [{ name: 'x' }] }), 'mappings.0.match', 'must be given'],
        ['no name', idiomatic({ mappings: [{ match: 'x' }] }), 'mappings.0.name', 'unless action is drop'],
        ['a star in a segment', mapping({ match: 'a.b*' }), 'mappings.0.match', 'but is "a.b*"'],
        ['two stars', mapping({ match: 'a.**.c' }), 'mappings.0.match', 'whole segment'],
        ['a broken regex', mapping({ match: '(', match_type: 'regex' }), 'mappings.0.match', 'Unterminated group'],
        [
            'a regex that only Go knows',
            mapping({ match: 'a\\z', match_type: 'regex' }),
            'mappings.0.match',
            'Invalid escape',
        ],
        ['a metric name with a dot', mapping({ name: 'a.b' }), 'mappings.0.name', 'but is "a.b"'],
        ['one with a colon', mapping({ name: 'a:b' }), 'mappings.0.name'],
        ['one with a digit first', mapping({ name: '5xx_$1' }), 'mappings.0.name'],
        ['one with half a reference', mapping({ name: 'a_${1' }), 'mappings.0.name'],
        ['a bad name of what is dropped', mapping({ name: 'a.b', action: 'drop' }), 'mappings.0.name'],
        ['a bad label name', third({ labels: { 'a-b': '1' } }), 'mappings.3.labels.a-b', 'letters'],
        ['one with a dot', mapping({ labels: { 'a.b': '1' } }), 'mappings.0.labels.a.b'],
        ['one with a digit first', mapping({ labels: { '1a': '1' } }), 'mappings.0.labels.1a'],
        ['the label le', mapping({ labels: { le: '1' } }), 'mappings.0.labels.le', 'reserved'],
        ['the label quantile', mapping({ labels: { quantile: '1' } }), 'mappings.0.labels.quantile', 'reserved'],
        ['a list of labels', mapping({ labels: [{ a: '1' }] }), 'mappings.0.labels.0.a'],
        ['a prefix with a dot', idiomatic({ prefix: 'my-app.' }), 'prefix', 'but is "my-app."'],
        ['a prefix with a digit first', idiomatic({ prefix: '5_' }), 'prefix'],
    ];

    const NUMBERS: Row[] = [
        ...['x', '1,5', '0x10', 'Infinity', 'NaN', '1e999'].map((scale): Row => [
            `scale ${scale}`,
            mapping({ scale }),
            'mappings.0.scale',
            `but is "${scale}"`,
        ]),
        ...['5 minutes', '60', '1d', '-1s', 's', '1 h', '0.0', `${'9'.repeat(400)}h`].map((ttl): Row => [
            `ttl ${ttl.slice(0, 9)}`,
            mapping({ ttl }),
            'mappings.0.ttl',
            '1h30m',
        ]),
        ['a ttl of the defaults', idiomatic({ defaults: { ttl: 'x' } }), 'defaults.ttl', '1h30m'],
        ...['0.57, 0.29', '1, 1', '0, -0', '1, x', '1,', ',1', '+Inf, 1', '-Inf, 1', '1;2', [2, 1], ['x']].map(
            (buckets): Row => [
                `buckets ${JSON.stringify(buckets)}`,
                histogram(buckets),
                'mappings.0.histogram_options.buckets',
                'increasing',
            ]
        ),
        ['buckets by names', histogram({ a: 1 }), 'mappings.0.histogram_options.buckets.a', 'is a list'],
        ...['native_histogram_bucket_factor', 'native_histogram_max_buckets'].map((name): Row => [
            `${name} x`,
            mapping({ observer_type: 'histogram', histogram_options: { [name]: 'x' } }),
            `mappings.0.histogram_options.${name}`,
            'must be a number',
        ]),
        ...['0', '1.5', '-1'].map((native_histogram_max_buckets): Row => [
            `native_histogram_max_buckets ${native_histogram_max_buckets}`,
            mapping({ observer_type: 'histogram', histogram_options: { native_histogram_max_buckets } }),
            'mappings.0.histogram_options.native_histogram_max_buckets',
            'above 0',
        ]),
    ];

    const histogram_options = { buckets: [1] };
    const COMBINATIONS: Row[] = [
        [
            'histogram options of a summary',
            mapping({ observer_type: 'summary', histogram_options }),
            'mappings.0.histogram_options',
            'observer_type: histogram',
        ],
        ['those of what is a summary by default', mapping({ histogram_options }), 'mappings.0.histogram_options'],
        [
            'an empty list of buckets of a summary',
            mapping({ histogram_options: { buckets: [] } }),
            'mappings.0.histogram_options',
        ],
        [
            'those of the defaults that no histogram has',
            idiomatic({ defaults: { observer_type: 'summary', histogram_options } }),
            'defaults.histogram_options',
        ],
        ['a prefix in the compatible style', { prefix: 'shop_' }, 'prefix', 'style: idiomatic'],
        [
            'observer_type there',
            { defaults: { observer_type: 'summary' } },
            'defaults.observer_type',
            'style: idiomatic',
        ],
        [
            'histogram_options there',
            { defaults: { histogram_options } },
            'defaults.histogram_options',
            'style: idiomatic',
        ],
        [
            'observer_type of a mapping there',
            { mappings: [{ match: 'a', name: 'x', observer_type: 'histogram' }] },
            'mappings.0.observer_type',
            'style: idiomatic',
        ],
        [
            'histogram_options of a mapping there',
            { style: 'compatible', mappings: [{ match: 'a', name: 'x', histogram_options }] },
            'mappings.0.histogram_options',
            'style: idiomatic',
        ],
    ];

    test.each([...CHOICES, ...KEYS, ...VALUES, ...NUMBERS, ...COMBINATIONS])('%s', (_, config, key, says = '') => {
        const error = thrownBy(() => read(config));
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code: 'WRONG_OPTION', details: { option: key } });
        const { message } = error as ConfigException;
        expect(message.startsWith(`Option ${key} `)).toBe(true);
        expect(message).toContain(says);
    });

    // ConfigParams.fromValue passes over names like these
    test.each(['constructor', '__proto__x', 'labels.__name__', 'labels.constructor-'])('%s in a mapping', (key) => {
        const flatKey = `mappings.0.${key}`;
        const config = ConfigParams.fromTuples('mappings.0.match', 'a', 'mappings.0.name', 'x', flatKey, 'y');
        const error = thrownBy(() => readExpositionOptions(config));
        expect(error).toMatchObject({ code: 'WRONG_OPTION', details: { option: flatKey } });
    });

    test('mappings that were not made flat', () => {
        const config = new ConfigParams({ mappings: [{ match: 'a', name: 'x' }] });
        expect(() => readExpositionOptions(config)).toThrow('ConfigParams.fromValue');
    });
});
