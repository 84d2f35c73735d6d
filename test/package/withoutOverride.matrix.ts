/**
 * What a user has on Node 24 and later without an override of restify in the application's package.json.
 * Run by scripts/matrix.mjs only, in a folder that holds the package and restify 10.
 */
import { execFile } from 'node:child_process';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');

/** Runs a script as a process of its own, because Jest loads modules in its own way. */
async function runScript(script: string, ...args: string[]): Promise<unknown> {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, ...args], { cwd: ROOT });
    return JSON.parse(stdout);
}

const PUSH = `
    const { PrometheusCounters } = require('./obj/src/count');
    const { ConfigParams } = require('pip-services3-commons-nodex');
    const counters = new PrometheusCounters();
    counters.configure(ConfigParams.fromTuples(
        'source', 'shop', 'instance', 'host-1', 'connection.uri', process.argv[1]
    ));
    counters.open(null).then(() => {
        counters.increment('orders', 2);
        return counters.close(null);
    }).then(() => {
        const loaded = Object.keys(require.cache).filter((file) => /node_modules[\\\\/]restify/.test(file));
        console.log(JSON.stringify(loaded));
    });
`;

const LOAD_EVERYTHING = `
    try {
        require('./obj/src');
        console.log(JSON.stringify({ loaded: true }));
    } catch (error) {
        const trail = require('node:util').inspect(error, { depth: 5 });
        console.log(JSON.stringify({ message: error.message, trail }));
    }
`;

describe('without an override of restify', () => {
    test('the counters load and push, and load no module of restify', async () => {
        const received: string[] = [];
        const gateway = createServer((request: IncomingMessage, response: ServerResponse) => {
            void text(request).then((body) => {
                received.push(`${request.method ?? ''} ${request.url ?? ''}\n${body}`);
                response.end();
            });
        });
        await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
        try {
            const { port } = gateway.address() as AddressInfo;
            const loaded = await runScript(PUSH, `http://127.0.0.1:${port}`);

            expect(loaded).toEqual([]);
            expect(received).toEqual(['PUT /metrics/job/shop/instance/host-1\n# TYPE orders gauge\norders 2\n']);
        } finally {
            gateway.close();
        }
    });

    test('the error of the services says what to put into package.json, and its cause', async () => {
        const error = await runScript(LOAD_EVERYTHING);

        expect(error).toEqual({
            message: expect.stringMatching(
                /"overrides": \{ "pip-services3-rpc-nodex": \{ "restify": "\^12\.0\.0" \} \} into the package\.json/
            ) as string,
            trail: expect.stringContaining('http_parser') as string,
        });
    });
});
