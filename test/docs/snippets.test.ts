/** That no snippet and no link of the documents is without a test. The snippets that are run are in the files beside. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { YamlConfigReader } from 'pip-services3-components-nodex';

import { Documents } from '../fixtures/Documents';
import { Markdown } from '../fixtures/Markdown';
import { Workspace } from '../fixtures/Workspace';

const ROOT = join(__dirname, '..', '..');
const documents = new Documents();

interface Manifest {
    readonly name: string;
    readonly scripts: Record<string, string>;
    readonly overrides: object;
    readonly dependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
}

/** The package that asks for the restify that is overridden. */
const RPC = 'pip-services3-rpc-nodex';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** The version of restify that this repository overrides it with. */
const [, RESTIFY] = /"restify":"(.+?)"/.exec(JSON.stringify(manifest.overrides)) ?? [];

/** The tests that there are, as the kinds of snippets that they take are written in them. */
const TESTS = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(test|e2e|pkg)\.[jt]s$/.test(file))
    .map((file) => readFileSync(join(ROOT, 'test', file), 'utf8'))
    .join('\n');

test('every snippet is of a kind that some test takes', () => {
    const kinds = new Set(documents.all.flatMap(({ snippets }) => snippets.map(({ kind }) => kind)));

    expect(kinds.size).toBeGreaterThan(8);
    expect([...kinds].filter((kind) => !TESTS.includes(`'${kind}'`))).toEqual([]);
});

/** The commands that the documents may name, each with what has to be so. */
const COMMANDS: readonly (readonly [command: RegExp, check: (...parts: string[]) => void])[] = [
    [
        /^npm ci && npm (start|test)$/,
        (script) => {
            expect(manifest.scripts).toHaveProperty(script);
        },
    ],
    [/^npm init -y # only if there is no package\.json yet$/, () => undefined],
    [
        /^npm pkg set "overrides\.(\S+)\.restify=(\S+)"$/,
        (name, version) => {
            expect([name, version]).toEqual([RPC, RESTIFY]);
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

test.each(documents.snippets('sh'))('$place: the commands exist', ({ text }) => {
    for (const line of text.trimEnd().split('\n')) {
        const [parts, check] = COMMANDS.map(([command, run]) => [command.exec(line), run] as const).find(
            ([match]) => match !== null
        ) ?? [null, null];
        if (parts === null) throw new Error(`No test for the command ${line}`);
        check(...parts.slice(1));
    }
});

test('the first two commands are those of a fresh clone', () => {
    const [start, run] = documents.snippets('sh');

    expect([start?.text, run?.text]).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
    expect(manifest.scripts.start).toContain('node example/main.js');
    expect(existsSync(join(ROOT, 'example', 'main.js'))).toBe(true);
    expect(readFileSync(join(ROOT, 'example', 'config.yml'), 'utf8')).toContain('{{HTTP_PORT}}');
});

test('the packages that the README installs are all that its programs import', () => {
    const [, , install] = documents.of('README.md').takeOne('sh', 'Installation').text.trimEnd().split('\n');
    const programs = [...documents.snippets('ts'), ...documents.snippets('js')].map(({ text }) => text).join('\n');
    const imported = [...programs.matchAll(/(?:from |require\()'(pip-services3-[a-z]+-nodex)/g)].map(
        ([, name]) => name
    );

    expect(install?.split(' ').slice(2).sort()).toEqual([...new Set(imported)].sort());
});

test.each(documents.snippets('json'))('$place: is the override that this repository has', ({ text }) => {
    expect(JSON.parse(text)).toEqual({ overrides: { [RPC]: { restify: RESTIFY } } });
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

    test.each(documents.snippets('yaml pnpm'))('$place: is the override that this repository has', ({ text }) => {
        expect(read(text)).toEqual({ overrides: { [`${RPC}>restify`]: RESTIFY } });
    });

    test.each(documents.snippets('yaml prometheus'))(
        '$place: each scrape config keeps the label instance',
        ({ text }) => {
            const { scrape_configs: configs } = read(text) as { scrape_configs: { honor_labels: boolean }[] };

            expect(configs.length).toBeGreaterThan(0);
            expect(configs.filter(({ honor_labels: honors }) => !honors)).toEqual([]);
        }
    );

    test.each(documents.snippets('yaml rules'))('$place: each rule has an expression', ({ text }) => {
        const { groups } = read(text) as { groups: { rules: { alert: string; expr: string }[] }[] };

        expect(groups.flatMap(({ rules }) => rules).filter(({ alert, expr }) => !alert || !expr)).toEqual([]);
    });
});

describe.each(documents.all)('the links of $path', (document) => {
    const links = document.links().filter((link) => !link.startsWith('https://'));

    test.each(links)('%s leads somewhere', (link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? document.path : join(dirname(document.path), path);

        expect(existsSync(join(ROOT, target)) ? target : `${target} does not exist`).toBe(target);
        if (anchor !== undefined) expect(new Markdown(target).anchors()).toContain(anchor);
    });
});

describe.each(documents.all.filter(({ path }) => path !== 'README.md'))('the contents of $path', (document) => {
    test('name each section, in its order', () => {
        const sections = document.sections();
        const contents = document.contents();

        if (sections.length > 3 || contents.length > 0) expect(contents).toEqual(sections);
    });
});

test('the README is read in five minutes', () => {
    const size = Buffer.byteLength(documents.of('README.md').text);

    expect(size).toBeGreaterThan(8_000);
    expect(size).toBeLessThan(12_000);
});
