/**
 * The dashboards and rules of monitoring/ in a real Prometheus that scrapes three replicas for each way of recording,
 * against what was recorded; and the same queries in a VictoriaMetrics that Prometheus writes to.
 */
import { join } from 'node:path';

import { ConfigParams, References } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src';
import { queriesOf, readDashboards } from '../fixtures/dashboards';
import { Documents } from '../fixtures/Documents';
import { eventually } from '../fixtures/eventually';
import { Fleet, RECORDINGS, TIMES } from '../fixtures/Fleet';
import { printTable } from '../fixtures/printTable';
import { Prometheus } from '../fixtures/Prometheus';
import { Pushgateway } from '../fixtures/Pushgateway';
import { readRules, RULE_FILES, RULES } from '../fixtures/rules';
import { VictoriaMetrics } from '../fixtures/VictoriaMetrics';

jest.setTimeout(120_000);

/** In which there are several scrapes, and no start. */
const RANGE = '20s';
const WARM_UP = 30_000;
const WORK_INTERVAL = 100;

const dashboards = readDashboards();
const names = Object.keys(RECORDINGS);
const IDIOMATIC = names.filter((name) => name !== 'compatible');

let fleets: Fleet[] = [];
let timer: NodeJS.Timeout;
let gateway: Pushgateway;
let prometheus: Prometheus;
let victoria: VictoriaMetrics;

beforeAll(async () => {
    fleets = await Promise.all(names.map((name) => Fleet.start(name)));
    fleets.forEach((fleet) => fleet.work());
    gateway = await Pushgateway.start();
    await push();
    victoria = await VictoriaMetrics.start(fleets.map((fleet) => job(`direct-${fleet.name}`, fleet.addresses)));
    prometheus = await Prometheus.start(
        [...fleets.map(({ name, addresses }) => job(name, addresses)), job('pushgateway', [new URL(gateway.uri).host])],
        {
            flags: ['--enable-feature=native-histograms'],
            config: {
                global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
                rule_files: RULE_FILES.map((file) => join(RULES, file)),
                remote_write: [{ url: `${victoria.url}/api/v1/write`, queue_config: { batch_send_deadline: '1s' } }],
            },
        }
    );
    await eventually(async () => {
        const targets = await prometheus.targets();
        expect(targets.filter(({ health }) => health !== 'up')).toEqual([]);
        expect(targets).toHaveLength(3 * names.length + 1);
    });
    const begin = Date.now();
    timer = setInterval(() => fleets.forEach((fleet) => fleet.work()), WORK_INTERVAL);
    await eventually(() => expect(Date.now() - begin).toBeGreaterThan(WARM_UP), 2 * WARM_UP);
}, 120_000);

afterAll(async () => {
    clearInterval(timer);
    await Promise.all([prometheus.stop(), gateway.stop(), ...fleets.map((fleet) => fleet.close())]);
    await victoria.stop();
});

function job(name: string, targets: readonly string[]): object {
    return { job_name: name, honor_labels: true, static_configs: [{ targets }] };
}

async function push(): Promise<void> {
    const counters = new PrometheusCounters();
    counters.configure(ConfigParams.fromTuples('connection.uri', gateway.uri, 'source', 'night', 'instance', 'a'));
    counters.setReferences(new References());
    await counters.open('test');
    counters.increment('reports.written');
    await counters.close('test');
}

/** The numbers that a query gives. */
async function ask(query: string): Promise<number[]> {
    return (await prometheus.query(query)).map(({ value }) => Number(value));
}

describe.each([...dashboards])('the dashboard %s', (file, dashboard) => {
    const job = file.startsWith('service-') ? file.replace('service-', '') : '.*';

    test.each(queriesOf(dashboard, RANGE, job))('$place', async ({ expression }) => {
        const values = await ask(expression);

        expect(values.filter(Number.isFinite)).not.toEqual([]);
    });
});

describe('the rules', () => {
    test('are all evaluated without an error', async () => {
        const response = await fetch(`${prometheus.url}/api/v1/rules`);
        const { data } = (await response.json()) as {
            data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
        };
        const rules = data.groups.flatMap((group) => group.rules);

        expect(rules).toHaveLength(RULE_FILES.flatMap(readRules).length);
        expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    });

    const records = (file: string) => readRules(file).map(({ record = '' }) => record);
    const cases = [
        ...IDIOMATIC.flatMap((name) => records('recording-idiomatic.yml').map((record) => [record, name] as const)),
        ...records('recording-compatible.yml').map((record) => [record, 'compatible'] as const),
        ...names.flatMap((name) => records('recording-slo.yml').map((record) => [record, name] as const)),
    ].filter(([record, name]) => name !== 'summary' || !/:p\d+_/.test(record));

    test.each(cases)('%s has data of %s', async (record, name) => {
        const label = record.startsWith('queue:') ? 'queue' : 'job';
        const values = await ask(`${record}{${label}="${name}"}`);

        expect(values.filter(Number.isFinite)).not.toEqual([]);
    });
});

