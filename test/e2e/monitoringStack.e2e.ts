/** `npm run monitor` as users meet it: what it prints, finds, shows in a browser, sends as alerts, and leaves behind. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import puppeteer, { Browser } from 'puppeteer-core';

import { Alertmanager } from '../fixtures/Alertmanager';
import { queriesOf, readDashboards } from '../fixtures/dashboards';
import { eventually } from '../fixtures/eventually';
import { findBinary } from '../fixtures/findBinary';
import { Folder } from '../fixtures/Folder';
import { MonitorProgram } from '../fixtures/MonitorProgram';
import { RULE_FILES, RULES } from '../fixtures/rules';

jest.setTimeout(120_000);

const dashboards = readDashboards();

let rules: Folder;
let alertmanager: Alertmanager;
let program: MonitorProgram;
let url: string;

beforeAll(async () => {
    rules = new Folder();
    // An alert waits for a second and not for minutes; nothing else is changed
    for (const file of RULE_FILES) {
        rules.write(file, readFileSync(join(RULES, file), 'utf8').replace(/for: '.+'/g, "for: '1s'"));
    }
    alertmanager = await Alertmanager.start();
    program = new MonitorProgram(['--rules', rules.path, '--alertmanager', alertmanager.address]);
    await program.untilPrinted(/Ctrl\+C ends all/);
    [url = ''] = await program.untilPrinted(/^Prometheus: (http:\/\/127\.0\.0\.1:\d+)$/m);
}, 120_000);

afterAll(async () => {
    await program.remove();
    await alertmanager.stop();
    rules.remove();
});

async function ask(query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const { data } = (await response.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result;
}

/** The replicas that Prometheus knows and that answer. */
async function replicasUp(): Promise<string[]> {
    return (await ask('up == 1')).map(({ metric }) => metric.replica ?? '').sort();
}

test('finds three replicas', async () => {
    await eventually(async () => {
        expect(await replicasUp()).toEqual(['busy', 'failing', 'steady']);
    });
});

test('each has its load, and one fails more', async () => {
    await eventually(async () => {
        const rates = new Map((await ask('sum by (replica) (rate(exec_total[30s]))')).map(read));
        const errors = new Map(
            (
                await ask('sum by (replica) (rate(exec_errors_total[30s])) / sum by (replica) (rate(exec_total[30s]))')
            ).map(read)
        );

        expect(rates.get('busy')).toBeGreaterThan(1.5 * (rates.get('steady') ?? NaN));
        expect(errors.get('failing')).toBeGreaterThan(2 * (errors.get('steady') ?? NaN));
    });

    function read({ metric, value }: { metric: Record<string, string>; value: [number, string] }): [string, number] {
        return [metric.replica ?? '', Number(value[1])];
    }
});

test.each(
    ['service-native', 'node-process'].flatMap((file) => {
        const dashboard = dashboards.get(file);
        return dashboard === undefined ? [] : queriesOf(dashboard, '20s').map((query) => ({ file, ...query }));
    })
)('the dashboard $file has data: $place', async ({ expression }) => {
    await eventually(async () => {
        expect((await ask(expression)).filter(({ value }) => Number.isFinite(Number(value[1])))).not.toEqual([]);
    });
});

