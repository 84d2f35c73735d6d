import fc from 'fast-check';
import { ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { Mapper } from '../../../src/exposition/mapping/Mapper';
import { Mapping } from '../../../src/exposition/mapping/mappings';
import { readExpositionOptions } from '../../../src/exposition/mapping/readExpositionOptions';

const { Increment, Interval, LastValue, Statistics, Timestamp } = CounterType;
const ALL_TYPES = [Increment, Interval, LastValue, Statistics, Timestamp];

function createMapper(mappings: readonly object[], defaults: object = {}): Mapper {
    return new Mapper(readExpositionOptions(ConfigParams.fromValue({ defaults, mappings })));
}

/** The metric that each mapping gives is its pattern's number. */
function numbered(matches: readonly (string | object)[]): object[] {
    return matches.map((match, index) =>
        typeof match === 'string' ? { match, name: `m${index}` } : { name: `m${index}`, ...match }
    );
}

test('without mappings nothing is found', () => {
    expect(createMapper([]).find('a.b', Increment)).toBeNull();
});

test('a mapping gives metric and labels, the labels sorted and without empty values', () => {
    const mapper = createMapper([
        { match: 'orders.*.*', name: 'orders_$1', labels: { step: '$2', all: '$0', Fix: 'x', none: '$3', empty: '' } },
    ]);
    const found = mapper.find('orders.New One.', LastValue);
    expect(found).toMatchObject({ metric: 'orders_New_One', mapping: { index: 0 } });
    expect(found?.labels).toEqual([
        ['Fix', 'x'],
        ['all', 'orders.New One.'],
    ]);
});

test.each<[match: string, name: string, isFound: boolean]>([
    ['a', 'a', true],
    ['a', 'b', false],
    ['a', 'A', false],
    ['a', 'a.b', false],
    ['a.b', 'a', false],
    ['a.b', 'a.b', true],
    ['*', 'a', true],
    ['*', '', true],
    ['*', '*', true],
    ['*', 'a.b', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a.', true],
    ['a.*', 'a', false],
    ['a.*', 'a.b.c', false],
    ['*.*', 'a.b', true],
    ['*.b.*', 'a.b.c', true],
    ['*.b.*', 'a.c.c', false],
    ['a..b', 'a..b', true],
    ['a+.b', 'a+.b', true],
    ['a+.b', 'aa.b', false],
    ['v1/beacons.*', 'v1/beacons.x', true],
    ['__proto__.constructor', '__proto__.constructor', true],
    ['a.b', 'constructor.b', false],
])('the glob %s and the name %j: %p', (match, name, isFound) => {
    expect(createMapper(numbered([match])).find(name, Increment) !== null).toBe(isFound);
});

test.each<[what: string, matches: (string | object)[], name: string, metric: string | null]>([
    ['the first glob counts', ['a.*', 'a.b'], 'a.b', 'm0'],
    ['the same the other way round', ['a.b', 'a.*'], 'a.b', 'm0'],
    ['the later one, if only that one matches', ['a.b', 'a.*'], 'a.c', 'm1'],
    ['the same glob twice', ['a.*', 'a.*'], 'a.b', 'm0'],
    ['a glob that ends differently leads nowhere', ['a.b.c', 'a.*.d'], 'a.b.d', 'm1'],
    ['globs before regexes', [{ match: '.', match_type: 'regex' }, 'a.*'], 'a.b', 'm1'],
    [
        'the first regex counts',
        [
            { match: 'a', match_type: 'regex' },
            { match: 'b', match_type: 'regex' },
        ],
        'b.a',
        'm0',
    ],
    ['a regex is searched', [{ match: 'b', match_type: 'regex' }], 'a.b.c', 'm0'],
    ['a regex with anchors', [{ match: '^b$', match_type: 'regex' }], 'a.b.c', null],
])('%s', (_, matches, name, metric) => {
    expect(createMapper(numbered(matches)).find(name, Increment)?.metric ?? null).toBe(metric);
});

test.each<[what: string, matches: (string | object)[], name: string, metric: string | null]>([
    ['the earliest literal segment counts', ['a.*.c', 'a.b.*'], 'a.b.c', 'm1'],
    ['from left to right', ['*.b.c', 'a.*.*'], 'a.b.c', 'm1'],
    ['a path that leads nowhere is left again', ['a.b.*.d', 'a.*.c.e'], 'a.b.c.e', 'm1'],
    ['the first one of two that are equal', ['a.*', 'a.*'], 'a.b', 'm0'],
    ['other lengths do not count', ['*', 'a.*', 'a.b.c'], 'a.b', 'm1'],
    ['one that is for another type does not count', [{ match: 'a.b', match_metric_type: 'gauge' }, 'a.*'], 'a.b', 'm1'],
    ['globs before regexes', [{ match: 'a.b', match_type: 'regex' }, '*.*'], 'a.b', 'm1'],
])('without ordering: %s', (_, matches, name, metric) => {
    const mapper = createMapper(numbered(matches), { glob_disable_ordering: true });
    expect(mapper.find(name, Increment)?.metric ?? null).toBe(metric);
});

test.each(['glob', 'regex'])('match_metric_type of a %s', (match_type) => {
    const mapper = createMapper([
        { match: 'a', match_type, name: 'counter', match_metric_type: 'counter' },
        { match: 'a', match_type, name: 'gauge', match_metric_type: 'gauge' },
        { match: 'a', match_type, name: 'observer', match_metric_type: 'observer' },
    ]);
    const metrics = ALL_TYPES.map((type) => mapper.find('a', type)?.metric);
    expect(metrics).toEqual(['counter', 'observer', 'gauge', 'observer', 'gauge']);
});

test('the groups of a regex', () => {
    const mapper = createMapper([
        {
            match: '^(?P<svc>\\w+)\\.(x)?(\\d+)',
            match_type: 'regex',
            name: '${svc}_$3',
            labels: { all: '$0', absent: '$2', svc: '$svc' },
        },
    ]);
    expect(mapper.find('shop.500.more', Increment)).toMatchObject({
        metric: 'shop_500',
        labels: [
            ['all', 'shop.500.more'],
            ['svc', 'shop'],
        ],
    });
});

test('a name that stands for nothing is empty', () => {
    expect(createMapper([{ match: 'a.*', name: '$1' }]).find('a.', Increment)?.metric).toBe('');
});

/** The rules without an index: the first one, or the one with the earliest literal segment. */
function findNaively(
    mappings: readonly Mapping[],
    segments: readonly string[],
    disableOrdering: boolean
): number | null {
    const matching = mappings.filter(({ pattern }) => {
        if (!('segments' in pattern) || pattern.segments.length !== segments.length) return false;
        return pattern.segments.every((segment, at) => segment === '*' || segment === segments[at]);
    });
    if (!disableOrdering || matching.length < 2) return matching[0]?.index ?? null;
    // Segment by segment, those with a literal there displace the others
    const left = segments.reduce<readonly Mapping[]>((candidates, segment, at) => {
        const literal = candidates.filter(({ match }) => match.split('.')[at] === segment);
        return literal.length > 0 ? literal : candidates;
    }, matching);
    return left[0]?.index ?? null;
}

test('the index finds what a loop finds', () => {
    const segment = fc.constantFrom('a', 'b', 'c', '', '*');
    const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).filter((segments) => segments.join('.') !== '');
    const name = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { minLength: 1, maxLength: 4 });
    fc.assert(
        fc.property(
            fc.array(glob, { maxLength: 12 }),
            fc.array(name, { minLength: 1, maxLength: 10 }),
            fc.boolean(),
            (globs, names, disableOrdering) => {
                const matches = numbered(globs.map((segments) => segments.join('.')));
                const config = { defaults: { glob_disable_ordering: disableOrdering }, mappings: matches };
                const options = readExpositionOptions(ConfigParams.fromValue(config));
                const mapper = new Mapper(options);
                for (const segments of names) {
                    const found = mapper.find(segments.join('.'), Increment)?.mapping.index ?? null;
                    expect(found).toBe(findNaively(options.mappings, segments, disableOrdering));
                }
            }
        ),
        { numRuns: 1000 }
    );
});
