/**
 * Runs the unit suite against the packed package on every supported Node, with each restify a user may have,
 * and prints a table Node x restify.
 *
 *     node scripts/matrix.mjs [--node 20,22] [--restify 12] [--results FOLDER]
 *
 * --node, --restify   run only these rows (all by default)
 * --results           where Jest writes its JSON results, one file a row
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { CACHE, ROOT, installDefaultRestify, installNodes, prepareFolder, run } from './matrixFolders.mjs';

const UNIT = { title: '', testMatch: '**/test/**/*.test.js' };
/** restify 10 does not load on Node 24 and later: there the counters and the push must work without it. */
const COUNTERS_ONLY = { title: 'counters only: ', testMatch: '**/test/package/**/*.matrix.js' };

const ROWS = [
    { node: 20, restify: 12, suite: UNIT },
    { node: 22, restify: 12, suite: UNIT },
    { node: 24, restify: 12, suite: UNIT },
    { node: 26, restify: 12, suite: UNIT },
    { node: 20, restify: 10, suite: UNIT },
    { node: 22, restify: 10, suite: UNIT },
    { node: 24, restify: 10, suite: COUNTERS_ONLY },
    { node: 26, restify: 10, suite: COUNTERS_ONLY },
];

/** In ms: a suite that leaves something open would never end. */
const ROW_TIMEOUT = 600_000;

const { values: options } = parseArgs({
    options: { node: { type: 'string' }, restify: { type: 'string' }, results: { type: 'string' } },
});

const rows = ROWS.filter((row) => chosen(options.node, row.node) && chosen(options.restify, row.restify));
const temp = await mkdtemp(join(tmpdir(), 'matrix-'));
const results = resolve(options.results ?? temp);

try {
    const nodes = installNodes(unique(rows.map((row) => row.node)));
    const folders = prepareFolders(unique(rows.map((row) => row.restify)));
    for (const row of rows) {
        row.nodeVersion = run(nodes[row.node], ['--version']).stdout.trim();
        row.restifyVersion = folders[row.restify].restifyVersion;
        row.result = runRow(row, nodes[row.node], folders[row.restify].folder);
    }
    printTable();
    process.exitCode = rows.length > 0 && rows.every((row) => row.result.ok) ? 0 : 1;
} finally {
    await rm(temp, { recursive: true, force: true });
}

function chosen(option, value) {
    return option === undefined || option.split(',').map(Number).includes(value);
}

function unique(values) {
    return [...new Set(values)];
}

/** A folder with the packed package, the compiled tests and the dependencies, for each restify. */
function prepareFolders(restifies) {
    const folders = {};
    for (const restify of restifies) {
        const modules = restify === 10 ? installDefaultRestify() : join(ROOT, 'node_modules');
        const { version } = JSON.parse(readFileSync(join(modules, 'restify', 'package.json'), 'utf8'));
        if (!version.startsWith(`${restify}.`)) throw new Error(`Found restify ${version} in place of ${restify}`);
        folders[restify] = {
            folder: prepareFolder(join(temp, `restify-${restify}`), modules),
            restifyVersion: version,
        };
    }
    return folders;
}

function runRow({ node, restify, suite }, binary, folder) {
    console.log(`\n=== Node ${node}, restify ${restify} ===`);
    const file = join(results, `matrix-node${node}-restify${restify}.json`);
    const jest = join(folder, 'node_modules', 'jest', 'bin', 'jest.js');
    const started = Date.now();
    const { status, error } = run(
        binary,
        [jest, '--testMatch', suite.testMatch, '--silent', '--json', '--outputFile', file],
        {
            cwd: folder,
            stdio: ['ignore', 'ignore', 'inherit'],
            env: { ...process.env, PATH: `${resolve(binary, '..')}:${process.env.PATH}` },
            timeout: ROW_TIMEOUT,
            mayFail: true,
        }
    );
    if (error) console.log(`Failed: ${error.message}`);
    return { ...readCounts(file), ok: status === 0, seconds: Math.round((Date.now() - started) / 1000) };
}

function readCounts(file) {
    try {
        const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
        return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
    } catch {
        return { passed: 0, failed: 1 };
    }
}

function printTable() {
    const restifies = unique(rows.map((row) => row.restifyVersion));
    const table = [['Node', ...restifies.map((version) => `restify ${version}`)]];
    for (const nodeVersion of unique(rows.map((row) => row.nodeVersion))) {
        const cells = restifies.map((version) => {
            const row = rows.find((one) => one.nodeVersion === nodeVersion && one.restifyVersion === version);
            return row ? describe(row) : '-';
        });
        table.push([nodeVersion, ...cells]);
    }
    console.log(`\nThe unit suite against the packed package (Node binaries and installs are kept in ${CACHE})\n`);
    for (const cells of table)
        console.log(
            cells
                .map((cell) => cell.padEnd(40))
                .join('')
                .trimEnd()
        );
}

function describe({ suite, result: { ok, passed, failed, seconds } }) {
    return `${suite.title}${ok ? '' : 'FAILED, '}${passed} passed, ${failed} failed (${seconds} s)`;
}
