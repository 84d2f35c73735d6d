/** The demo, as built, on each Node: what a newcomer sees first has no warning in it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { Demo } from '../fixtures/Demo';
import { freePort } from '../fixtures/freePort';
import { installNodes } from '../fixtures/installNodes';

const NODES = ['20', '22', '24', '26'] as const;

let nodes: Record<string, string>;

beforeAll(() => {
    execFileSync('npm', ['run', 'build'], { cwd: join(__dirname, '..', '..') });
    nodes = installNodes(NODES);
}, 180_000);

test.each(NODES)(
    'on Node %s',
    async (node) => {
        const port = await freePort();
        const demo = Demo.start([nodes[node] ?? '', 'example/main.js'], { HTTP_PORT: String(port) });
        try {
            const address = await demo.untilOpen();
            expect(await (await fetch(address)).text()).toContain('exec_count');
            demo.signal('SIGTERM');
            expect(await demo.untilEnded()).toBe(0);
            expect(demo.output.replace(/^\[orders-demo:INFO:.*?\] /gm, '').split('\n')).toEqual([
                'Container orders-demo started.',
                'The counters of this service, in the text format of Prometheus:',
                `  http://localhost:${port}/metrics`,
                `  http://localhost:${port}/metricsandreset  (and begins to count anew)`,
                'Press Ctrl+C to stop.',
                'Stopping because of SIGTERM...',
                'Container orders-demo stopped',
                'Stopped.',
                '',
            ]);
        } finally {
            await demo.kill();
        }
    },
    60_000
);
