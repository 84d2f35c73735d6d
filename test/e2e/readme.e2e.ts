/** The README as a newcomer reads it: with the packed package, npm, promtool and a real Prometheus. */
import { ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { YamlConfigReader } from 'pip-services3-components-nodex';

import { eventually } from '../fixtures/eventually';
import { findBinary } from '../fixtures/findBinary';
import { freePort } from '../fixtures/freePort';
import { Markdown, Snippet } from '../fixtures/Markdown';
import { pack, Packed } from '../fixtures/packed';
import { Prometheus } from '../fixtures/Prometheus';

const execute = promisify(execFile);
const TSC = join(__dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');
const readme = new Markdown('README.md');

/** A folder with files, in which programs run. */
class Folder {
    public readonly path = mkdtempSync(join(tmpdir(), 'newcomer-'));

    public write(file: string, text: string): string {
        const path = join(this.path, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        return path;
    }

    /** Runs a program to its end, and gives the status and all output. */
    public run(program: string, ...args: string[]): { status: number | null; output: string } {
        const env = { ...process.env, npm_config_audit: 'false', npm_config_fund: 'false' };
        const { status, stdout, stderr } = spawnSync(program, args, { cwd: this.path, encoding: 'utf8', env });
        return { status, output: stdout + stderr };
    }

    public remove(): void {
        rmSync(this.path, { recursive: true, force: true });
    }
}

describe('what Prometheus reads', () => {
    let folder: Folder;

    beforeEach(() => {
        folder = new Folder();
    });

    afterEach(() => {
        folder.remove();
    });

    function promtool(...args: string[]): string {
        const { status, output } = folder.run(findBinary('promtool', 'prometheus'), ...args);
        return status === 0 ? 'valid' : output;
    }

    test.each(readme.take('yaml prometheus'))('$place is valid', ({ text }: Snippet) => {
        for (const [, file = ''] of text.matchAll(/_file: '(.+)'/g)) folder.write(file, 'content');

        expect(promtool('check', 'config', folder.write('prometheus.yml', text))).toBe('valid');
        expect(promtool('check', 'config', folder.write('wrong.yml', text.replace('targets', 'target')))).toMatch(
            'field target not found'
        );
    });

    test('the alerts fire when they should', () => {
        folder.write('rules.yml', readme.takeOne('yaml rules', 'Alerts').text);
        const job = '{job="nightly-report"}';
        const day = 24 * 60 * 60;
        const tests = [
            {
                interval: '1h',
                input_series: [
                    { series: `push_time_seconds${job}`, values: '0x100' },
                    { series: `push_failure_time_seconds${job}`, values: `0x24 ${day}x70` },
                    { series: `nightly_report_success${job}`, values: '1x9 0x90' },
                ],
                alert_rule_test: [
                    alertAt('26h', 'NightlyReportIsLate', false),
                    alertAt('27h', 'NightlyReportIsLate', true),
                    alertAt('9h', 'NightlyReportFailed', false),
                    alertAt('10h', 'NightlyReportFailed', true),
                    alertAt('24h', 'PushIsRefused', false),
                    alertAt('25h', 'PushIsRefused', true),
                ],
            },
        ];

        expect(promtool('test', 'rules', folder.write('test.yml', ruleTest(tests, 'rules.yml')))).toBe('valid');
    });

    test('the average of the last five minutes is that of the last five minutes', () => {
        const [, average] = readme.take('promql', 'Scraping');
        // A call each 15 s, in the first five minutes of 10 ms, then of 30 ms
        const sums = Array.from({ length: 41 }, (_, count) => 10 * count + 20 * Math.max(count - 20, 0));
        const tests = [
            {
                interval: '15s',
                input_series: [
                    { series: 'exec_time_count{command="a"}', values: '0+1x40' },
                    {
                        series: 'exec_time_average{command="a"}',
                        values: sums.map((sum, count) => sum / Math.max(count, 1)).join(' '),
                    },
                ],
                promql_expr_test: [
                    {
                        expr: `round(${average?.text.trim() ?? ''}, 0.001)`,
                        eval_time: '10m',
                        exp_samples: [{ labels: '{command="a"}', value: 30 }],
                    },
                ],
            },
        ];

        expect(promtool('test', 'rules', folder.write('test.yml', ruleTest(tests)))).toBe('valid');
    });
});

function alertAt(time: string, alertname: string, fires: boolean): object {
    const alerts = fires ? [{ exp_labels: { job: 'nightly-report' } }] : [];
    return { eval_time: time, alertname, exp_alerts: alerts };
}

/** JSON is YAML too. */
function ruleTest(tests: object[], ...files: string[]): string {
    return JSON.stringify({ rule_files: files, evaluation_interval: '15s', tests });
}

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
        expect(folder.run('npm', 'init', '--yes').status).toBe(0);
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

        const [scrape] = readme.take('yaml prometheus', 'Scraping');
        const file = folder.write('prometheus.yml', local(scrape?.text ?? ''));
        const config = new YamlConfigReader(file).readObject('e2e', null as never) as { scrape_configs: object[] };
        const prometheus = await Prometheus.start(config.scrape_configs);
        try {
            await prometheus.untilUp('my-service');
            const graph = await eventually(async () => {
                const [series] = await queryRange(prometheus, readme.take('promql', 'Scraping')[0]?.text ?? '');
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
        folder.write('stoppable.js', readme.takeOne('js', 'The last push, and SIGTERM').text);
        const { child, output } = start('stoppable.js');
        await eventually(() => {
            expect(output()).toContain('Container my-service started.');
        });

        child.kill('SIGTERM');
        expect(await once(child, 'exit')).toEqual([0, null]);
        expect(output()).toContain('Container my-service stopped');
    }, 60_000);

    test('compiles the programs without skipLibCheck with the typings of restify', () => {
        const { text } = readme.takeOne('sh', 'TypeScript');
        expect(folder.run('sh', '-ec', `${text.trim()} @types/node@20`)).toMatchObject({ status: 0 });
        const files = readme.take('ts').map((snippet, index) => folder.write(`program${index}.ts`, snippet.text));
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
