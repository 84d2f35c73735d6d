/** The tables of the guides against the docstrings and the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PrometheusCounterConverter, PrometheusCounters } from '../../src';
import { NAME_RULES } from '../../src/exposition/names';
import { docstringOf, readOptions, readReferences, Rows, toTable } from '../fixtures/docstringTables';
import { Markdown } from '../fixtures/Markdown';

const ROOT = join(__dirname, '..', '..');
const metrics = new Markdown('docs/metrics.md');

function codes(cell: string | undefined): string[] {
    return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

const counters = docstringOf('count/PrometheusCounters');
const service = docstringOf('services/PrometheusMetricsService');

/** The tables of docs/configuration.md. They are what the docstrings say: UPDATE_DOCS=1 writes them anew. */
const TABLES: readonly (readonly [comment: string, headings: readonly string[], rows: Rows, atLeast: number])[] = [
    ['options counters', ['Option', 'Meaning', 'Default'], readOptions(counters), 24],
    ['references counters', ['Component', 'Meaning'], readReferences(counters), 4],
    ['options service', ['Option', 'Meaning', 'Default'], readOptions(service), 18],
    ['references service', ['Component', 'Meaning'], readReferences(service), 7],
];

describe('the tables of docs/configuration.md', () => {
    if (process.env.UPDATE_DOCS) {
        const configuration = new Markdown('docs/configuration.md');
        const updated = TABLES.reduce(
            (text, [comment, headings, rows]) =>
                text.replace(
                    new RegExp(`(<!-- ${comment} -->\\n)(?:\\n\\|(?:.*\\n)+?(?=\\n))?`),
                    (_, start: string) => `${start}\n${toTable(headings, rows)}`
                ),
            configuration.text
        );
        writeFileSync(join(ROOT, configuration.path), updated);
    }

    test.each(TABLES)(
        '%s is what the docstring says; UPDATE_DOCS=1 npm test -- test/docs/tables writes it',
        (...table) => {
            const [comment, , rows, atLeast] = table;

            expect(rows.length).toBeGreaterThanOrEqual(atLeast);
            expect(new Markdown('docs/configuration.md').table(comment)).toEqual(rows);
        }
    );
});

test('docstrings are read as they are meant', () => {
    const docstring = `
Something.

### Configuration parameters ###

- base_route:        (optional) base route (default: "")
- connection(s):     (optional) the gateway; nothing is pushed without
  - port:            port number, usually 9091
- credential:        (optional)
  - username, password:  (optional) for Basic authentication
- options:
  - max_counters:    (optional) how many counters are kept (default: 0).
                     Further ones are counted
  - histogram:
    - buckets:       (optional) bounds: a | b (default: those of the table)

### References ###

- <code>\\*:counters:\\*:\\*:1.0</code>     (optional) {@link PrometheusCounters} to expose

@see something
`;

    expect(readOptions(docstring)).toEqual([
        ['`base_route`', 'Base route', '`""`'],
        ['`connection`', 'The gateway; nothing is pushed without', ''],
        ['`connection.port`', 'Port number, usually 9091', ''],
        ['`credential.username`', 'For Basic authentication', ''],
        ['`credential.password`', 'For Basic authentication', ''],
        ['`options.max_counters`', 'How many counters are kept. Further ones are counted', '`0`'],
        ['`options.histogram.buckets`', 'Bounds: a \\| b', 'those of the table'],
    ]);
    expect(readReferences(docstring)).toEqual([['`*:counters:*:*:1.0`', '`PrometheusCounters` to expose']]);
});

test('the rules are those of the code', () => {
    const rows = metrics.table('rules').map(([, names, , labels]) => ({
        measures: codes(names).map((name) => name.split('.').at(-1)),
        segments: codes(names)[0]?.split('.').length,
        labels: codes(labels),
    }));

    expect(rows.pop()).toEqual({ measures: [], segments: undefined, labels: [] });
    expect(rows).toEqual(
        NAME_RULES.map(({ measure, measures, labels }) => ({
            measures,
            segments: measure + 1,
            labels: labels.map(([label]) => label),
        }))
    );
});

const NAMES = metrics.table('names').map((row) => codes(row.join(' ')));

test.each(NAMES)('the counter %s becomes %s', (name = '', series = '') => {
    const recorded = new PrometheusCounters();
    recorded.last(name, 1);
    const metric = series.replace(/\{.*/, '');

    expect(PrometheusCounterConverter.toString(recorded.getAll(), null, null)).toBe(
        `# TYPE ${metric} gauge\n${series} 1\n`
    );
});

/** One call of each method that records. */
const RECORD: Record<string, (recorded: PrometheusCounters) => void> = {
    increment: (recorded) => {
        recorded.increment('name', 2);
    },
    incrementOne: (recorded) => {
        recorded.incrementOne('name');
    },
    last: (recorded) => {
        recorded.last('name', 2);
    },
    beginTiming: (recorded) => {
        recorded.beginTiming('name').endTiming();
    },
    endTiming: (recorded) => {
        recorded.endTiming('name', 2);
    },
    stats: (recorded) => {
        recorded.stats('name', 2);
    },
    timestamp: (recorded) => {
        recorded.timestamp('name', new Date());
    },
    timestampNow: (recorded) => {
        recorded.timestampNow('name');
    },
};

const KINDS = metrics
    .table('kinds')
    .flatMap(([, methods, samples]) =>
        codes(methods).map((method) => [method, codes(samples).filter((code) => /^name\w*$/.test(code))] as const)
    );

test.each(KINDS)('%s() records %j', (method, samples) => {
    const recorded = new PrometheusCounters();
    RECORD[method]?.(recorded);
    const lines = samples.map((sample) => expect.stringMatching(new RegExp(`^${sample} [0-9.]+$`)) as string);

    const text = PrometheusCounterConverter.toString(recorded.getAll(), null, null);
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual(lines);
});

test('the kinds are recorded by all methods there are', () => {
    expect(KINDS.map(([method]) => method).sort()).toEqual(Object.keys(RECORD).sort());
});
