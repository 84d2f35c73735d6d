import { resolve } from 'node:path';

const inRepository = (path) => resolve(import.meta.dirname, '..', path);

/** The contestant that all others are compared with. */
export const BASELINE = '1.0.1';

/** The contestant that all are compared with where the baseline does not take part. */
export const RIVAL = 'prom-client';

/** The contestant that the targets are about. */
export const OURS = 'this package';

/** Who takes part: its adapter in adapters/, the folder of its package, and the releases of Node.js that it asks for. */
const ALL = [
    {
        name: BASELINE,
        adapter: 'toolkit',
        directory: inRepository('node_modules/pip-services3-prometheus-nodex-1.0.1'),
    },
    {
        name: OURS,
        adapter: 'toolkit',
        directory: inRepository('.'),
    },
    {
        name: RIVAL,
        adapter: 'promClient',
        directory: inRepository('node_modules/prom-client'),
    },
    {
        name: '@prometheus-io/client',
        adapter: 'promClient',
        directory: inRepository('node_modules/@prometheus-io/client'),
        runsOn: (release) => release === 22 || release === 24 || release >= 26,
    },
];

const release = Number(process.versions.node.split('.')[0]);

export const CONTESTANTS = ALL.filter(({ runsOn }) => runsOn?.(release) ?? true);
export const SKIPPED = ALL.filter((contestant) => !CONTESTANTS.includes(contestant));

/** Checks if a contestant can do a workload. */
export function takesPart({ name, adapter }, { toolkitOnly, isTyped, formats }) {
    if (isTyped && name === BASELINE) return false;
    return adapter === 'toolkit' || (!toolkitOnly && (formats === undefined || formats.includes('text')));
}
