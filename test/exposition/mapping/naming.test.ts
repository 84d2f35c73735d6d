import fc from 'fast-check';
import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { COMPATIBLE_STYLE } from '../../../src/exposition/compatibleStyle';
import { IDIOMATIC_STYLE } from '../../../src/exposition/idiomaticStyle';
import { Naming, observerOf, SeriesName, ttlOf } from '../../../src/exposition/mapping/Naming';
import { ExpositionOptions, readExpositionOptions } from '../../../src/exposition/mapping/readExpositionOptions';
import { parseCounterName } from '../../../src/exposition/names';

function createNaming(options: ExpositionOptions): Naming {
    return (options.style === 'idiomatic' ? IDIOMATIC_STYLE : COMPATIBLE_STYLE).createNaming(options);
}

const { Increment, Interval, LastValue, Statistics, Timestamp } = CounterType;
const ALL_TYPES = [Increment, Interval, LastValue, Statistics, Timestamp];

function read(config: object): ExpositionOptions {
    return readExpositionOptions(ConfigParams.fromValue(config));
}

function idiomatic(config: object = {}): Naming {
    return createNaming(read({ style: 'idiomatic', ...config }));
}

function named(naming: Naming, name: string, type: CounterType): SeriesName {
    const series = naming.resolve(name, type);
    if (typeof series === 'string') throw new Error(`${name} is ${series}`);
    return series;
}

describe('unmapped names of the idiomatic style', () => {
    test.each<[name: string, type: CounterType, metric: string, help: string]>([
        ['a.b.exec_count', Increment, 'exec_total', 'Commands that were executed'],
        ['a.b.exec_time', Interval, 'exec_time_seconds', 'Time that commands took'],
        ['a.b.exec_time', Increment, 'exec_total', 'Commands that were executed'],
        ['a.b.call_time', Increment, 'call_total', 'Calls to other services'],
        ['q.x.sent_messages', Increment, 'q_sent_messages_total', 'Messages that were sent'],
        ['items.sold', Increment, 'items_sold_total', 'Sum of the increments of items.sold'],
        ['Items-Open', LastValue, 'items_open', 'Last value of Items-Open'],
        ['db.query_ms', Interval, 'db_query_seconds', 'Time of db.query_ms'],
        ['q.len', Statistics, 'q_len', 'Values of q.len'],
        ['backup', Timestamp, 'backup_timestamp_seconds', 'Time of the last backup'],
        // HELP is not escaped yet
        ['a"\n\\b', LastValue, 'a___b', 'Last value of a"\n\\b'],
        [
            'prometheus_counters_dropped',
            Increment,
            'prometheus_counters_dropped_total',
            'Sum of the increments of prometheus_counters_dropped',
        ],
    ])('%j of type %d is %s', (name, type, metric, help) => {
        expect(idiomatic().resolve(name, type)).toMatchObject({ metric, help, mapping: null });
    });

    test.each<[prefix: string, name: string, type: CounterType, metric: string]>([
        ['', 'up', LastValue, 'app_up'],
        ['', 'Up', Increment, 'app_up_total'],
        ['', 'up.count', Increment, 'app_up_total'],
        ['', 'scrape.duration', Interval, 'app_scrape_duration_seconds'],
        ['', 'scrape_', LastValue, 'app_scrape_'],
        ['', 'scrape.x.sent_messages', Increment, 'app_scrape_sent_messages_total'],
        ['', 'scrape', LastValue, 'scrape'],
        ['', 'upper', LastValue, 'upper'],
        ['', 'up_', LastValue, 'up_'],
        // With a prefix a name is no longer the server's, unless the prefix makes it one
        ['shop_', 'up', LastValue, 'shop_up'],
        ['shop_', 'scrape.duration', Interval, 'shop_scrape_duration_seconds'],
        ['scrape_', 'duration', Interval, 'app_scrape_duration_seconds'],
        ['u', 'p', LastValue, 'app_up'],
        ['shop_', 'a.b.exec_count', Increment, 'shop_exec_total'],
        ['shop_', '5xx', Increment, 'shop__5xx_total'],
        ['Shop_', 'A', LastValue, 'Shop_a'],
    ])('with the prefix %j %j of type %d is %s', (prefix, name, type, metric) => {
        expect(named(idiomatic({ prefix }), name, type).metric).toBe(metric);
    });

    test.each(['', '...', '_', '\u{1f600}'])('%j has no name', (name) => {
        expect(idiomatic({ prefix: 'shop_' }).resolve(name, LastValue)).toBe('unnameable');
    });

    test('a type that the toolkit does not have has no name', () => {
        expect(idiomatic().resolve('a', JSON.parse('99') as CounterType)).toBe('unnameable');
    });
});

