/** The tables of the README against the docstrings and the code. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PrometheusCounterConverter, PrometheusCounters } from '../../src';
import { NAME_RULES } from '../../src/exposition/names';
import { Markdown } from '../fixtures/Markdown';

const SOURCES = join(__dirname, '..', '..', 'src');
const readme = new Markdown('README.md');

interface Option {
    readonly name: string;
    readonly text: string;
}

/** The docstring of a class, which stands in the sources and in the typings. */
function docstringOf(path: string): string {
    const file = [`${path}.ts`, `${path}.d.ts`].map((name) => join(SOURCES, name)).find(existsSync) ?? path;
    return readFileSync(file, 'utf8').replace(/^ \* ?/gm, '');
}

/** The options in the parameter list of a docstring; those of a section with the name of the section. */
function readOptions(docstring: string): Option[] {
    const list = /### Configuration parameters ###([^]*?)### References ###/.exec(docstring)?.[1] ?? '';
    const options: Option[] = [];
    let section = '';
    for (const [, indent = '', names = '', text = ''] of list.matchAll(
        /^( *)- ([\w(), ]+):(.*(?:\n {3,}[^ -].*)*)/gm
    )) {
        const isSection = indent === '' && list.includes(`- ${names}:${text}\n  - `);
        section = indent === '' ? '' : section;
        if (isSection) section = `${names.replace('(s)', '')}.`;
        else names.split(', ').forEach((name) => options.push({ name: section + name, text }));
    }
    return options;
}

/** Code spans and quotes are a matter of style. */
function plain(text: string): string {
    return text.replace(/[`"]/g, '').trim();
}

function defaultOf({ text }: Option): string {
    return plain(/\(default: ([^)]*)\)/.exec(text)?.[1] ?? '');
}

function codes(cell: string | undefined): string[] {
    return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

describe('the options of the counters', () => {
    const options = readOptions(docstringOf('count/PrometheusCounters'));
    const rows = readme.table('options counters').map((row) => row.map(plain));

    test('are those of the docstring, with the same defaults', () => {
        const expected = options.map((option) => [option.name, defaultOf(option)]);

        expect(expected.length).toBeGreaterThan(20);
        expect(rows.map(([name, , , byDefault]) => [name, byDefault]).sort()).toEqual(expected.sort());
    });

    test('have the units of the docstring', () => {
        const timed = options.filter(({ text }) => text.includes('milliseconds')).map(({ name }) => name);
        const same = options.filter(({ text }) => text.includes('the same as')).map(({ name }) => name);

        expect(rows.filter(([, , unit]) => unit === 'ms').map(([name]) => name)).toEqual(
            expect.arrayContaining([...timed, ...same])
        );
        expect(rows.filter(([, , unit]) => unit === 'ms')).toHaveLength(timed.length + same.length);
    });
});

describe('the options of the service', () => {
    const docstring = docstringOf('services/PrometheusMetricsService');
    const rows = readme.table('options service').map((row) => row.map(plain));

    test('are those of the docstring, with the same defaults', () => {
        const expected = readOptions(docstring).map((option) => [option.name, defaultOf(option)]);
        const found = rows.map(([name = '', , byDefault]) => [name, name.startsWith('dependencies.') ? '' : byDefault]);

        expect(expected.length).toBeGreaterThan(15);
        expect(found.sort()).toEqual(expected.sort());
    });

    test('have the descriptors of the references as defaults of the dependencies', () => {
        const references = docstring.replaceAll('\\*', '*');
        const descriptors = rows.filter(([name]) => name?.startsWith('dependencies.')).map((row) => row[2] ?? '');

        expect(descriptors).toHaveLength(3);
        expect(descriptors.filter((descriptor) => !references.includes(`<code>${descriptor}</code>`))).toEqual([]);
    });
});

test('the rules are those of the code', () => {
    const rows = readme.table('rules').map(([, names, , labels]) => ({
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

const NAMES = readme.table('names').map((row) => codes(row.join(' ')));

test.each(NAMES)('the counter %s becomes %s', (name = '', series = '') => {
    const counters = new PrometheusCounters();
    counters.last(name, 1);
    const metric = series.replace(/\{.*/, '');

    expect(PrometheusCounterConverter.toString(counters.getAll(), null, null)).toBe(
        `# TYPE ${metric} gauge\n${series} 1\n`
    );
});

/** One call of each method that records. */
const RECORD: Record<string, (counters: PrometheusCounters) => void> = {
    increment: (counters) => {
        counters.increment('name', 2);
    },
    incrementOne: (counters) => {
        counters.incrementOne('name');
    },
    last: (counters) => {
        counters.last('name', 2);
    },
    beginTiming: (counters) => {
        counters.beginTiming('name').endTiming();
    },
    endTiming: (counters) => {
        counters.endTiming('name', 2);
    },
    stats: (counters) => {
        counters.stats('name', 2);
    },
    timestamp: (counters) => {
        counters.timestamp('name', new Date());
    },
    timestampNow: (counters) => {
        counters.timestampNow('name');
    },
};

const KINDS = readme
    .table('kinds')
    .flatMap(([, methods, samples]) =>
        codes(methods).map((method) => [method, codes(samples).filter((code) => /^name\w*$/.test(code))] as const)
    );

test.each(KINDS)('%s() records %j', (method, samples) => {
    const counters = new PrometheusCounters();
    RECORD[method]?.(counters);
    const lines = samples.map((sample) => expect.stringMatching(new RegExp(`^${sample} [0-9.]+$`)) as string);

    const text = PrometheusCounterConverter.toString(counters.getAll(), null, null);
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual(lines);
});

test('the kinds are recorded by all methods there are', () => {
    expect(KINDS.map(([method]) => method).sort()).toEqual(Object.keys(RECORD).sort());
});
