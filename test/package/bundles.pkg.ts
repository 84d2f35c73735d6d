/**
 * Bundles of an application that has installed the packed package, run where there is no node_modules. The commands and
 * configurations are those of docs/installing.md.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Application, PUSHED, SERVED } from '../fixtures/Application';
import { Markdown } from '../fixtures/Markdown';
import { install, pack, Packed } from '../fixtures/packed';
import { printTable } from '../fixtures/printTable';

const ROOT = join(__dirname, '..', '..');
const MODULES = join(ROOT, 'node_modules');
const APPLICATION = join(ROOT, 'test', 'fixtures', 'application');
const guide = new Markdown('docs/installing.md');

/** How webpack runs without its command line tool, which is a package of its own. */
const WEBPACK = `
    require('webpack')(require('./webpack.config.js'), (error, stats) => {
        if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
    });
`;

interface Bundler {
    readonly name: string;
    /** The file that it writes. */
    readonly output: string;
    readonly bundle: () => void;
}

const BUNDLERS: readonly Bundler[] = [
    { name: 'esbuild, CommonJS', output: 'dist/main.cjs', bundle: () => runCommand('esbuild', 0) },
    { name: 'esbuild, ES module', output: 'dist/main.mjs', bundle: () => runCommand('esbuild', 1) },
    { name: 'esbuild, minified', output: 'dist/main.cjs', bundle: () => runCommand('esbuild', 0, ' --minify') },
    { name: 'ncc', output: 'dist/index.js', bundle: () => runCommand('ncc', 0) },
    {
        name: 'webpack, minified',
        output: 'dist/main.js',
        bundle: () => {
            write('webpack.config.js', guide.takeOne('js webpack.config.js', 'webpack').text);
            execFileSync(process.execPath, ['-e', WEBPACK], { cwd: packed.folder });
        },
    },
    {
        name: 'rollup',
        output: 'dist/main.cjs',
        bundle: () => {
            write('rollup.config.mjs', guide.takeOne('js rollup.config.mjs', 'rollup').text);
            runInFolder('rollup --silent --config rollup.config.mjs');
        },
    },
];

let packed: Packed;
const table = BUNDLERS.map(({ name }) => [name, '-', '-', '-', '-']);

beforeAll(() => {
    packed = pack();
    const { overrides } = JSON.parse(guide.takeOne('json npm', 'npm').text) as { overrides: object };
    install(packed.folder, [packed.tarball, ...TOOLKIT], { overrides });
    for (const file of ['main.js', 'container.js', 'code.js'])
        cpSync(join(APPLICATION, file), join(packed.folder, file));
    for (const name of ['webpack', '@rollup'])
        symlinkSync(join(MODULES, name), join(packed.folder, 'node_modules', name));
}, 180_000);

afterAll(() => {
    rmSync(packed.folder, { recursive: true, force: true });
    printTable(['bundler', 'container: serves', 'pushes', 'code: serves', 'pushes'], table);
});

const TOOLKIT = ['commons', 'components', 'container', 'rpc'].map((name) => `pip-services3-${name}-nodex`);

function write(file: string, content: string): void {
    writeFileSync(join(packed.folder, file), content);
}

function runInFolder(command: string): void {
    const env = { ...process.env, PATH: `${join(MODULES, '.bin')}:${process.env.PATH ?? ''}` };
    execFileSync('bash', ['-c', command], { cwd: packed.folder, env, stdio: 'pipe' });
}

/** Runs one of the commands of a section with the bundler that this repository has installed. */
function runCommand(section: string, index: number, options = ''): void {
    const command = guide.take('sh bundle', section)[index]?.text.trimEnd() ?? '';
    runInFolder(command.replace(/^npx /, '') + options);
}

/** Copies what an image would have of a bundled application to a folder below which there is no node_modules. */
function deploy(bundler: Bundler): string {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    for (let parent = folder; parent !== dirname(parent); parent = dirname(parent)) {
        expect(existsSync(join(parent, 'node_modules'))).toBe(false);
    }
    cpSync(join(packed.folder, dirname(bundler.output)), join(folder, 'dist'), { recursive: true });
    cpSync(join(APPLICATION, 'config'), join(folder, 'config'), { recursive: true });
    return folder;
}

const APPLICATIONS = ['container', 'code'] as const;

describe.each(BUNDLERS)('$name', (bundler) => {
    let folder: string;

    beforeAll(() => {
        rmSync(join(packed.folder, 'dist'), { recursive: true, force: true });
        bundler.bundle();
        folder = deploy(bundler);
    }, 120_000);

    afterAll(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    test.each(APPLICATIONS)(
        'an application in %s serves and pushes',
        async (name) => {
            const row = table[BUNDLERS.indexOf(bundler)] ?? [];
            const column = 1 + 2 * APPLICATIONS.indexOf(name);
            const application = await Application.start(folder, bundler.output, { env: { APPLICATION: name } });
            try {
                expect(await application.scrape()).toBe(SERVED);
                row[column] = 'yes';
                expect(await application.pushed()).toMatchObject(PUSHED);
                row[column + 1] = 'yes';
            } finally {
                await application.stop();
            }
        },
        60_000
    );
});

test('no bundle of the guide is left out', () => {
    expect(guide.left().filter(({ kind }) => /bundle|config/.test(kind))).toEqual([]);
});
