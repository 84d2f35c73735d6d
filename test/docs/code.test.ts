/** The programs of the documents: type-checked, and run in this process as they stand, but for ports and hosts. */
import { Descriptor } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src';
import { Documents } from '../fixtures/Documents';
import { eventually } from '../fixtures/eventually';
import { FakeGateway } from '../fixtures/FakeGateway';
import { freePort } from '../fixtures/freePort';
import { typeCheck } from '../fixtures/typeCheck';
import { Workspace } from '../fixtures/Workspace';

const documents = new Documents();
const readme = documents.of('README.md');
const scraping = documents.of('docs/scraping.md');
const pushing = documents.of('docs/pushing.md');
const metrics = documents.of('docs/metrics.md');
const migration = documents.of('docs/migration.md');
const otherMetrics = documents.of('docs/other-metrics.md');

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

test('Scraping, Without a container: the program prints what the document shows, and stops on SIGTERM', async () => {
    workspace.run(local(scraping.takeOne('ts', 'Without a container').text));
    await scrape();
    const { text } = scraping.takeOne('text output', 'Without a container');
    await eventually(() => {
        // console.log() adds a line feed
        expect(workspace.output).toBe(`${text}\n`);
    });

    process.emit('SIGTERM');
    await eventually(async () => {
        await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
    });
});

const BATCH_JOB = pushing.takeOne('ts', 'Batch jobs').text;

describe('Pushing, Batch jobs', () => {
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

    test('a gateway that refuses the push is said on the console', async () => {
        gateway.answer = { status: 400, body: 'no such thing' };
        workspace.run(local(BATCH_JOB));

        await eventually(() => {
            expect(workspace.errors).toMatch(/Failed to push counters.*400/);
        });
    });
});

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

test.each(SIGNALS)('Pushing, The last push: on %s all is pushed before the process ends', async (signal) => {
    const [config] = pushing.take('yaml container', 'Set up');
    workspace.write('config/config.yml', local(config?.text ?? ''));
    workspace.run(pushing.takeOne('js', 'The last push, and SIGTERM').text);
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

test('Metrics, Counters that begin with 0: the series is there', () => {
    workspace.run(`
        const { PrometheusCounterConverter, PrometheusCounters } = require('pip-services3-prometheus-nodex');
        const counters = new PrometheusCounters();
        ${metrics.takeOne('js', 'Counters that begin with 0').text}
        console.log(PrometheusCounterConverter.toString(counters.getAll(), null, null));
    `);

    expect(workspace.output).toBe(
        '# TYPE exec_errors gauge\nexec_errors{service="orders",command="create_order"} 0\n\n'
    );
});

describe('Metrics, Unit tests', () => {
    const { text } = metrics.takeOne('ts', 'Unit tests of your component');

    test('the test passes', () => {
        expect(() => {
            workspace.run(text);
        }).not.toThrow();
    });

    test.each([
        ["incrementOne('orders.create_order.exec_count')", "incrementOne('orders.create.exec_count')"],
        ["stats('orders.price', price)", "stats('orders.price', price + 1)"],
        ["stats('orders.price', price)", "stats('orders.price', price); this._counters.last('more', 1)"],
        ['timing.endTiming()', 'if (price > 20) timing.endTiming()'],
    ])('it fails if %s becomes %s', (right, wrong) => {
        expect(text).toContain(right);
        expect(() => {
            workspace.run(text.replace(right, wrong));
        }).toThrow('Expected values to be strictly');
    });
});

test('Other metrics, Further registries: the program prints what the document shows', async () => {
    workspace.run(local(otherMetrics.takeOne('ts', 'Further registries').text));
    const { text } = otherMetrics.takeOne('text output', 'Further registries');
    await eventually(() => {
        // console.log() adds a line feed
        expect(workspace.output).toBe(`${text}\n`);
    });
});

test('Other metrics, A collector of your own: its metrics are exposed', async () => {
    workspace.run(`
        ${otherMetrics.takeOne('ts', 'A collector of your own').text}
        service.configure(require('pip-services3-commons-nodex').ConfigParams.fromValue({
            connection: { host: '127.0.0.1', port: ${port} }
        }));
        service.open(null);
        process.once('SIGTERM', () => service.close(null));
    `);

    expect(await scrape()).toBe(
        '# HELP pool_connections Connections of the pool\n# TYPE pool_connections gauge\n' +
            'pool_connections{state="used"} 3\npool_connections{state="free"} 7\n'
    );
});

test('the TypeScript programs compile under strict', () => {
    expect(typeCheck(documents.snippets('ts').map(({ text }) => text))).toEqual([]);
    expect(typeCheck(["import { Counters } from 'pip-services3-prometheus-nodex';\nexport { Counters };"])).toEqual([
        expect.stringContaining("no exported member 'Counters'"),
    ]);
});

test('no program and no output is left out', () => {
    expect(documents.left(['ts', 'js', 'text output'])).toEqual([]);
});
