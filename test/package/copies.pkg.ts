/** Several copies of this package or of the toolkit in one application, each with its own counters. */
import { ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { eventually } from '../fixtures/eventually';
import { FakeGateway } from '../fixtures/FakeGateway';
import { freePort } from '../fixtures/freePort';
import { Markdown } from '../fixtures/Markdown';
import { install, pack, Packed } from '../fixtures/packed';

const ROOT = join(__dirname, '..', '..');
const PACKAGE = 'pip-services3-prometheus-nodex';
const TOOLKIT = ['commons', 'components', 'container', 'rpc'].map((name) => `pip-services3-${name}-nodex`);
const guide = new Markdown('docs/installing.md');

jest.setTimeout(60_000);

let packed: Packed;

beforeAll(() => {
    packed = pack();
    install(packed.folder, [packed.tarball, ...TOOLKIT], JSON.parse(guide.takeOne('json npm', 'npm').text) as object);
}, 180_000);

afterAll(() => {
    rmSync(packed.folder, { recursive: true, force: true });
});

function write(file: string, content: string): void {
    mkdirSync(dirname(join(packed.folder, file)), { recursive: true });
    writeFileSync(join(packed.folder, file), content);
}

/** Runs a program of the application to its end, and gives what it printed. */
async function run(...args: string[]): Promise<string> {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: packed.folder });
    return stdout + stderr;
}

describe('a library that brings copies of its own', () => {
    const LIBRARY = 'node_modules/shop-library';
    const PAIRS = `
        const application = require('${PACKAGE}');
        const library = require('shop-library');
        const copies = { application, library };
        const { ConfigParams, Descriptor, References } = require('pip-services3-commons-nodex');

        async function scrape(service, counters) {
            const port = process.argv[2];
            service.configure(ConfigParams.fromTuples('connection.host', '127.0.0.1', 'connection.port', port));
            service.setReferences(References.fromTuples(
                new Descriptor('pip-services', 'counters', 'prometheus', 'default', '1.0'), counters
            ));
            await service.open(null);
            const response = await fetch('http://127.0.0.1:' + port + '/metrics', { headers: { connection: 'close' } });
            await service.close(null);
            return response.text();
        }

        async function main() {
            const counters = {};
            for (const [name, copy] of Object.entries(copies)) {
                counters[name] = new copy.PrometheusCounters();
                counters[name].increment('of_the_' + name, 1);
            }
            const result = { same: application.PrometheusCounters === library.PrometheusCounters };
            for (const [of, copy] of Object.entries(copies)) {
                for (const from of Object.keys(copies)) {
                    result[of + ' serves ' + from] = await scrape(new copy.PrometheusMetricsService(), counters[from]);
                }
            }
            console.log(JSON.stringify(result));
        }
        main();
    `;

    test('each service serves the counters that it is given, of whichever copy they are', async () => {
        for (const name of [PACKAGE, ...TOOLKIT]) {
            const copy = join(packed.folder, LIBRARY, 'node_modules', name);
            cpSync(join(packed.folder, 'node_modules', name), copy, { recursive: true });
        }
        write(`${LIBRARY}/index.js`, `module.exports = require('${PACKAGE}');`);
        write('pairs.js', PAIRS);
        const ofTheApplication = '# TYPE of_the_application gauge\nof_the_application 1\n';
        const ofTheLibrary = '# TYPE of_the_library gauge\nof_the_library 1\n';

        expect(JSON.parse(await run('pairs.js', String(await freePort())))).toEqual({
            same: false,
            'application serves application': ofTheApplication,
            'application serves library': ofTheLibrary,
            'library serves application': ofTheApplication,
            'library serves library': ofTheLibrary,
        });
    });
});

