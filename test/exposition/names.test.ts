import { fold, parseCounterName } from '../../src/exposition/names';

type Row = [name: string, metric: string, labels: Record<string, string>];

const SERVED_COMMANDS: Row[] = [
    ['beacons.get_beacons.exec_count', 'exec_count', { service: 'beacons', command: 'get_beacons' }],
    ['beacons.get_beacons.exec_time', 'exec_time', { service: 'beacons', command: 'get_beacons' }],
    ['beacons.get_beacons.exec_errors', 'exec_errors', { service: 'beacons', command: 'get_beacons' }],
    // Values keep their case and their characters
    ['My Service.GET /x.exec_count', 'exec_count', { service: 'My Service', command: 'GET /x' }],
    // Segments after the verb say nothing
    ['a.b.exec_count.c', 'exec_count', { service: 'a', command: 'b' }],
    ['a.b.exec_time.c.d.e', 'exec_time', { service: 'a', command: 'b' }],
    ['a.b.exec_count.', 'exec_count', { service: 'a', command: 'b' }],
    // Empty segments are empty values
    ['..exec_count', 'exec_count', { service: '', command: '' }],
    ['.b.exec_count', 'exec_count', { service: '', command: 'b' }],
    ['a..exec_errors', 'exec_errors', { service: 'a', command: '' }],
    // An earlier row wins
    ['a.b.exec_count.call_count', 'exec_count', { service: 'a', command: 'b' }],
    ['exec_count.exec_count.exec_count', 'exec_count', { service: 'exec_count', command: 'exec_count' }],
    ['__proto__.constructor.exec_count', 'exec_count', { service: '__proto__', command: 'constructor' }],
];

const OUTGOING_CALLS: Row[] = [
    ['http.beacons.get.call_count', 'call_count', { service: 'beacons', command: 'get', target: 'http' }],
    ['http.beacons.get.call_time', 'call_time', { service: 'beacons', command: 'get', target: 'http' }],
    ['http.beacons.get.call_errors', 'call_errors', { service: 'beacons', command: 'get', target: 'http' }],
    ['t.s.c.call_time.more', 'call_time', { service: 's', command: 'c', target: 't' }],
    ['...call_count', 'call_count', { service: '', command: '', target: '' }],
    // Before the message queues
    ['t.s.sent_messages.call_count', 'call_count', { service: 's', command: 'sent_messages', target: 't' }],
];

const MESSAGE_QUEUES: Row[] = [
    ['queue.orders.sent_messages', 'queue_sent_messages', { queue: 'orders' }],
    ['queue.orders.received_messages', 'queue_received_messages', { queue: 'orders' }],
    ['queue.orders.dead_messages', 'queue_dead_messages', { queue: 'orders' }],
    ['Memory Queue.Orders.sent_messages', 'memory_queue_sent_messages', { queue: 'Orders' }],
    ['1st.orders.sent_messages', '_1st_sent_messages', { queue: 'orders' }],
    ['.orders.sent_messages', '_sent_messages', { queue: 'orders' }],
    ['queue..dead_messages', 'queue_dead_messages', { queue: '' }],
    ['queue.orders.sent_messages.more', 'queue_sent_messages', { queue: 'orders' }],
];

const OTHERS: Row[] = [
    ['memory', 'memory', {}],
    ['service.memory.used', 'service_memory_used', {}],
    // A verb in another place
    ['exec_count', 'exec_count', {}],
    ['a.exec_count', 'a_exec_count', {}],
    ['a.b.c.exec_count', 'a_b_c_exec_count', {}],
    ['v1.0/beacons.get.exec_count', 'v1_0_beacons_get_exec_count', {}],
    ['a.b.call_count', 'a_b_call_count', {}],
    ['a.b.c.d.call_count', 'a_b_c_d_call_count', {}],
    ['sent_messages', 'sent_messages', {}],
    ['a.sent_messages', 'a_sent_messages', {}],
    ['a.b.c.sent_messages', 'a_b_c_sent_messages', {}],
    // A verb that is not quite one
    ['a.b.Exec_Count', 'a_b_exec_count', {}],
    ['a.b.exec_counts', 'a_b_exec_counts', {}],
    ['a.b. exec_count', 'a_b__exec_count', {}],
    ['a.b.constructor', 'a_b_constructor', {}],
    // Nothing but dots
    ['.', '_', {}],
    ['...', '___', {}],
    ['a..b', 'a__b', {}],
    ['__proto__', '__proto__', {}],
];

describe('parseCounterName', () => {
    test.each([...SERVED_COMMANDS, ...OUTGOING_CALLS, ...MESSAGE_QUEUES, ...OTHERS])(
        'reads %j as %j',
        (name, metric, labels) => {
            const series = parseCounterName(name);
            expect(series.metric).toBe(metric);
            expect(series.labels).toEqual(Object.entries(labels));
        }
    );
});

describe('fold', () => {
    test.each([
        ['', ''],
        ['memory', 'memory'],
        ['a_b:c', 'a_b:c'],
        [':', ':'],
        ['_', '_'],
        ['ABCXYZ', 'abcxyz'],
        ['a.b', 'a_b'],
        ['a-b c/d+e', 'a_b_c_d_e'],
        ['a..b', 'a__b'],
        ['0', '_0'],
        ['5xx.errors', '_5xx_errors'],
        ['x5', 'x5'],
        ['.5', '_5'],
        ['\u0665', '_'],
        ['h\u00e4user', 'h_user'],
        ['\u00c4', '_'],
        ['\u82b1\u706b', '__'],
        ['e\u0301', 'e_'],
        // One code point is one underscore, however many UTF-16 units it has
        ['a\u{1f600}b', 'a_b'],
        ['\u{1f468}\u200d\u{1f469}', '___'],
        // Lone surrogates, and two of them in the wrong order
        ['a\ud800b', 'a_b'],
        ['a\udc00', 'a_'],
        ['\udc00\ud800', '__'],
        // Lower case first: the Kelvin sign becomes k, the dotted capital I an i and a combining dot
        ['\u212a', 'k'],
        ['\u0130', 'i_'],
        ['\ud801\udc00', '_'],
        ['a\tb\rc\nd\0e\u2028f', 'a_b_c_d_e_f'],
        ['{}"\\#', '_____'],
    ])('makes %j %j', (text, expected) => {
        expect(fold(text)).toBe(expected);
    });
});
