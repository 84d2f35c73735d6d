import { CounterType } from 'pip-services3-components-nodex';

import { TYPE_AFFIXES, parseIdiomaticName, withAffix, withTotal } from '../../src/exposition/idiomaticNames';

const { Increment, Interval, LastValue, Statistics, Timestamp } = CounterType;

type Row = [name: string, type: CounterType, metric: string, labels: Record<string, string>, help: string | null];

const EXECUTED = 'Commands that were executed';
const CALLED = 'Calls to other services';

const SERVED_COMMANDS: Row[] = [
    ['beacons.get.exec_count', Increment, 'exec_count', { command: 'get', service: 'beacons' }, EXECUTED],
    [
        'beacons.get.exec_errors',
        Increment,
        'exec_errors',
        { command: 'get', service: 'beacons' },
        'Commands that failed',
    ],
    ['beacons.get.exec_time', Interval, 'exec_time', { command: 'get', service: 'beacons' }, 'Time that commands took'],
    // All before the command is the service
    ['v1.0.beacons.get.exec_count', Increment, 'exec_count', { command: 'get', service: 'v1.0.beacons' }, EXECUTED],
    ['v1/beacons.get.exec_count', Increment, 'exec_count', { command: 'get', service: 'v1/beacons' }, EXECUTED],
    ['get.exec_count', Increment, 'exec_count', { command: 'get' }, EXECUTED],
    ['My Service.GET /x.exec_count', Increment, 'exec_count', { command: 'GET /x', service: 'My Service' }, EXECUTED],
    // Empty segments are no labels
    ['..exec_count', Increment, 'exec_count', {}, EXECUTED],
    ['a..exec_count', Increment, 'exec_count', { service: 'a' }, EXECUTED],
    ['...exec_count', Increment, 'exec_count', { service: '.' }, EXECUTED],
    // An increment of a time is a count
    ['beacons.get.exec_time', Increment, 'exec_count', { command: 'get', service: 'beacons' }, EXECUTED],
    // Other kinds have the metric too
    ['a.b.exec_time', LastValue, 'exec_time', { command: 'b', service: 'a' }, 'Time that commands took'],
    ['a.b.exec_count', Statistics, 'exec_count', { command: 'b', service: 'a' }, EXECUTED],
];

const CALLS: Row[] = [
    ['beacons.get.call_count', Increment, 'call_count', { command: 'get', service: 'beacons' }, CALLED],
    [
        'shop.beacons.get.call_count',
        Increment,
        'call_count',
        { command: 'get', service: 'beacons', target: 'shop' },
        CALLED,
    ],
    ['a.b.c.d.call_count', Increment, 'call_count', { command: 'd', service: 'c', target: 'a.b' }, CALLED],
    ['get.call_count', Increment, 'call_count', { command: 'get' }, CALLED],
    ['a.b.call_errors', Increment, 'call_errors', { command: 'b', service: 'a' }, `${CALLED} that failed`],
    ['a.b.call_time', Interval, 'call_time', { command: 'b', service: 'a' }, 'Time that calls to other services took'],
    ['a.b.call_time', Increment, 'call_count', { command: 'b', service: 'a' }, CALLED],
    ['...call_count', Increment, 'call_count', {}, CALLED],
];

const QUEUES: Row[] = [
    ['queue.orders.sent_messages', Increment, 'queue_sent_messages', { queue: 'orders' }, 'Messages that were sent'],
    [
        'queue.a.b.received_messages',
        Increment,
        'queue_received_messages',
        { queue: 'a.b' },
        'Messages that were received',
    ],
    [
        'My:Queue.Orders.dead_messages',
        Increment,
        'my_queue_dead_messages',
        { queue: 'Orders' },
        'Messages that were moved to the dead letter queue',
    ],
    ['1st.orders.sent_messages', Increment, '_1st_sent_messages', { queue: 'orders' }, 'Messages that were sent'],
    ['queue..sent_messages', Increment, 'queue_sent_messages', {}, 'Messages that were sent'],
];

