/** The programs of the documents: type-checked, and run in this process as they stand, but for ports and hosts. */
import { Descriptor } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src';
import { eventually } from '../fixtures/eventually';
import { FakeGateway } from '../fixtures/FakeGateway';
import { freePort } from '../fixtures/freePort';
import { Markdown } from '../fixtures/Markdown';
import { typeCheck } from '../fixtures/typeCheck';
import { Workspace } from '../fixtures/Workspace';

const readme = new Markdown('README.md');
const migration = new Markdown('docs/migration.md');

jest.setTimeout(60_000);

let workspace: Workspace;
let gateway: FakeGateway;
let port: number;

beforeEach(async () => {
    workspace = new Workspace();
    gateway = await FakeGateway.start();
    port = await freePort();
});

afterEach(async () => {
    await workspace.remove();
    await gateway.stop();
});

/** Puts the test's own addresses in place of those of the documents. */
function local(text: string): string {
    return text
        .replace(/\b(8080|9091)\b/g, (number) => String(number === '8080' ? port : gateway.port))
        .replaceAll('0.0.0.0', '127.0.0.1')
        .replaceAll('localhost', '127.0.0.1')
        .replaceAll('pushgateway', '127.0.0.1');
}

/** Waits until the counters of this process are served, and gives them. */
function scrape(): Promise<string> {
    return eventually(async () => {
        const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        if (text === '') throw new Error('Nothing is recorded yet');
        return text;
    });
}

test('README, In a container: the program records, and is scraped', async () => {
    workspace.write('config/config.yml', local(readme.takeOne('yaml container', 'In a container').text));
    workspace.run(readme.takeOne('js', 'In a container').text);

    expect(await scrape()).toMatch(
        /^# TYPE exec_count gauge\nexec_count\{source="my-service",instance=".+",service="orders",command="create_order"\} \d+\n$/
    );
    expect(workspace.errors).toBe('');
});

test('README, In code: the program prints what the document shows, and stops on SIGTERM', async () => {
    workspace.run(local(readme.takeOne('ts', 'In code').text));
    await scrape();
    const { text } = readme.takeOne('text output', 'In code');
    await eventually(() => {
        // console.log() adds a line feed
        expect(workspace.output).toBe(`${text}\n`);
    });

    process.emit('SIGTERM');
    await eventually(async () => {
        await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
    });
});

const BATCH_JOB = readme.takeOne('ts', 'Batch jobs').text;

describe('README, Batch jobs', () => {
    test('one push at the end, to a group of the job alone', async () => {
        workspace.run(local(BATCH_JOB));

        const { method, path, body } = await gateway.nextRequest();
        expect([method, path]).toEqual(['PUT', '/metrics/job/nightly-report']);
        expect(body).toContain('\nnightly_report_success 1\n');
        expect(body).toContain('\nnightly_report_rows 1250\n');
        expect(body).toMatch(/\nnightly_report_time_max \d/);
        expect(gateway.requests).toHaveLength(1);
    });

    test('a failure is pushed too', async () => {
        const failing = BATCH_JOB.replace('return Promise.resolve(1250);', "throw new Error('No data');");
        const reported = new Promise((resolve) => process.once('unhandledRejection', resolve));
        workspace.run(
            local(failing).replace('void main()', "main().catch((e) => process.emit('unhandledRejection', e))")
        );

        expect((await gateway.nextRequest()).body).toContain('\nnightly_report_success 0\n');
        expect(await reported).toEqual(new Error('No data'));
    });
});

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

test.each(SIGNALS)('README, The last push: on %s all is pushed before the process ends', async (signal) => {
    const [config] = readme.take('yaml container', 'Pushing');
    workspace.write('config/config.yml', local(config?.text ?? ''));
    workspace.run(readme.takeOne('js', 'The last push, and SIGTERM').text);
    const counters = await eventually(() => {
        const descriptor = new Descriptor('*', 'counters', 'prometheus', '*', '1.0');
        const found = workspace.references?.getOneRequired<PrometheusCounters>(descriptor);
        expect(found?.isOpen()).toBe(true);
        return found;
    });
    counters?.increment('orders', 2);

    process.emit(signal);
    await eventually(() => {
        expect(workspace.exitCode).toBe(0);
    });
    expect(gateway.requests.map(({ body }) => body)).toEqual(['# TYPE orders gauge\norders 2\n']);
});

test('Migration, Node 24 and later: the program prints what the document shows', () => {
    workspace.run(migration.takeOne('js', 'Node 24 and later').text);

    expect(workspace.output).toBe(`${migration.takeOne('text output', 'Node 24 and later').text}\n`);
});

test('the TypeScript programs compile under strict', () => {
    expect(typeCheck(readme.take('ts').map(({ text }) => text))).toEqual([]);
    expect(typeCheck(["import { Counters } from 'pip-services3-prometheus-nodex';\nexport { Counters };"])).toEqual([
        expect.stringContaining("no exported member 'Counters'"),
    ]);
});

test('no program and no output is left out', () => {
    const left = [...readme.left(), ...migration.left()].filter(({ kind }) => /^(ts|js|text)\b/.test(kind));

    expect(left).toEqual([]);
});