describe('mapped names', () => {
    const config = {
        defaults: { ttl: '1m' },
        mappings: [
            { match: 'n.*', name: 'N_$1', labels: { z: '$1', a: 'b' } },
            { match: 'helped', name: 'helped', help: 'What it is' },
            { match: 'drop', action: 'drop', name: 'dropped' },
            { match: 'gauge', name: 'gauge', metric_type: 'gauge' },
            { match: 'up', name: 'up', ttl: '0' },
        ],
    };

    test.each<[name: string, type: CounterType, idiomaticMetric: string, compatibleMetric: string]>([
        // The idiomatic style appends _total to counters, and changes nothing else
        ['n.x', Increment, 'N_x_total', 'N_x'],
        ['n.a_total', Increment, 'N_a_total', 'N_a_total'],
        ['n.a_count', Increment, 'N_a_count_total', 'N_a_count'],
        ['n.a_ms', Interval, 'N_a_ms', 'N_a_ms'],
        ['n.5%', LastValue, 'N_5_', 'N_5_'],
        ['n.x', Statistics, 'N_x', 'N_x'],
        ['n.x', Timestamp, 'N_x', 'N_x'],
        ['gauge', Increment, 'gauge', 'gauge'],
        ['gauge', Interval, 'gauge', 'gauge'],
        ['up', LastValue, 'up', 'up'],
    ])('%s of type %d is %s, and compatible %s', (name, type, idiomaticMetric, compatibleMetric) => {
        expect(named(idiomatic({ ...config, prefix: 'shop_' }), name, type).metric).toBe(idiomaticMetric);
        expect(named(createNaming(read(config)), name, type).metric).toBe(compatibleMetric);
    });

    test('the labels are sorted in both styles', () => {
        const labels = [
            ['a', 'b'],
            ['z', 'x'],
        ];
        expect(named(idiomatic(config), 'n.x', Increment).labels).toEqual(labels);
        expect(named(createNaming(read(config)), 'n.x', Increment).labels).toEqual(labels);
    });

    test('HELP is given or made in the idiomatic style, and only given in the compatible one', () => {
        const compatible = createNaming(read(config));
        expect(named(idiomatic(config), 'helped', LastValue).help).toBe('What it is');
        expect(named(idiomatic(config), 'n.x', LastValue).help).toBe('Counters that match n.*');
        expect(named(compatible, 'helped', LastValue).help).toBe('What it is');
        expect(named(compatible, 'n.x', LastValue).help).toBeNull();
    });

    test.each(['idiomatic', 'compatible'])('%s: what is dropped, and what cannot be named', (style) => {
        const naming = createNaming(read({ style, mappings: [...config.mappings, { match: 'x.*', name: '$1' }] }));
        expect(naming.resolve('drop', Increment)).toBe('dropped');
        expect(naming.resolve('x.', Increment)).toBe('unnameable');
        expect(naming.resolve('', Increment)).toBe('unnameable');
    });

    test('the options of a series are those of its mapping, and else the defaults', () => {
        const defaults = { ttl: '1m', observer_type: 'histogram' };
        const mappings = [{ match: 'a', name: 'a', ttl: '0', observer_type: 'summary' }];
        const options = read({ style: 'idiomatic', defaults, mappings });
        const mapped = named(createNaming(options), 'a', Interval);
        const unmapped = named(createNaming(options), 'b', Interval);
        expect([observerOf(mapped, options).type, ttlOf(mapped, options)]).toEqual(['summary', 0]);
        expect([observerOf(unmapped, options).type, ttlOf(unmapped, options)]).toEqual(['histogram', 60_000]);
    });
});