const OTHERS: Row[] = [
    ['memory.used', LastValue, 'memory_used', {}, null],
    ['MyApp:Read-Count', Increment, 'myapp_read_count', {}, null],
    ['5xx', Increment, '_5xx', {}, null],
    ['a\u{1f600}b', LastValue, 'a_b', {}, null],
    ['_a_', LastValue, '_a_', {}, null],
    ['__proto__', LastValue, '__proto__', {}, null],
    // Too few segments, or a verb in another place
    ['exec_count', Increment, 'exec_count', {}, null],
    ['exec_time', Increment, 'exec_time', {}, null],
    ['call_time', Interval, 'call_time', {}, null],
    ['queue.sent_messages', Increment, 'queue_sent_messages', {}, null],
    ['a.b.exec_count.c', Increment, 'a_b_exec_count_c', {}, null],
    ['a.b.Exec_Count', Increment, 'a_b_exec_count', {}, null],
    ['a.b.constructor', LastValue, 'a_b_constructor', {}, null],
];

describe('parseIdiomaticName', () => {
    test.each([...SERVED_COMMANDS, ...CALLS, ...QUEUES, ...OTHERS])('reads %j of type %d as %s', (...row) => {
        const [name, type, metric, labels, help] = row;
        expect(parseIdiomaticName(name, type)).toEqual({ metric, labels: Object.entries(labels), help });
    });

    test.each(['', '.', '...', '_', '\u{1f600}', '\u82b1\u706b', '-:-', '\u0665'])('makes nothing of %j', (name) => {
        expect(parseIdiomaticName(name, LastValue)).toBeNull();
    });
});

describe('TYPE_AFFIXES', () => {
    test.each([
        [Increment, 'a', 'a_total'],
        [Increment, 'a_count', 'a_total'],
        [Increment, 'a_total', 'a_total'],
        [Increment, 'a_total_count', 'a_total'],
        [Increment, 'a_count_total', 'a_count_total'],
        [Increment, 'a_count_count', 'a_count_total'],
        [Increment, 'a_total_total', 'a_total_total'],
        // Something must be left
        [Increment, '_count', '_count_total'],
        [Increment, '_total', '_total_total'],
        [Increment, 'count', 'count_total'],
        [Increment, 'total', 'total_total'],
        [Increment, 'discount', 'discount_total'],
        [LastValue, 'a_total', 'a_total'],
        [LastValue, 'a_count', 'a_count'],
        [Timestamp, 'backup', 'backup_timestamp_seconds'],
        [Timestamp, 'backup_timestamp', 'backup_timestamp_seconds'],
        [Timestamp, 'backup_timestamp_seconds', 'backup_timestamp_seconds'],
        [Timestamp, 'process_start_time_seconds', 'process_start_time_seconds'],
        [Timestamp, 'backup_time', 'backup_time_timestamp_seconds'],
        [Timestamp, 'backup_seconds', 'backup_seconds_timestamp_seconds'],
        [Interval, 'a', 'a_seconds'],
        [Interval, 'a_seconds', 'a_seconds'],
        [Interval, 'a_ms', 'a_seconds'],
        [Interval, 'a_msec', 'a_seconds'],
        [Interval, 'a_msecs', 'a_seconds'],
        [Interval, 'a_millis', 'a_seconds'],
        [Interval, 'a_milliseconds', 'a_seconds'],
        [Interval, 'a_seconds_ms', 'a_seconds'],
        [Interval, 'a_ms_ms', 'a_ms_seconds'],
        [Interval, '_ms', '_ms_seconds'],
        [Interval, 'items', 'items_seconds'],
        [Statistics, 'a_ms', 'a_ms'],
        [Statistics, 'a', 'a'],
    ])('type %d: %s becomes %s', (type, metric, expected) => {
        const kind = TYPE_AFFIXES.get(type);
        expect(kind?.complete(kind.stem(metric))).toBe(expected);
    });
});

test.each([
    ['a', 'a_total'],
    ['a_total', 'a_total'],
    ['a_count', 'a_count_total'],
    ['total', 'total_total'],
    // OpenMetrics has no name for a counter that is _total and nothing else
    ['_total', '_total_total'],
    ['__total', '__total'],
])('withTotal makes %s %s', (metric, expected) => {
    expect(withTotal(metric)).toBe(expected);
});

test.each([
    ['exec_time_seconds', '_max', 'exec_time_max_seconds'],
    ['exec_time_seconds', '_min', 'exec_time_min_seconds'],
    ['queue_length', '_max', 'queue_length_max'],
    ['size_bytes', '_min', 'size_bytes_min'],
    ['milliseconds', '_max', 'milliseconds_max'],
] as const)('withAffix makes of %s and %s %s', (metric, affix, expected) => {
    expect(withAffix(metric, affix)).toBe(expected);
});