describe('alerts arrive', () => {
    test('when a replica fails', async () => {
        const { labels, annotations } = await alertmanager.untilReceived({ alertname: 'CommandErrorRatioHigh' });

        expect(labels).toEqual(
            expect.objectContaining({ command: 'create_order', job: 'orders', service: 'orders', severity: 'critical' })
        );
        expect(annotations.summary).toMatch(/^create_order of orders fails in [\d.]+% of its calls$/);
        await alertmanager.untilReceived({ alertname: 'ErrorBudgetBurnsFast', service: 'orders' });
    });

    test('when a replica is killed, and when it is forgotten', async () => {
        program.type('+');
        await program.untilPrinted(/Added added-1, there are 4 replicas/);
        await eventually(async () => {
            expect(await replicasUp()).toContain('added-1');
        });
        const [target] = await ask('up{replica="added-1"}');
        const [pid] = await program.untilPrinted(/Replica added-1: .*\(process (\d+)/);
        process.kill(Number(pid), 'SIGKILL');
        const down = { alertname: 'TargetDown', instance: target?.metric.instance ?? '' };
        const { annotations } = await alertmanager.untilReceived(down);

        expect(annotations.runbook_url).toMatch(/alerts\.md#targetdown$/);
        program.type('-');
        await program.untilPrinted(/Removed added-1, there are 3 replicas/);
        await eventually(async () => {
            expect(await ask('up{replica="added-1"}')).toEqual([]);
        });
        await alertmanager.untilReceived(down, 'resolved');
        process.stdout.write(
            `\nAlerts: ${[...new Set(alertmanager.received.map(({ labels }) => labels.alertname))].join(', ')}\n`
        );
    });
});

describe('in a browser', () => {
    let browser: Browser;

    beforeAll(async () => {
        browser = await puppeteer.launch({
            executablePath: findBinary('chromium', 'chromium'),
            args: ['--no-sandbox', '--disable-gpu'],
        });
    }, 60_000);

    afterAll(() => browser.close());

    test('each link shows lines', async () => {
        const links = program.output.match(/http:\S+\/graph\?\S+/g) ?? [];
        expect(links).toHaveLength(4);

        const page = await browser.newPage();
        for (const link of links) {
            await page.goto(link);
            await page.waitForSelector('#graph0 svg path, #graph0 canvas');
            // Without what was drawn a path has no length, and the axes are none
            const lengths = await page.evaluate(
                '[...document.querySelectorAll("#graph0 svg path")].map((path) => path.getTotalLength())'
            );

            expect((lengths as number[]).filter((length) => length > 20).length).toBeGreaterThanOrEqual(3);
        }
    });

    test('the page of alerts shows which fire', async () => {
        const page = await browser.newPage();
        const [alerts = ''] = await program.untilPrinted(/Alerts: (http\S+)/);
        await page.goto(alerts);
        const text = await page.evaluate('document.body.innerText');

        expect(text).toMatch(/CommandErrorRatioHigh\s*\(\d active\)/);
    });
});

test('Ctrl+C ends all, and leaves nothing', async () => {
    expect(program.files()).not.toEqual([]);
    expect(await program.end('SIGINT')).toBe(0);
    expect(program.output).toMatch(/Stopping\.\.\.\nStopped\.\n$/);
    expect(program.isAlive()).toBe(false);
    expect(program.files()).toEqual([]);
    await expect(fetch(url)).rejects.toThrow();
});

test.each<[string, string, NodeJS.Signals]>([
    ['SIGTERM to all', '', 'SIGTERM'],
    ['Ctrl+C while a replica is added', '+', 'SIGINT'],
])('%s leaves nothing either', async (_, command, signal) => {
    const other = new MonitorProgram([]);
    await other.untilPrinted(/Ctrl\+C ends all/);
    other.type(command);
    await other.end(signal);

    expect(other.output).toMatch(/Stopped\.\n$/);
    expect(other.isAlive()).toBe(false);
    expect(other.files()).toEqual([]);
    await other.remove();
});

test('Ctrl+C during the start leaves nothing', async () => {
    const other = new MonitorProgram([]);
    await other.untilPrinted(/Starting three replicas/);
    await other.end('SIGINT');

    expect(other.isAlive()).toBe(false);
    expect(other.files()).toEqual([]);
    await other.remove();
});

test('without Prometheus it says what to install', async () => {
    const path = new Folder();
    // What npm itself needs
    for (const tool of ['node', 'npm', 'sh']) path.run('ln', '-s', findBinary(tool, tool), tool);
    const poor = new MonitorProgram([], { PATH: path.path });

    expect(await poor.untilEnded()).toBe(1);
    expect(poor.output).toContain('prometheus is missing, please install it: apt-get install -y prometheus');
    expect(poor.files()).toEqual([]);
    await poor.remove();
    path.remove();
});