test('unmapped names of the compatible style are those of version 1.0.1', () => {
    const naming = createNaming(read({ mappings: [{ match: 'x', name: 'y' }] }));
    for (const name of ['orders.create.exec_count', '..exec_count', 'a:b', '5', 'queue.q.sent_messages', 'up', '...']) {
        expect(naming.resolve(name, Increment)).toEqual({ ...parseCounterName(name), help: null, mapping: null });
    }
});

/** Configurations of which most are accepted, made of what leads into corners. */
const piece = fc.constantFrom(
    'a',
    'B',
    '*',
    'exec_count',
    'exec_time',
    'up',
    'scrape',
    '_total',
    '\u{1f600}',
    '-',
    '5',
    ''
);
const reference = fc.constantFrom('$1', '${2}', '$0', '$$', '$9', '$name', 'a', '_', 'Z9', '_total', '_seconds');
const counterName = fc.oneof(
    fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('.')),
    fc.string({ unit: 'binary', minLength: 1 })
);
const mapping = fc.record(
    {
        match: fc.oneof(
            fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('.')),
            fc.constantFrom('.', '^a', '(a)?(.*)', '(?P<name>[^.]*)$', '(?i)UP')
        ),
        name: fc.array(reference, { minLength: 1, maxLength: 3 }).map((references) => references.join('')),
        labels: fc.dictionary(
            fc.constantFrom('a', 'B', 'source', 'x1'),
            fc.array(fc.oneof(reference, fc.string()), { maxLength: 2 }).map((parts) => parts.join('')),
            { noNullPrototype: true }
        ),
        match_type: fc.constantFrom('glob', 'regex'),
        action: fc.constantFrom('map', 'map', 'drop'),
        metric_type: fc.constant('gauge'),
        match_metric_type: fc.constantFrom('counter', 'gauge', 'observer'),
    },
    // The toolkit's converter takes no object without a prototype
    { requiredKeys: ['match', 'name'], noNullPrototype: true }
);
const configuration = fc.record(
    {
        style: fc.constantFrom('idiomatic', 'compatible'),
        prefix: fc.constantFrom('', '', 'shop_', 'scrape_', 'u'),
        defaults: fc.record({ glob_disable_ordering: fc.boolean() }, { noNullPrototype: true }),
        mappings: fc.array(mapping, { maxLength: 3 }),
    },
    { noNullPrototype: true }
);

function readIfAccepted(config: object): ExpositionOptions | null {
    try {
        return read(config);
    } catch (error) {
        if (error instanceof ConfigException) return null;
        throw error;
    }
}

test('whatever is accepted gives legal names, and labels that are legal, sorted and different', () => {
    let accepted = 0;
    fc.assert(
        fc.property(configuration, fc.array(counterName, { minLength: 1, maxLength: 5 }), (config, names) => {
            const options = readIfAccepted(config);
            if (options === null) return;
            accepted++;
            const naming = createNaming(options);
            for (const [name, type] of names.flatMap((name) => ALL_TYPES.map((type) => [name, type] as const))) {
                const series = naming.resolve(name, type);
                expect(naming.resolve(name, type)).toEqual(series);
                if (typeof series === 'string') continue;
                const isUnmappedCompatible = options.style === 'compatible' && series.mapping === null;
                expect(series.metric).toMatch(isUnmappedCompatible ? /^[a-z_:][a-z0-9_:]*$/ : /^[a-zA-Z_]\w*$/);
                if (isUnmappedCompatible) continue;
                const labels = series.labels.map(([label]) => label);
                for (const label of labels) expect(label).toMatch(/^[a-zA-Z_]\w*$/);
                expect(labels).toEqual([...new Set(labels)].sort());
                expect(series.labels.filter(([, value]) => value === '')).toEqual([]);
                if (options.style === 'idiomatic') expect(typeof series.help).toBe('string');
            }
        }),
        { numRuns: 1000 }
    );
    expect(accepted).toBeGreaterThan(100);
});
