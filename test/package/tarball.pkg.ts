import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

import { pack, Packed } from '../fixtures/packed';

let packed: Packed;

beforeAll(() => {
    packed = pack();
    execFileSync('tar', ['-xzf', packed.tarball], { cwd: packed.folder });
}, 120_000);

afterAll(() => {
    rmSync(packed.folder, { recursive: true, force: true });
});

function read(file: string): string {
    return readFileSync(join(packed.folder, 'package', file), 'utf8');
}

/** The files of a folder of the repository, with those below it. */
function listFiles(folder: string): string[] {
    const entries = readdirSync(join(__dirname, '..', '..', folder), { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(__dirname, '..', '..'), join(entry.parentPath, entry.name)));
}

describe('the tarball', () => {
    test('holds the sources with their builds, typings and maps, the documents, and nothing else', () => {
        const modules = packed.files.filter((file) => file.startsWith('src/')).map((file) => file.replace(/\.ts$/, ''));
        const expected = [
            ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
            ...listFiles('monitoring'),
            ...modules.flatMap((module) => [
                `${module}.ts`,
                ...['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => `obj/${module}${ending}`),
            ]),
        ];

        expect(modules).toContain('src/count/PrometheusCounters');
        expect([...packed.files].sort()).toEqual(expected.sort());
    });

    test.each(['.js', '.d.ts'])('each map of a %s file leads to a source that is in it', (ending) => {
        const maps = packed.files.filter((file) => file.endsWith(`${ending}.map`));
        const lost = maps.filter((file) => {
            const { sources, sourceRoot } = JSON.parse(read(file)) as { sources: string[]; sourceRoot?: string };
            const paths = sources.map((source) => normalize(join(dirname(file), sourceRoot ?? '', source)));
            return paths.length === 0 || !paths.every((path) => packed.files.includes(path));
        });

        expect(maps).not.toEqual([]);
        expect(lost).toEqual([]);
    });

    test('each file that package.json names is in it', () => {
        const { main, types } = JSON.parse(read('package.json')) as { main: string; types: string };

        expect([main, types]).toEqual(['./obj/src/index.js', './obj/src/index.d.ts']);
        expect([main, types].filter((file) => !existsSync(join(packed.folder, 'package', file)))).toEqual([]);
    });

    test('an error shows the line of the TypeScript source', () => {
        const script = `
            const { PrometheusCounters } = require('./package/obj/src/count/PrometheusCounters');
            try { new PrometheusCounters().increment(''); } catch (error) { console.log(error.stack); }
        `;
        execFileSync('ln', ['-s', join(__dirname, '..', '..', 'node_modules'), 'node_modules'], { cwd: packed.folder });
        const stack = execFileSync(process.execPath, ['--enable-source-maps', '-e', script], {
            cwd: packed.folder,
            encoding: 'utf8',
        });

        expect(stack).toMatch(/package\/src\/count\/PrometheusCounters\.ts:\d+/);
    });
});
