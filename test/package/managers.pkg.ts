/**
 * A service as the toolkit's public ones are (restify 4 for its own tests, `^1.0.*` of the toolkit), installed by each
 * package manager with the override of docs/installing.md, and started on each Node.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Application, PUSHED, SERVED } from '../fixtures/Application';
import { installNodes } from '../fixtures/installNodes';
import { Markdown } from '../fixtures/Markdown';
import { install, pack, Packed } from '../fixtures/packed';
import { printTable } from '../fixtures/printTable';

const ROOT = join(__dirname, '..', '..');
const APPLICATION = join(ROOT, 'test', 'fixtures', 'application');
const NODES = ['20', '24', '26'] as const;
const guide = new Markdown('docs/installing.md');

/** Below the folder of the packed package. */
const TOOLS = 'tools/node_modules';

interface Manager {
    readonly name: string;
    /** What it adds to package.json. */
    readonly manifest: object;
    /** Other files that it reads. */
    readonly files?: Readonly<Record<string, string>>;
    /** The program and its parameters, in the folder of the service. */
    readonly install: readonly [program: string, ...parameters: string[]];
    readonly version: readonly [program: string, ...parameters: string[]];
    /** What Node needs to find the packages. */
    readonly nodeOptions?: string;
}

const YARN_1 = ['node', `../${TOOLS}/yarn/bin/yarn.js`] as const;
const YARN = ['node', `../${TOOLS}/@yarnpkg/cli-dist/bin/yarn.js`] as const;
const PNPM = `../${TOOLS}/.bin/pnpm`;

const MANAGERS: readonly Manager[] = [
    {
        name: 'npm',
        manifest: overrideOf('json npm', 'npm'),
        install: ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
        version: ['npm', '--version'],
    },
    {
        name: 'pnpm',
        manifest: {},
        files: { 'pnpm-workspace.yaml': guide.takeOne('yaml pnpm-workspace.yaml', 'pnpm').text },
        install: [PNPM, 'install', '--ignore-scripts'],
        version: [PNPM, '--version'],
    },
    {
        name: 'yarn classic',
        manifest: overrideOf('json yarn-1', 'Yarn'),
        // A cache of its own, because Yarn 1 keeps a tarball by the name and version of its package
        install: [...YARN_1, 'install', '--ignore-scripts', '--ignore-engines', '--cache-folder', 'cache'],
        version: [...YARN_1, '--version'],
    },
    ...['node-modules', 'pnp'].map((linker) => ({
        name: `yarn (${linker})`,
        manifest: overrideOf('json yarn', 'Yarn'),
        files: {
            '.yarnrc.yml': `nodeLinker: ${linker}\nenableScripts: false\nenableTelemetry: false\n`,
            'yarn.lock': '',
        },
        install: [...YARN, 'install', '--no-immutable'] as const,
        version: [...YARN, '--version'] as const,
        ...(linker === 'pnp' && { nodeOptions: '--require ./.pnp.cjs' }),
    })),
];

let packed: Packed;
let nodes: Record<string, string>;
const table = MANAGERS.map(({ name }) => [name, ...NODES.map(() => '-')]);

beforeAll(() => {
    packed = pack();
    mkdirSync(join(packed.folder, 'tools'));
    install(join(packed.folder, 'tools'), ['pnpm', 'yarn@1', '@yarnpkg/cli-dist']);
    nodes = installNodes(NODES);
}, 300_000);

afterAll(() => {
    rmSync(packed.folder, { recursive: true, force: true });
    printTable(['package manager', ...NODES.map((node) => `Node ${node}`)], table);
});

function overrideOf(kind: string, section: string): object {
    return JSON.parse(guide.takeOne(kind, section).text) as object;
}

const MANIFEST = {
    name: 'service-metrics-node',
    private: true,
    dependencies: {
        'pip-services3-commons-nodex': '^1.0.*',
        'pip-services3-components-nodex': '^1.4.*',
        'pip-services3-container-nodex': '^1.0.*',
        'pip-services3-data-nodex': '^1.0.*',
        'pip-services3-rpc-nodex': '^1.2.*',
        'pip-services3-swagger-nodex': '^1.0.*',
    },
    devDependencies: { restify: '^4.3.0' },
};

/** Makes the service and installs it. */
function installService(manager: Manager): string {
    const folder = join(packed.folder, manager.name.replace(/\W+/g, '-'));
    const dependencies = { ...MANIFEST.dependencies, 'pip-services3-prometheus-nodex': `file:${packed.tarball}` };
    const files = {
        ...manager.files,
        'package.json': JSON.stringify({ ...MANIFEST, ...manager.manifest, dependencies }),
    };
    cpSync(APPLICATION, folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    run(folder, manager.install);
    return folder;
}

function run(folder: string, [program, ...parameters]: Manager['install'], nodeOptions = ''): string {
    // Some package managers behave differently where they see a CI
    const env = { ...process.env, CI: '', NODE_OPTIONS: nodeOptions };
    return execFileSync(program, parameters, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe.each(MANAGERS)('$name', (manager) => {
    let folder: string;
    const row = table[MANAGERS.indexOf(manager)] ?? [];

    beforeAll(() => {
        folder = installService(manager);
        row[0] = `${manager.name}: ${run(folder, manager.version).trim()}`;
    }, 180_000);

    test('installs restify 4 for the service, and 12 for the toolkit', () => {
        const script = `
            const rpc = require.resolve('pip-services3-prometheus-nodex', { paths: ['.'] });
            const endpoint = require.resolve('pip-services3-rpc-nodex', { paths: [rpc] });
            console.log(JSON.stringify(['.', endpoint].map((path) =>
                require(require.resolve('restify/package.json', { paths: [path] })).version)));`;

        expect(JSON.parse(run(folder, ['node', '-e', script], manager.nodeOptions))).toEqual([
            expect.stringMatching(/^4\./),
            expect.stringMatching(/^12\./),
        ]);
    });

    test.each(NODES)(
        'on Node %s the service starts without a warning, and is scraped',
        async (node) => {
            const application = await Application.start(folder, 'container.js', {
                node: nodes[node] ?? '',
                env: { NODE_OPTIONS: manager.nodeOptions ?? '' },
            });
            try {
                expect(await application.scrape()).toBe(SERVED);
                expect(await application.pushed()).toMatchObject(PUSHED);
                expect(application.output).not.toMatch(/warning/i);
                row[1 + NODES.indexOf(node)] = 'serves, pushes';
            } finally {
                await application.stop();
            }
        },
        60_000
    );
});

test('the short form of the override ends with EOVERRIDE in such a service', () => {
    const folder = join(packed.folder, 'short');
    mkdirSync(folder);
    const overrides = { restify: '^12.0.0' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...MANIFEST, overrides }));

    expect(() => run(folder, ['npm', 'install', '--ignore-scripts', '--dry-run'])).toThrow('EOVERRIDE');
}, 60_000);
