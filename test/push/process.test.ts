import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { FakeGateway } from '../fixtures/FakeGateway';

const ROOT = join(__dirname, '..', '..');
const HOOK = join(ROOT, 'test', 'fixtures', 'registerTypeScript.cjs');

/** Pushes once, with a timer for the next push, and ends without closing. */
const SCRIPT = `
    const { ConsoleLogger } = require('pip-services3-components-nodex');
    const { ConfigParams } = require('pip-services3-commons-nodex');
    const { groupingPath } = require('./src/push/groupingPath');
    const { Pusher } = require('./src/push/Pusher');
    const { PushLog } = require('./src/push/PushLog');
    const { PushgatewayClient } = require('./src/push/PushgatewayClient');
    const { resolvePushTarget } = require('./src/push/PushTarget');

    const config = ConfigParams.fromTuples('connection.uri', process.argv[1]);
    let body = { contentType: 'text/plain', chunks: ['a 1\\n'] };
    const source = {
        take: () => { const taken = body; body = null; return taken; },
        markUnsent: () => {},
        getInterval: () => 600000,
    };
    resolvePushTarget('123', config, null).then((target) => {
        const client = new PushgatewayClient(target, groupingPath('j', null));
        const pusher = new Pusher(client, source, new PushLog(new ConsoleLogger(), null), target);
        pusher.start('123');
        pusher.push();
    });
    process.on('exit', () => {
        const loaded = Object.keys(require.cache).filter((path) => /node_modules.restify/.test(path));
        console.log(JSON.stringify(loaded));
    });
`;

let gateway: FakeGateway;

beforeEach(async () => {
    gateway = await FakeGateway.start();
});

afterEach(() => gateway.stop());

/** Runs the script until it ends by itself. */
async function run(): Promise<{ output: string; errors: string; code: number | null }> {
    const child = spawn(process.execPath, ['--require', HOOK, '--eval', SCRIPT, gateway.uri], {
        cwd: ROOT,
        timeout: 20_000,
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { output, errors, code };
}

describe('a process that pushes', () => {
    test('ends when the push has arrived, though the connection and the timer stay, and loads no restify', async () => {
        // The gateway would keep the connection for ten minutes
        gateway.answer = { status: 200, headers: { 'keep-alive': 'timeout=600' } };
        expect(await run()).toEqual({ output: '[]\n', errors: '', code: 0 });
        expect(gateway.requests.map(({ body }) => body)).toEqual(['a 1\n']);
    }, 30_000);
});
