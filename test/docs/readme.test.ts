/** That no snippet and no link of the documents is without a test. The snippets that are run are in the files beside. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { YamlConfigReader } from 'pip-services3-components-nodex';

import { Markdown } from '../fixtures/Markdown';
import { Workspace } from '../fixtures/Workspace';

const ROOT = join(__dirname, '..', '..');
const documents = ['README.md', 'docs/migration.md'].map((path) => new Markdown(path));

/** Which test takes the snippets of a kind. */
const TAKEN_BY: Record<string, string> = {
    sh: 'here',
    json: 'here',
    'yaml container': 'containers.test.ts',
    'yaml prometheus': 'here, and e2e/readme.e2e.ts',
    'yaml rules': 'here, and e2e/readme.e2e.ts',
    promql: 'e2e/readme.e2e.ts',
    ts: 'code.test.ts',
    js: 'code.test.ts',
    'text output': 'code.test.ts',
};

interface Manifest {
    readonly name: string;
    readonly scripts: Record<string, string>;
    readonly overrides: Record<string, Record<string, string>>;
    readonly dependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

function snippets(kind: string) {
    return documents.flatMap((document) => document.snippets.filter((snippet) => snippet.kind === kind));
}

test('every snippet is of a kind that is tested', () => {
    const all = documents.flatMap((document) => document.snippets);

    expect(all.length).toBeGreaterThan(20);
    expect(all.filter(({ kind }) => !Object.hasOwn(TAKEN_BY, kind))).toEqual([]);
});

/** The commands that the documents may name, each with what has to be so. */
const COMMANDS: readonly (readonly [command: RegExp, check: (...parts: string[]) => void])[] = [
    [
        /^npm ci && npm (start|test)$/,
        (script) => {
            expect(manifest.scripts).toHaveProperty(script);
        },
    ],
    [
        /^npm pkg set "overrides\.([\w-]+)\.(\w+)=(\S+)"$/,
        (parent, name, version) => {
            expect(manifest.overrides).toEqual({ [parent]: { [name]: version } });
        },
    ],
    [
        /^npm install (\S+(?: \S+)*)$/,
        (names) => {
            const { name, dependencies, devDependencies } = manifest;
            const known = [name, '@types/restify', ...Object.keys({ ...dependencies, ...devDependencies })];
            expect(known).toEqual(expect.arrayContaining(names.split(' ').filter((part) => part !== '--save-dev')));
        },
    ],
    [
        /^curl http:\/\/localhost:8080(\S+)$/,
        (route) => {
            expect(route).toBe('/metrics');
        },
    ],
];

test.each(snippets('sh'))('$place: the commands exist', ({ text }) => {
    for (const line of text.trimEnd().split('\n')) {
        const [parts, check] = COMMANDS.map(([command, run]) => [command.exec(line), run] as const).find(
            ([match]) => match !== null
        ) ?? [null, null];
        if (parts === null) throw new Error(`No test for the command ${line}`);
        check(...parts.slice(1));
    }
});

test('the first two commands are those of a fresh clone', () => {
    const [start, run] = snippets('sh');

    expect([start?.text, run?.text]).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
    expect(manifest.scripts.start).toContain('node example/main.js');
    expect(existsSync(join(ROOT, 'example', 'main.js'))).toBe(true);
    expect(readFileSync(join(ROOT, 'example', 'config.yml'), 'utf8')).toContain('{{HTTP_PORT}}');
});

test.each(snippets('json'))('$place: is the override that this repository has', ({ text }) => {
    expect(JSON.parse(text)).toEqual({ overrides: manifest.overrides });
});

describe('what Prometheus reads', () => {
    let workspace: Workspace;

    beforeEach(() => {
        workspace = new Workspace();
    });

    afterEach(() => workspace.remove());

    function read(text: string): unknown {
        workspace.write('snippet.yml', text);
        return new YamlConfigReader('snippet.yml').readObject('docs', null as never);
    }

    test.each(snippets('yaml prometheus'))('$place: each scrape config keeps the label instance', ({ text }) => {
        const { scrape_configs: configs } = read(text) as { scrape_configs: { honor_labels: boolean }[] };

        expect(configs.length).toBeGreaterThan(0);
        expect(configs.filter(({ honor_labels: honors }) => !honors)).toEqual([]);
    });

    test.each(snippets('yaml rules'))('$place: each rule has an expression', ({ text }) => {
        const { groups } = read(text) as { groups: { rules: { alert: string; expr: string }[] }[] };

        expect(groups.flatMap(({ rules }) => rules).filter(({ alert, expr }) => !alert || !expr)).toEqual([]);
    });
});

describe.each(documents)('the links of $path', (document) => {
    const links = document.links().filter((link) => !link.startsWith('https://'));

    test.each(links)('%s leads somewhere', (link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? document.path : join(dirname(document.path), path);

        expect(existsSync(join(ROOT, target)) ? target : `${target} does not exist`).toBe(target);
        if (anchor !== undefined) expect(new Markdown(target).anchors()).toContain(anchor);
    });
});
