import { graph, stack, stat } from './panels';
import { DashboardContent, matchers, Row, Variable } from './dashboard';

const VARIABLES: readonly Variable[] = ['job', 'instance'];
const WHERE = matchers(VARIABLES);

/** What prom-client tells of a process. */
export const NODE_PROCESS: DashboardContent = {
    file: 'node-process',
    title: 'Node process',
    description: 'For services with options.process_metrics: true at the metrics service.',
    metric: 'nodejs_version_info',
    variables: VARIABLES,
    rows: [processRow(), memoryRow(), eventLoopRow()],
};

function processRow(): Row {
    const cpu = (kind: string) => `rate(process_cpu_${kind}seconds_total{${WHERE}}[$__rate_interval])`;
    return [
        'Process',
        stat(
            { title: 'Processes', description: 'The processes that answer.', unit: 'none' },
            `count(nodejs_version_info{${WHERE}})`
        ),
        stat(
            { title: 'Youngest process', description: 'The time since the last start.', unit: 's' },
            `min(time() - process_start_time_seconds{${WHERE}})`
        ),
        stat(
            { title: 'Memory', description: 'The resident memory of all processes.', unit: 'bytes' },
            `sum(process_resident_memory_bytes{${WHERE}})`
        ),
        stat(
            { title: 'Versions of Node', description: 'How many versions of Node run.', unit: 'none' },
            `count(count by (version) (nodejs_version_info{${WHERE}}))`
        ),
        graph(
            {
                title: 'CPU',
                description: 'The share of one core. JavaScript runs on one, garbage collection on others.',
                unit: 'percentunit',
            },
            ['{{instance}}', cpu('')]
        ),
        graph(
            {
                title: 'CPU in user and system mode',
                description: 'Much time in system mode: many small reads and writes.',
                unit: 'percentunit',
            },
            ['{{instance}} user', cpu('user_')],
            ['{{instance}} system', cpu('system_')]
        ),
        graph(
            {
                title: 'Open file descriptors',
                description: 'Files and connections. A line that only rises: they are not closed.',
                unit: 'short',
            },
            ['{{instance}}', `process_open_fds{${WHERE}}`],
            ['{{instance}} allowed', `process_max_fds{${WHERE}}`]
        ),
        graph(
            {
                title: 'Active resources',
                description: 'What keeps the process alive: timers, connections, requests.',
                unit: 'short',
            },
            ['{{instance}} {{type}}', `nodejs_active_resources{${WHERE}}`]
        ),
    ];
}

function memoryRow(): Row {
    return [
        'Memory',
        graph({ title: 'Resident memory', description: 'The memory that the system counts.', unit: 'bytes' }, [
            '{{instance}}',
            `process_resident_memory_bytes{${WHERE}}`,
        ]),
        graph(
            {
                title: 'Heap',
                description: 'The memory of JavaScript. Lows that rise from one collection to the next: a leak.',
                unit: 'bytes',
            },
            ['{{instance}} used', `nodejs_heap_size_used_bytes{${WHERE}}`],
            ['{{instance}} reserved', `nodejs_heap_size_total_bytes{${WHERE}}`],
            ['{{instance}} buffers', `nodejs_external_memory_bytes{${WHERE}}`]
        ),
        stack(
            {
                title: 'Heap by space',
                description: 'Where objects live, over all processes that are chosen.',
                unit: 'bytes',
                span: 24,
            },
            ['{{space}}', `sum by (space) (nodejs_heap_space_size_used_bytes{${WHERE}})`]
        ),
    ];
}

function eventLoopRow(): Row {
    const gc = (line: string) =>
        `sum by (instance, kind) (rate(nodejs_gc_duration_seconds_${line}{${WHERE}}[$__rate_interval]))`;
    return [
        'Event loop and garbage collection',
        graph(
            {
                title: 'Event loop lag',
                description: 'By how much timers were late between two scrapes. A resolution of 10 ms is in it.',
                unit: 's',
                span: 24,
            },
            ['{{instance}} p50', `nodejs_eventloop_lag_p50_seconds{${WHERE}}`],
            ['{{instance}} p99', `nodejs_eventloop_lag_p99_seconds{${WHERE}}`],
            ['{{instance}} maximum', `nodejs_eventloop_lag_max_seconds{${WHERE}}`]
        ),
        graph({ title: 'Time of garbage collection', description: 'The share of time.', unit: 'percentunit' }, [
            '{{instance}} {{kind}}',
            gc('sum'),
        ]),
        graph({ title: 'Garbage collections', description: 'How many there were in a second.', unit: 'ops' }, [
            '{{instance}} {{kind}}',
            gc('count'),
        ]),
    ];
}