describe('over three replicas', () => {
    const times = TIMES.flat().sort((one, other) => one - other);
    const truth = (quantile: number) => (times[Math.ceil(quantile * times.length) - 1] ?? NaN) / 1000;
    const BUCKETS = [0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    async function recorded(name: string, measure: string): Promise<number> {
        const [value = NaN] = await ask(`job_service_command:${measure}{job="${name}", command="create_order"}`);
        return value;
    }

    test.each([
        [0.5, 'p50'],
        [0.95, 'p95'],
        [0.99, 'p99'],
    ])('the quantile %d is the one that was recorded', async (quantile, name) => {
        const classic = await recorded('classic', `exec_time_seconds:${name}_rate5m`);
        const native = await recorded('native', `exec_time_seconds:${name}_rate5m`);
        printTable(
            ['quantile', 'recorded', 'native', 'classic'],
            [[name, ...[truth(quantile), native, classic].map((value) => value.toFixed(4))]]
        );

        // A bucket of a native histogram is 2^(1/8) wide; the replicas are scraped one after the other
        expect(Math.abs(Math.log2(native / truth(quantile)))).toBeLessThan(1 / 8 + 0.02);
        const bucket = BUCKETS.findLastIndex((bound) => bound < truth(quantile));
        expect(classic).toBeGreaterThanOrEqual((BUCKETS[bucket] ?? NaN) * 0.98);
        expect(classic).toBeLessThanOrEqual((BUCKETS[bucket + 1] ?? NaN) * 1.02);
    });

    test.each(names)('the mean of %s is the one that was recorded', async (name) => {
        const mean = times.reduce((sum, time) => sum + time, 0) / times.length / 1000;
        const value = await recorded(name, 'exec_time_seconds:mean_rate5m');

        expect(value / mean).toBeGreaterThan(0.95);
        expect(value / mean).toBeLessThan(1.05);
    });

    test.each(names)('the share of errors of %s is the one that was recorded', async (name) => {
        const value = await recorded(name, 'exec_errors:ratio_rate5m');

        expect(value / ((0 + 1 + 2) / times.length)).toBeGreaterThan(0.95);
        expect(value / ((0 + 1 + 2) / times.length)).toBeLessThan(1.05);
    });
});

describe('the guides', () => {
    const documents = new Documents();

    test.each(documents.snippets('promql scaling'))('$place has data', async ({ text }) => {
        const values = await ask(text.replaceAll('my-service', 'classic'));

        expect(values.filter(Number.isFinite)).not.toEqual([]);
    });

    test('name the series of a command in each style', async () => {
        const rows = documents.of('docs/scaling.md').table('series');
        const styles = ['compatible', 'summary', 'classic', 'native'];
        const stored = await Promise.all(
            styles.map((name) =>
                ask(`max(count by (instance) ({job="${name}", command="create_order", __name__=~"exec_.+"}))`)
            )
        );

        expect(stored.flat()).toEqual(rows.map(([, , , total]) => Number(total)));
    });

    test('name the series of a process', async () => {
        const guide = documents.of('docs/scaling.md').text;
        const [, fewest, most] = /Process metrics add (\d+) to (\d+) series/.exec(guide) ?? [];
        const [stored = NaN] = await ask('count by (instance) ({job="classic", __name__=~"(process|nodejs)_.+"})');

        expect(stored).toBeGreaterThanOrEqual(Number(fewest));
        expect(stored).toBeLessThanOrEqual(Number(most));
    });
});

describe('VictoriaMetrics', () => {
    /** What both servers answer at one time, as sorted lines. */
    async function askAt(url: string, query: string, time: number): Promise<string[]> {
        const parameters = new URLSearchParams({ query, time: String(time) });
        const response = await fetch(`${url}/api/v1/query?${parameters.toString()}`);
        const { data } = (await response.json()) as {
            data: { result: { metric: Record<string, string>; value: [number, string] }[] };
        };
        const lines = data.result.map(({ metric, value: [, value] }) => {
            const labels = Object.entries(metric).sort(([one], [other]) => (one < other ? -1 : 1));
            return `${JSON.stringify(labels)} ${Number(Number(value).toPrecision(9))}`;
        });
        return lines.sort();
    }

    test.each([
        'sum by (job, service, command) (exec_total)',
        'sum by (service, command) (exec_count{job="compatible"})',
        'job_service_command:exec:rate5m',
        'job_service_command:exec_errors:rate5m / job_service_command:exec:rate5m',
        'job_service_command:exec_time_seconds:p95_rate5m',
        'histogram_quantile(0.95, sum by (command, le) (exec_time_seconds_bucket{job="classic"}))',
        'sum by (job) (nodejs_version_info)',
    ])('answers %s with the same numbers as Prometheus, which writes to it', async (query) => {
        const time = Math.floor(Date.now() / 1000) - 2;
        await eventually(async () => {
            const ours = await askAt(prometheus.url, query, time);
            const theirs = await askAt(
                victoria.url,
                query.replaceAll(/\b(exec_total|nodejs_version_info)/g, '$1{job!~"direct-.*"}'),
                time
            );

            expect(ours).not.toEqual([]);
            expect(theirs).toEqual(ours);
        });
    });

    test.each(names)('scrapes %s itself', async (name) => {
        const time = Date.now() / 1000;
        const metric = name === 'compatible' ? 'exec_count' : 'exec_total';

        expect(await askAt(victoria.url, `sum(up{job="direct-${name}"})`, time)).toEqual(['[] 3']);
        expect(await askAt(victoria.url, `count(${metric}{job="direct-${name}"})`, time)).toEqual(['[] 3']);
    });

    test('reads the classic buckets of a native histogram', async () => {
        const count = 'count(exec_time_seconds_bucket{job="direct-native"})';

        expect(await askAt(victoria.url, count, Date.now() / 1000)).toEqual([`[] ${3 * 12}`]);
    });
});

test('the alert CountersReset finds the replica whose counters were reset, and no other', async () => {
    const { expr = '' } = readRules('alerts.yml').find(({ alert }) => alert === 'CountersReset') ?? {};
    expect(await prometheus.query(expr)).toEqual([]);

    const [, instance = ''] = fleets.find(({ name }) => name === 'summary')?.addresses ?? [];
    await (await fetch(`http://${instance}/metricsandreset`)).text();
    await eventually(async () => {
        const found = await prometheus.query(expr);

        expect(found.map(({ metric }) => metric)).toEqual([expect.objectContaining({ job: 'summary', instance })]);
    });
});
