import { graph, stat } from './panels';
import { DashboardContent, matchers, Row, Variable } from './dashboard';

const VARIABLES: readonly Variable[] = ['job', 'instance'];
const WHERE = matchers(VARIABLES);

/** How metrics reach Prometheus; for both styles. */
export const PUSH_AND_EXPORTER: DashboardContent = {
    file: 'push-and-exporter',
    title: 'Push and exporter health',
    description: 'Whether all metrics arrive: scrapes, the bound of counters, resets, and pushes.',
    metric: 'up',
    variables: VARIABLES,
    rows: [scrapesRow(), countersRow(), pushesRow()],
};

function scrapesRow(): Row {
    return [
        'Scrapes',
        stat(
            { title: 'Targets', description: 'The targets that are known.', unit: 'none', span: 8 },
            `count(up{${WHERE}})`
        ),
        stat(
            { title: 'Targets that answer', description: 'The share of targets.', unit: 'percentunit', span: 8 },
            `avg(up{${WHERE}})`
        ),
        stat(
            { title: 'Samples', description: 'The samples of one round of scrapes.', unit: 'short', span: 8 },
            `sum(scrape_samples_scraped{${WHERE}})`
        ),
        graph({ title: 'Targets up', description: '1: the last scrape was answered; 0: it was not.', unit: 'none' }, [
            '{{job}} {{instance}}',
            `up{${WHERE}}`,
        ]),
        graph({ title: 'Time of a scrape', description: 'Until all of the answer was read.', unit: 's' }, [
            '{{job}} {{instance}}',
            `scrape_duration_seconds{${WHERE}}`,
        ]),
        graph(
            {
                title: 'Samples by target',
                description: 'A line that only rises: names of counters that never end.',
                unit: 'short',
            },
            ['{{job}} {{instance}}', `scrape_samples_scraped{${WHERE}}`]
        ),
        graph(
            {
                title: 'New series',
                description: 'Series that were not in the scrape before. Restarts and new replicas are peaks.',
                unit: 'short',
            },
            ['{{job}} {{instance}}', `scrape_series_added{${WHERE}}`]
        ),
    ];
}

function countersRow(): Row {
    const either = (one: string, other: string) => `sum by (job, instance) (${one} or ${other})`;
    const dropped = (metric: string) => `rate(${metric}{${WHERE}}[$__rate_interval])`;
    const resets = (metric: string) => `max by (job, instance) (resets(${metric}{${WHERE}}[10m]))`;
    return [
        'Counters',
        graph(
            {
                title: 'Measurements turned away',
                description: 'In a second, because of options.max_counters. No line: there were none.',
                unit: 'ops',
            },
            [
                '{{job}} {{instance}}',
                either(dropped('prometheus_counters_dropped_total'), dropped('prometheus_counters_dropped')),
            ]
        ),
        graph(
            {
                title: 'Resets and restarts',
                description:
                    'How often counters fell in 10 minutes. Without a restart: /metricsandreset or reset_timeout.',
                unit: 'short',
            },
            ['{{job}} {{instance}} resets', either(resets('exec_total'), resets('exec_count'))],
            ['{{job}} {{instance}} restarts', `changes(process_start_time_seconds{${WHERE}}[10m])`]
        ),
    ];
}

function pushesRow(): Row {
    const where = `{${WHERE}}`;
    return [
        'Pushes',
        graph(
            {
                title: 'Age of the last push',
                description: 'A saw for services that push at intervals, a ramp for those that ended.',
                unit: 's',
            },
            ['{{job}} {{instance}}', `time() - push_time_seconds${where}`]
        ),
        graph(
            {
                title: 'Refused pushes',
                description: '1: the Pushgateway refused the last push of a group; 0: it took it.',
                unit: 'none',
            },
            ['{{job}} {{instance}}', `push_failure_time_seconds${where} > bool push_time_seconds${where}`]
        ),
    ];
}
