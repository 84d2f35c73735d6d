/** The README as a newcomer reads it: with the packed package, npm, promtool and a real Prometheus. */
import { ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { YamlConfigReader } from 'pip-services3-components-nodex';

import { Documents } from '../fixtures/Documents';
import { eventually } from '../fixtures/eventually';
import { Folder } from '../fixtures/Folder';
import { freePort } from '../fixtures/freePort';
import { pack, Packed } from '../fixtures/packed';
import { Prometheus } from '../fixtures/Prometheus';

const execute = promisify(execFile);
const TSC = join(__dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');
const documents = new Documents();
const readme = documents.of('README.md');
const pushing = documents.of('docs/pushing.md');

describe('a newcomer', () => {
    let packed: Packed;
    let folder: Folder;
    let port: number;
    const children: ChildProcess[] = [];

    beforeAll(async () => {
        packed = pack();
        folder = new Folder();
        port = await freePort();
    }, 180_000);

    afterEach(() => {
        for (const child of children) child.kill('SIGKILL');
    });

    afterAll(() => {
        folder.remove();
        rmSync(packed.folder, { recursive: true, force: true });
    });

    /** Puts the address of this test in place of the document's. */
    function local(text: string): string {
        return text.replaceAll('8080', String(port)).replaceAll('localhost', '127.0.0.1');
    }

    function start(file: string): { child: ChildProcess; output: () => string } {
        const child = spawn(process.execPath, [file], { cwd: folder.path });
        children.push(child);
        let output = '';
        child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
        return { child, output: () => output };
    }

    test('installs the package, and gets restify 12', () => {
        const { text } = readme.takeOne('sh', 'Installation');
        const commands = text.replace('npm install pip-services3-prometheus-nodex', `npm install ${packed.tarball}`);
        expect(commands).not.toBe(text);

        expect(folder.run('sh', '-ec', commands)).toMatchObject({ status: 0 });
        expect(JSON.parse(readFileSync(join(folder.path, 'package.json'), 'utf8'))).toMatchObject(
            JSON.parse(readme.takeOne('json', 'Installation').text) as object
        );
        expect(folder.run('npm', 'ls', 'restify').output).toMatch(/restify@12\./);
    }, 180_000);

    test('starts the service, and sees a graph in Prometheus', async () => {
        folder.write('config/config.yml', local(readme.takeOne('yaml container', 'In a container').text));
        folder.write('main.js', readme.takeOne('js', 'In a container').text);
        const { child, output } = start('main.js');
        const curl = local(readme.takeOne('sh', 'In a container').text);
        const { stdout } = await eventually(async () => {
            const answer = await execute('sh', ['-ec', `${curl.trim()} --fail --silent`]);
            expect(answer.stdout).not.toBe('');
            return answer;
        });
        expect(stdout).toMatch(/^# TYPE exec_count gauge\nexec_count\{source="my-service",/);

        const [scrape] = readme.take('yaml prometheus', 'In Prometheus');
        const file = folder.write('prometheus.yml', local(scrape?.text ?? ''));
        const config = new YamlConfigReader(file).readObject('e2e', null as never) as { scrape_configs: object[] };
        const prometheus = await Prometheus.start(config.scrape_configs);
        try {
            await prometheus.untilUp('my-service');
            const graph = await eventually(async () => {
                const [series] = await queryRange(prometheus, readme.takeOne('promql', 'In Prometheus').text);
                expect(series?.values.length).toBeGreaterThanOrEqual(3);
                return series;
            });
            expect(Number(graph?.values.at(-1)?.[1])).toBeGreaterThan(0);
            expect(graph?.metric).toMatchObject({
                source: 'my-service',
                instance: hostname(),
                command: 'create_order',
            });
        } finally {
            await prometheus.stop();
        }
        child.kill('SIGINT');
        expect(await once(child, 'exit')).toEqual([0, null]);
        expect(output()).not.toMatch(/WARN|ERROR|Deprecat/);
    }, 120_000);

    test('stops the service by SIGTERM with the recipe', async () => {
        folder.write('stoppable.js', pushing.takeOne('js', 'The last push, and SIGTERM').text);
        const { child, output } = start('stoppable.js');
        await eventually(() => {
            expect(output()).toContain('Container my-service started.');
        });

        child.kill('SIGTERM');
        expect(await once(child, 'exit')).toEqual([0, null]);
        expect(output()).toContain('Container my-service stopped');
    }, 60_000);

    test('compiles the programs without skipLibCheck with the typings of restify', () => {
        const [, command = ''] = /`(npm install --save-dev @types.restify)`/.exec(readme.text) ?? [];
        expect(folder.run('sh', '-ec', `${command} @types/node@20 prom-client`)).toMatchObject({ status: 0 });
        const files = documents
            .snippets('ts')
            .map((snippet, index) => folder.write(`program${index}.ts`, snippet.text));
        const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node'];

        expect(folder.run(process.execPath, TSC, ...options, ...files)).toEqual({ status: 0, output: '' });
    }, 120_000);
});

interface Graph {
    readonly metric: Record<string, string>;
    readonly values: (readonly [time: number, value: string])[];
}

/** Asks as the page with the graphs does. */
async function queryRange(prometheus: Prometheus, query: string): Promise<Graph[]> {
    const now = Date.now() / 1000;
    const parameters = new URLSearchParams({ query, start: String(now - 60), end: String(now), step: '1' });
    const response = await fetch(`${prometheus.url}/api/v1/query_range?${parameters.toString()}`);
    const { data } = (await response.json()) as { data: { result: Graph[] } };
    return data.result;
}
