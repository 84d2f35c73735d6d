import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { CONTESTANTS, SKIPPED, takesPart } from './contestants.mjs';
import { formatMedians, formatRatios, formatVerdicts } from './report.mjs';
import { Results } from './Results.mjs';
import { measureScraping } from './suites/http.mjs';
import { measurePackages } from './suites/load.mjs';
import { measureRecording } from './suites/record.mjs';
import { measureRendering } from './suites/render.mjs';
import { measureSteadyScraping } from './suites/steady.mjs';
import { measureTyped, measureTypedRecording } from './suites/typed.mjs';
import { WORKLOADS } from './workloads.mjs';

const SUITES = {
    steady: measureSteadyScraping,
    render: measureRendering,
    typed: measureTyped,
    http: measureScraping,
    record: measureRecording,
    recordTyped: measureTypedRecording,
    load: measurePackages,
};

const { values: options } = parseArgs({
    options: {
        short: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: Object.keys(SUITES) },
        markdown: { type: 'boolean', default: false },
        json: { type: 'string' },
    },
});

for (const { name } of SKIPPED) console.error(`Skipped: ${name} does not take Node.js ${process.versions.node}`);

const mode = options.short ? 'short' : 'full';
const results = new Results();
for (const suite of options.only) {
    for (const workload of [WORKLOADS[mode][suite]].flat()) {
        const contestants = CONTESTANTS.filter((contestant) => takesPart(contestant, workload));
        const start = performance.now();
        await SUITES[suite](workload, contestants, results);
        console.error(`${suite} ${JSON.stringify(workload)}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
}

const environment = { node: process.version, cpu: cpus()[0]?.model, cores: availableParallelism() };
const names = CONTESTANTS.map(({ name }) => name);
console.log(`Node.js ${environment.node}, ${environment.cores} cores\n`);
console.log(options.markdown ? formatRatios(results, names) : formatMedians(results, names));
if (mode === 'full' && options.only.length === Object.keys(SUITES).length) console.log(`\n${formatVerdicts(results)}`);
if (options.json) {
    writeFileSync(options.json, JSON.stringify({ environment, mode, results: results.rows() }, null, 2));
}
