import { Demo } from '../fixtures/Demo';
import { freePort } from '../fixtures/freePort';
import { HOSTILE_TEXTS } from '../fixtures/fixtureSets';
import { naiveExposition } from '../fixtures/naiveExposition';
import { parseExposition, seriesId } from '../fixtures/parseExposition';
import { Prometheus } from '../fixtures/Prometheus';
import { TestContainer } from '../fixtures/TestContainer';

jest.setTimeout(120_000);

/** The labels that Prometheus gives to every series of a target, and the names of its own series. */
const OWN_LABELS = ['__name__', 'job'];
const OWN_SERIES = /^(up|scrape_.*)$/;

const cleanups: (() => Promise<void>)[] = [];
let prometheus: Prometheus;
let demoUrl: string;
let hostile: TestContainer;

/** All series of a text, with their values. */
function seriesOf(text: string): Map<string, number> {
    const series = parseExposition(text).flatMap(({ name, samples }) =>
        samples.map(({ labels, value }) => [seriesId(name, labels), value] as const)
    );
    return new Map(series);
}

/** All series of a job that Prometheus holds, with their values. */
async function storedSeries(job: string): Promise<Map<string, number>> {
    const series = new Map<string, number>();
    for (const { metric, value } of await prometheus.query(`{job="${job}"}`)) {
        const name = metric.__name__ ?? '';
        if (OWN_SERIES.test(name)) continue;
        const labels = Object.entries(metric).filter(([label]) => !OWN_LABELS.includes(label));
        series.set(seriesId(name, labels), Number(value.replace('Inf', 'Infinity')));
    }
    return series;
}

/** Records what names and values can be like at their worst. */
function recordHostile({ counters }: TestContainer): void {
    HOSTILE_TEXTS.forEach((text, index) => {
        counters.last(text, index / 7);
        counters.increment(`${text}.${text}.exec_count`, index + 1);
        counters.increment(`${text}.a.${text}.call_errors`, index + 1);
        counters.increment(`${text}.${text}.sent_messages`, index + 1);
        counters.stats(`stats.${text}`, -index / 3);
        counters.stats(`stats.${text}`, 1e21 + index);
        counters.endTiming(`a.${text}.exec_time`, 1e-7 * index);
    });
    [0, -0, 0.1 + 0.2, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, NaN, Infinity, -Infinity].forEach(
        (value, index) => counters.last(`value.${index}`, value)
    );
}

beforeAll(async () => {
    hostile = await TestContainer.open();
    cleanups.push(() => hostile.close('test'));
    recordHostile(hostile);
    // One round of work: the values stay as they are
    const demo = Demo.start(['npm', 'start'], { HTTP_PORT: String(await freePort()), DEMO_INTERVAL: '600000' });
    cleanups.push(() => demo.kill());
    demoUrl = await demo.untilOpen();
    const job = (name: string, url: string) => ({
        job_name: name,
        honor_labels: true,
        static_configs: [{ targets: [new URL(url).host.replace('localhost', '127.0.0.1')] }],
    });
    prometheus = await Prometheus.start([job('demo', demoUrl), job('hostile', hostile.url)]);
    cleanups.push(() => prometheus.stop());
});

afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
});

test('Prometheus scrapes the demo, and holds what it recorded', async () => {
    const target = await prometheus.untilUp('demo');
    expect(target.lastError).toBe('');
    const recorded = seriesOf(await (await fetch(demoUrl)).text());
    // Six of each of three commands and of a call, three of a queue, four of a statistic, and a last value
    expect(recorded.size).toBe(32);
    expect(await storedSeries('demo')).toEqual(recorded);

    const [sample] = await prometheus.query(
        'exec_count{source="orders-demo",service="orders",command="export_orders"}'
    );
    expect(sample?.value).toBe('1');
});

test('Prometheus scrapes a service with hostile names and values, and holds what it recorded', async () => {
    const target = await prometheus.untilUp('hostile');
    expect(target.lastError).toBe('');
    const recorded = seriesOf(naiveExposition(hostile.counters.getAll(), 'yaml-service', 'host-1'));
    expect(recorded.size).toBeGreaterThan(150);
    expect(await storedSeries('hostile')).toEqual(recorded);

    const samples = await prometheus.query('exec_count{command="quote \\" quote"}');
    expect(samples).toEqual([
        {
            metric: {
                __name__: 'exec_count',
                job: 'hostile',
                source: 'yaml-service',
                instance: 'host-1',
                service: 'quote " quote',
                command: 'quote " quote',
            },
            value: '3',
        },
    ]);
    expect(
        await prometheus.query('scrape_samples_post_metric_relabeling{job="hostile"} - scrape_samples_scraped')
    ).toEqual([expect.objectContaining({ value: '0' })]);
});
