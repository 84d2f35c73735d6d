/** The lists of packages in docs/installing.md against what is installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Markdown } from '../fixtures/Markdown';

const ROOT = join(__dirname, '..', '..');
const guide = new Markdown('docs/installing.md');

interface Manifest {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The packages that a package brings. */
function dependenciesOf(folder: string): string[] {
    const text = readFileSync(join(ROOT, folder, 'package.json'), 'utf8');
    const { dependencies, optionalDependencies } = JSON.parse(text) as Manifest;
    return Object.keys({ ...dependencies, ...optionalDependencies }).sort();
}

test.each([
    ['dependencies', '.'],
    ['restify', 'node_modules/restify'],
])('the table of %s lists what %s brings', (table, folder) => {
    const names = guide.table(table).map(([name = '']) => name.replaceAll('`', ''));

    expect(names.sort()).toEqual(dependenciesOf(folder));
});
