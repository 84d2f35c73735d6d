/** What the guides say of styles and mappings: configurations, records, and the text that becomes of them. */
import { ConfigParams } from 'pip-services3-commons-nodex';
import { YamlConfigReader } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src';
import { TEXT_FORMAT } from '../../src/exposition/textFormats';
import { Renderer } from '../../src/exposition/Renderer';
import { Documents } from '../fixtures/Documents';
import { Markdown, Snippet } from '../fixtures/Markdown';
import { Workspace } from '../fixtures/Workspace';

const documents = new Documents();
const metrics = documents.of('docs/metrics.md');

let workspace: Workspace;

beforeEach(() => {
    workspace = new Workspace();
});

afterEach(() => workspace.remove());

/** Makes counters as a container does, of the configuration of its component. */
function create({ text }: Pick<Snippet, 'text'>): PrometheusCounters {
    workspace.write('counters.yml', text);
    const reader = new YamlConfigReader('counters.yml');
    const counters = new PrometheusCounters();
    counters.configure(ConfigParams.fromValue(reader.readObject('docs', new ConfigParams())));
    return counters;
}

function expose(counters: PrometheusCounters): string {
    return [...new Renderer(counters.exposition, null, null).render(counters.getAll(), TEXT_FORMAT)].join('');
}

function record(counters: PrometheusCounters, method: string, name: string, value: number): void {
    if (method === 'increment') counters.increment(name, value);
    else if (method === 'last') counters.last(name, value);
    else if (method === 'stats') counters.stats(name, value);
    else if (method === 'endTiming') counters.endTiming(name, value);
    else if (method === 'timestamp') counters.timestamp(name, new Date(value));
    else throw new Error(`There is no test for ${method}`);
}

test.each(documents.snippets('yaml counters'))('$place: is understood', (snippet) => {
    expect(() => create(snippet)).not.toThrow();
});

/** The sections that show what becomes of some records, with all that there is of it. */
const RECIPES = documents.all.flatMap((document) =>
    document.snippets
        .filter(({ kind }) => kind === 'text recorded')
        .map(({ section }): [string, Markdown] => [section, document])
);

test.each(RECIPES)('%s: what is recorded becomes what is exposed', (section, document) => {
    const counters = create(document.takeOne('yaml counters', section));
    for (const line of document.takeOne('text recorded', section).text.trimEnd().split('\n')) {
        const [method = '', name = '', value = '1'] = line.split(' ');
        record(counters, method, name, Number(value));
    }
    expect(expose(counters)).toBe(document.takeOne('text exposed', section).text);
});

test('what is exposed is always what something was recorded for', () => {
    expect(RECIPES.length).toBeGreaterThan(6);
    expect(documents.left(['text recorded', 'text exposed'])).toEqual([]);
});

function codes(cell: string | undefined): string[] {
    return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

describe.each([
    ['compatible', 1],
    ['idiomatic', 2],
])('the style %s, side by side with the other', (style, column) => {
    test.each(metrics.table('styles').map((row) => [codes(row[0])[0] ?? '', codes(row[column])] as const))(
        '%s',
        (call, lines) => {
            const [, method = '', name = '', value = ''] = /^(\w+)\('(.+)', (\d+)\)$/.exec(call) ?? [];
            const counters = create({ text: `style: '${style}'\n` });
            record(counters, method, name, Number(value));
            const samples = expose(counters)
                .split('\n')
                .filter((line) => line !== '' && !line.startsWith('#'));
            expect(samples).toEqual(lines);
        }
    );
});

test('recording rules make old names of series that there are', () => {
    workspace.write('rules.yml', metrics.takeOne('yaml recording', 'From one style to the other').text);
    const { groups } = new YamlConfigReader('rules.yml').readObject('docs', new ConfigParams()) as {
        groups: { rules: { record: string; expr: string }[] }[];
    };
    const names = (style: string): string[] => {
        const counters = create({ text: `style: '${style}'\n` });
        counters.increment('orders.create.exec_count');
        counters.endTiming('orders.create.exec_time', 5);
        return [...expose(counters).matchAll(/^(\w+)\{/gm)].map(([, name = '']) => name);
    };
    for (const { record: old, expr } of groups.flatMap(({ rules }) => rules)) {
        expect(names('compatible')).toContain(old);
        expect(names('idiomatic')).toEqual(expect.arrayContaining(expr.match(/[a-z]\w+/g) ?? []));
    }
});
