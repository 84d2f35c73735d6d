/** docs/installing.md against package.json. Its bundles, overrides and lists of packages: test/package. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Markdown } from '../fixtures/Markdown';

const ROOT = join(__dirname, '..', '..');
const guide = new Markdown('docs/installing.md');

interface Manifest {
    readonly overrides: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Which test takes the snippets of a kind. */
const TAKEN_BY: Record<string, string> = {
    sh: 'here',
    'json npm': 'here, and package/managers.pkg.ts',
    'json yarn': 'package/managers.pkg.ts',
    'json yarn-1': 'package/managers.pkg.ts',
    'yaml pnpm-workspace.yaml': 'package/managers.pkg.ts',
    'sh bundle': 'package/bundles.pkg.ts',
    'js webpack.config.js': 'package/bundles.pkg.ts',
    'js rollup.config.mjs': 'package/bundles.pkg.ts',
    'js worker': 'package/copies.pkg.ts',
    'js cluster': 'package/copies.pkg.ts',
    'yaml cluster': 'package/copies.pkg.ts',
};

test('every snippet is of a kind that is tested', () => {
    const kinds = new Set(guide.snippets.map(({ kind }) => kind));

    expect([...kinds].sort()).toEqual(Object.keys(TAKEN_BY).sort());
});

test('the override is that of this repository', () => {
    const { overrides } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
    const restify = overrides['pip-services3-rpc-nodex']?.restify ?? '';

    expect(JSON.parse(guide.takeOne('json npm', 'npm').text)).toEqual({ overrides });
    expect(guide.takeOne('sh', 'npm').text).toContain(`"overrides.pip-services3-rpc-nodex.restify=${restify}"\n`);
});

test('the install line has all packages of the toolkit that the samples require', () => {
    const names = ['commons', 'components', 'container', 'prometheus', 'rpc'];
    const [, packages = ''] = /^npm install (.*)$/m.exec(guide.takeOne('sh', 'npm').text) ?? [];

    expect(packages.split(' ').sort()).toEqual(names.map((name) => `pip-services3-${name}-nodex`));
});

test.each(guide.links().filter((link) => !link.startsWith('https://')))('the link %s leads somewhere', (link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? guide.path : join(dirname(guide.path), path);

    expect(existsSync(join(ROOT, target)) ? target : `${target} does not exist`).toBe(target);
    if (anchor !== undefined) expect(new Markdown(target).anchors()).toContain(anchor);
});
