import { graph, stat } from './panels';
import { classicTimings, compatibleTimings, nativeTimings, summaryTimings, Timings } from './timings';
import { DashboardContent, matchers, Row, Variable } from './dashboard';

const VARIABLES: readonly Variable[] = ['job', 'service', 'instance'];
const WHERE = matchers(VARIABLES);
/** Queues have no label `service`. */
const QUEUE_WHERE = matchers(['job', 'instance']);

/** An overview for one way in which services record. */
interface Recording {
    readonly file: string;
    readonly title: string;
    readonly description: string;
    /** The metric of a counter of the toolkit, such as exec_count. */
    readonly counter: (name: string) => string;
    readonly timings: Timings;
}

const idiomatic = (name: string) => `${name.replace(/_count$/, '')}_total`;

const RECORDINGS: readonly Recording[] = [
    {
        file: 'service-classic',
        title: 'Service overview (classic histograms)',
        description: 'For services with style: idiomatic and observer_type: histogram.',
        counter: idiomatic,
        timings: classicTimings(WHERE),
    },
    {
        file: 'service-native',
        title: 'Service overview (native histograms)',
        description: 'For services with style: idiomatic and a native_histogram_bucket_factor, scraped by protobuf.',
        counter: idiomatic,
        timings: nativeTimings(WHERE),
    },
    {
        file: 'service-summary',
        title: 'Service overview (summaries)',
        description: 'For services with style: idiomatic and observer_type: summary, which is the default.',
        counter: idiomatic,
        timings: summaryTimings(WHERE),
    },
    {
        file: 'service-compatible',
        title: 'Service overview (compatible style)',
        description: 'For services with the compatible style, which is the default.',
        counter: (name) => name,
        timings: compatibleTimings(WHERE),
    },
];

/** An overview for each way of recording. */
export const SERVICE_OVERVIEWS: readonly DashboardContent[] = RECORDINGS.map((recording) => ({
    ...recording,
    metric: recording.counter('exec_count'),
    variables: VARIABLES,
    rows: [nowRow, commandsRow, replicasRow, callsRow, queuesRow].map((row) => row(recording)),
}));

function rate(metric: string, by: string, where = WHERE): string {
    return `sum by (${by}) (rate(${metric}{${where}}[$__rate_interval]))`;
}

function nowRow({ counter, timings }: Recording): Row {
    const total = (name: string) => `sum(rate(${counter(name)}{${WHERE}}[$__rate_interval]))`;
    return [
        'Now',
        stat(
            { title: 'Calls', description: 'Commands executed in a second, over all that is chosen.', unit: 'ops' },
            total('exec_count')
        ),
        stat(
            { title: 'Errors', description: 'The share of commands that failed.', unit: 'percentunit' },
            `${total('exec_errors')} / ${total('exec_count')}`
        ),
        stat(
            {
                title: `Time (${timings.main.name})`,
                description: 'How long a command took, over all commands and replicas.',
                unit: timings.unit,
            },
            timings.main.of('exec_time', [])
        ),
        stat(
            { title: 'Replicas', description: 'The replicas that record commands.', unit: 'none' },
            `count(count by (job, instance) (${counter('exec_count')}{${WHERE}}))`
        ),
    ];
}

function commandsRow({ counter, timings }: Recording): Row {
    const by = 'service, command';
    const legend = '{{service}} {{command}}';
    const calls = counter('exec_count');
    const errors = counter('exec_errors');
    return [
        'Commands',
        graph({ title: 'Calls by service', description: 'Commands executed in a second.', unit: 'ops' }, [
            '{{service}}',
            rate(calls, 'service'),
        ]),
        graph({ title: 'Calls by command', description: 'Commands executed in a second.', unit: 'ops' }, [
            legend,
            rate(calls, by),
        ]),
        graph(
            {
                title: 'Errors by command',
                description: 'The share of calls that failed. A command that never failed may have no line.',
                unit: 'percentunit',
            },
            [legend, `${rate(errors, by)} / ${rate(calls, by)}`]
        ),
        graph(
            {
                title: 'Time of all commands',
                description: 'How long commands took, over all commands and replicas.',
                unit: timings.unit,
            },
            ...timings.all('exec_time')
        ),
        graph(
            {
                title: `Time by command (${timings.main.name})`,
                description: 'How long each command took, over all replicas.',
                unit: timings.unit,
                span: 24,
            },
            [legend, timings.main.of('exec_time', ['service', 'command'])]
        ),
    ];
}

function replicasRow({ counter, timings }: Recording): Row {
    const calls = counter('exec_count');
    return [
        'Replicas',
        graph(
            {
                title: 'Calls by instance',
                description: 'Commands executed in a second by each replica. Lines far apart: the load is uneven.',
                unit: 'ops',
                span: 8,
            },
            ['{{instance}}', rate(calls, 'instance')]
        ),
        graph(
            {
                title: 'Errors by instance',
                description: 'The share of calls that failed in each replica.',
                unit: 'percentunit',
                span: 8,
            },
            ['{{instance}}', `${rate(counter('exec_errors'), 'instance')} / ${rate(calls, 'instance')}`]
        ),
        graph(
            {
                title: `Time by instance (${timings.main.name})`,
                description: 'How long commands took in each replica.',
                unit: timings.unit,
                span: 8,
            },
            ['{{instance}}', timings.main.of('exec_time', ['instance'])]
        ),
    ];
}

function callsRow({ counter, timings }: Recording): Row {
    const calls = rate(counter('call_count'), 'service, target');
    const legend = '{{service}} to {{target}}';
    return [
        'Calls to other services',
        graph({ title: 'Calls by target', description: 'Calls to other services in a second.', unit: 'ops', span: 8 }, [
            legend,
            calls,
        ]),
        graph(
            {
                title: 'Errors by target',
                description: 'The share of calls to other services that failed.',
                unit: 'percentunit',
                span: 8,
            },
            [legend, `${rate(counter('call_errors'), 'service, target')} / ${calls}`]
        ),
        graph(
            {
                title: `Time by target (${timings.main.name})`,
                description: 'How long calls to other services took.',
                unit: timings.unit,
                span: 8,
            },
            [legend, timings.main.of('call_time', ['service', 'target'])]
        ),
    ];
}

function queuesRow({ counter }: Recording): Row {
    const messages = (kind: string) => rate(counter(`queue_${kind}_messages`), 'queue', QUEUE_WHERE);
    return [
        'Queues',
        graph(
            { title: 'Messages by queue', description: 'Messages in a second.', unit: 'mps', span: 8 },
            ['{{queue}} sent', messages('sent')],
            ['{{queue}} received', messages('received')]
        ),
        graph(
            {
                title: 'Messages that wait',
                description:
                    'By how many messages a queue grew in 30 minutes. Choose all jobs: senders and receivers differ.',
                unit: 'short',
                span: 8,
                signed: true,
            },
            ['{{queue}}', waiting(counter)]
        ),
        graph(
            {
                title: 'Dead messages',
                description: 'Messages moved to the dead letter queue, in a second.',
                unit: 'mps',
                span: 8,
            },
            ['{{queue}}', messages('dead')]
        ),
    ];
}

function waiting(counter: (name: string) => string): string {
    const increase = (kind: string) =>
        `sum by (queue) (increase(${counter(`queue_${kind}_messages`)}{${QUEUE_WHERE}}[30m]))`;
    return `${increase('sent')} - ${increase('received')}`;
}