describe('Jest', () => {
    const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const TEST = `
        const load = () => ({ ...require('pip-services3-commons-nodex'), ...require('${PACKAGE}') });

        async function serve({ ConfigParams, Descriptor, PrometheusCounters, PrometheusMetricsService, References }, name) {
            const counters = new PrometheusCounters();
            counters.configure(ConfigParams.fromTuples('connection.uri', process.env.GATEWAY_URI, 'source', name));
            const service = new PrometheusMetricsService();
            service.configure(
                ConfigParams.fromTuples('connection.host', '127.0.0.1', 'connection.port', process.env.HTTP_PORT)
            );
            service.setReferences(References.fromTuples(
                new Descriptor('pip-services', 'counters', 'prometheus', 'default', '1.0'), counters
            ));
            await counters.open(null);
            await service.open(null);
            counters.increment(name, 1);
            const response = await fetch('http://127.0.0.1:' + process.env.HTTP_PORT + '/metrics', {
                headers: { connection: 'close' },
            });
            const text = await response.text();
            await service.close(null);
            await counters.close(null);
            return text;
        }

        test('counters begin anew after resetModules', async () => {
            const first = load();
            expect(await serve(first, 'first')).toBe('# TYPE first gauge\\nfirst 1\\n');
            jest.resetModules();
            const second = load();
            expect(second.PrometheusCounters).not.toBe(first.PrometheusCounters);
            expect(await serve(second, 'second')).toBe('# TYPE second gauge\\nsecond 1\\n');
        });
    `;

    test('with resetModules serves and pushes, and nothing holds the process', async () => {
        const gateway = await FakeGateway.start();
        write('copies.test.js', TEST);
        write('jest.config.json', JSON.stringify({ testEnvironment: 'node', testMatch: ['**/copies.test.js'] }));
        const env = { ...process.env, GATEWAY_URI: gateway.uri, HTTP_PORT: String(await freePort()) };
        const { stderr } = await promisify(execFile)(process.execPath, [JEST, '--ci', '--detectOpenHandles'], {
            cwd: packed.folder,
            env,
        });
        await gateway.stop();

        expect(stderr).toContain('Tests:       1 passed, 1 total');
        expect(stderr).not.toContain('open handle');
        expect(gateway.requests.map(({ path, body }) => [path, body])).toEqual([
            [`/metrics/job/first/instance/${hostname()}`, '# TYPE first gauge\nfirst 1\n'],
            [`/metrics/job/second/instance/${hostname()}`, '# TYPE second gauge\nsecond 1\n'],
        ]);
    });
});

describe('worker threads', () => {
    const WORK = `
        counters.open(null).then(() => {
            counters.increment('jobs', threadId);
            return counters.close(null);
        });
    `;
    const START = `
        const { Worker } = require('node:worker_threads');
        const { PrometheusCounters } = require('${PACKAGE}');
        const counters = new PrometheusCounters();
        const workers = [1, 2].map(() => new Worker('./worker.js'));
        Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))).then((codes) =>
            console.log(JSON.stringify({ codes, ofTheMainThread: counters.getAll().length }))
        );
    `;

    test('each counts for itself, and pushes to a group of its own', async () => {
        const gateway = await FakeGateway.start();
        write('worker.js', guide.takeOne('js worker', 'Worker threads').text.replace(/http:[^']+/, gateway.uri) + WORK);
        write('threads.js', START);
        const output = await run('threads.js');
        await gateway.stop();

        expect(JSON.parse(output)).toEqual({ codes: [0, 0], ofTheMainThread: 0 });
        expect(gateway.requests.map(({ path, body }) => `${path}\n${body}`).sort()).toEqual([
            `/metrics/job/my-service/instance/${hostname()}-1\n# TYPE jobs gauge\njobs 1\n`,
            `/metrics/job/my-service/instance/${hostname()}-2\n# TYPE jobs gauge\njobs 2\n`,
        ]);
    });
});

describe('cluster', () => {
    const COUNTERS = "- descriptor: 'pip-services:counters:prometheus:default:1.0'\n\n";
    let primary: ChildProcess;

    afterEach(async () => {
        // The workers end with their primary process
        primary.kill('SIGKILL');
        await once(primary, 'close');
    });

    test('each worker counts for itself, and serves on a port of its own', async () => {
        const ports = [await freePort(), await freePort()];
        const service = readFileSync(join(ROOT, 'test', 'fixtures', 'application', 'container.js'), 'utf8');
        write('config/config.yml', COUNTERS + guide.takeOne('yaml cluster', 'cluster').text);
        write('main.js', service.replace(', 2)', ", require('node:cluster').worker.id)"));
        write(
            'cluster.js',
            guide.takeOne('js cluster', 'cluster').text.replace('9100 + worker', `[${ports.join()}][worker - 1]`)
        );
        primary = spawn(process.execPath, ['cluster.js'], { cwd: packed.folder, stdio: 'ignore' });

        const texts = ports.map((port) =>
            eventually(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
        );
        expect(await Promise.all(texts)).toEqual(
            [1, 2].map(
                (worker) =>
                    expect.stringContaining(
                        `instance="host-1-${worker}",service="orders",command="create_order"} ${worker}\n`
                    ) as string
            )
        );
    });
});
