import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Rounds of counters that come, are written, and go, beside one that stays; prints the memory after each round. */
const SCRIPT = `
    const { PrometheusCounters, PrometheusCounterConverter } = require('./src/count');
    const { COMPATIBLE_EXPOSITION } = require('./src/exposition/Exposition');
    const { TEXT_FORMAT } = require('./src/exposition/textFormats');
    const { Renderer } = require('./src/exposition/Renderer');

    const counters = new PrometheusCounters();
    counters.increment('stays');
    const renderer = new Renderer(COMPATIBLE_EXPOSITION, 'source', 'instance');
    const used = [];
    for (let round = 0; round < 20; round++) {
        const names = Array.from({ length: 2000 }, (_, index) => \`service_\${round}.command_\${index}.exec_count\`);
        names.forEach((name) => counters.increment(name));
        [...renderer.render(counters.getAll(), TEXT_FORMAT)];
        PrometheusCounterConverter.toString(counters.getAll(), 'source', 'instance');
        names.forEach((name) => counters.clear(name));
        [...renderer.render(counters.getAll(), TEXT_FORMAT)];
        PrometheusCounterConverter.toString(counters.getAll(), 'source', 'instance');
        gc();
        used.push(process.memoryUsage().heapUsed);
    }
    console.log(JSON.stringify(used));`;

test('what is kept for a counter goes with it', () => {
    const register = join(ROOT, 'test', 'fixtures', 'registerTypeScript.cjs');
    const output = execFileSync(process.execPath, ['--expose-gc', '--require', register, '--eval', SCRIPT], {
        cwd: ROOT,
    });
    const used = JSON.parse(output.toString()) as number[];
    const [early = 0, late = Infinity] = [used[4], used[19]];

    // The text alone of the counters of the rounds between is 3 MB
    expect(late - early).toBeLessThan(1_000_000);
});
