import { Counter, CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounterConverter } from '../../src/count/PrometheusCounterConverter';
import { counterOf, increment, interval, last, stats } from '../fixtures/counterOf';

/** Converts counters, with null where a caller without types would have it. */
function convert(counters: (Counter | null)[] | null, source: string | null = null, instance: string | null = null) {
    return PrometheusCounterConverter.toString(counters as Counter[] | null, source, instance);
}

function lines(...text: string[]): string {
    return text.map((line) => line + '\n').join('');
}

const ALL = { max: 9, min: 1, average: 4.5, count: 3 };

describe('PrometheusCounterConverter, kinds', () => {
    test.each([
        [
            'Increment',
            counterOf('memory', CounterType.Increment, { ...ALL, last: 7 }),
            ['# TYPE memory gauge', 'memory 3'],
        ],
        [
            'LastValue',
            counterOf('memory', CounterType.LastValue, { ...ALL, last: 7 }),
            ['# TYPE memory gauge', 'memory 7'],
        ],
        ['Timestamp', counterOf('memory', CounterType.Timestamp, { time: new Date(), count: 1, last: 1 }), []],
        ['an unknown type', interval('memory', { ...ALL, last: 1, type: 17 }), []],
        ['no type', interval('memory', { ...ALL, last: 1, type: undefined }), []],
        ['a negative type', interval('memory', { ...ALL, last: 1, type: -1 }), []],
    ])('%s', (_, counter, expected) => {
        expect(convert([counter])).toBe(lines(...expected));
    });

    test.each([
        ['Statistics', stats('memory', { ...ALL, last: 7 })],
        ['Interval', interval('memory', { ...ALL, last: 7 })],
    ])('%s', (_, counter) => {
        expect(convert([counter])).toBe(
            lines(
                '# TYPE memory_max gauge',
                'memory_max 9',
                '# TYPE memory_min gauge',
                'memory_min 1',
                '# TYPE memory_average gauge',
                'memory_average 4.5',
                '# TYPE memory_count gauge',
                'memory_count 3'
            )
        );
    });
});

describe('PrometheusCounterConverter, nothing recorded', () => {
    test.each([
        ['null', null],
        ['no counters', []],
        ['only nulls', [null, null]],
        ['a counter that was never set', [new Counter('a', CounterType.Increment)]],
        ['counters without a name', [increment('', 1), stats('', { ...ALL, name: null })]],
        ['a name that is no text', [stats('', { ...ALL, name: 5 })]],
        ['a timestamp', [counterOf('a', CounterType.Timestamp, { time: new Date() })]],
    ])('%s is the empty text', (_, counters) => {
        expect(convert(counters, 'source', 'instance')).toBe('');
    });
});

describe('PrometheusCounterConverter, values', () => {
    test.each([
        [0, '0'],
        [1, '1'],
        [-1, '-1'],
        [-0, '0'],
        [0.1, '0.1'],
        [0.1 + 0.2, '0.30000000000000004'],
        [-2.5, '-2.5'],
        [123456789012, '123456789012'],
        [Number.MAX_SAFE_INTEGER, '9007199254740991'],
        [1e20, '100000000000000000000'],
        [1e21, '1e+21'],
        [0.000001, '0.000001'],
        [1e-7, '1e-7'],
        [1.5e-9, '1.5e-9'],
        [Number.MAX_VALUE, '1.7976931348623157e+308'],
        [Number.MIN_VALUE, '5e-324'],
        [NaN, 'NaN'],
        [Infinity, '+Inf'],
        [-Infinity, '-Inf'],
    ])('%p is written as %s', (value, text) => {
        expect(convert([last('a', value)])).toBe(lines('# TYPE a gauge', `a ${text}`));
    });

    test.each([[undefined], [null], ['5'], [''], [true], [10n], [{}], [[1]], [new Date(5)], [Symbol('5')]])(
        '%p is a missing value',
        (value) => {
            expect(convert([increment('a', value)])).toBe('');
        }
    );

    test('a missing value leaves out its sample and its family, and no other', () => {
        const counters = [
            stats('a', { max: null, min: 0, average: undefined, count: 2 }),
            increment('b', null),
            stats('c', { max: 3 }),
        ];
        expect(convert(counters)).toBe(
            lines('# TYPE a_min gauge', 'a_min 0', '# TYPE a_count gauge', 'a_count 2', '# TYPE c_max gauge', 'c_max 3')
        );
    });
});

describe('PrometheusCounterConverter, labels', () => {
    test.each<[source: string | null | undefined, instance: string | null | undefined, labels: string]>([
        ['my-service', 'host-1', '{source="my-service",instance="host-1"}'],
        ['my-service', null, '{source="my-service"}'],
        ['my-service', '', '{source="my-service"}'],
        [null, 'host-1', '{instance="host-1"}'],
        ['', 'host-1', '{instance="host-1"}'],
        [undefined, undefined, ''],
        ['', '', ''],
        ['O"Reilly\\\n', '\ud800\t\r\0\u2028', '{source="O\\"Reilly\\\\\\n",instance="\ufffd\t\r\0\u2028"}'],
    ])('source %j and instance %j', (source, instance, labels) => {
        expect(convert([increment('a', 1)], source as string | null, instance as string | null)).toBe(
            lines('# TYPE a gauge', `a${labels} 1`)
        );
    });

    test('source and instance come first', () => {
        const counters = [
            increment('beacons.get.exec_count', 1),
            increment('http.beacons.get.call_count', 2),
            increment('queue.orders.sent_messages', 3),
        ];
        expect(convert(counters, 's', 'i')).toBe(
            lines(
                '# TYPE exec_count gauge',
                'exec_count{source="s",instance="i",service="beacons",command="get"} 1',
                '# TYPE call_count gauge',
                'call_count{source="s",instance="i",service="beacons",command="get",target="http"} 2',
                '# TYPE queue_sent_messages gauge',
                'queue_sent_messages{source="s",instance="i",queue="orders"} 3'
            )
        );
    });

    test('values out of names are escaped, and may be empty', () => {
        const counters = [
            increment('a"b.c\\d\n.exec_count', 1),
            increment('..exec_count', 2),
            increment('q.\udc00.sent_messages', 3),
        ];
        expect(convert(counters)).toBe(
            lines(
                '# TYPE exec_count gauge',
                'exec_count{service="a\\"b",command="c\\\\d\\n"} 1',
                'exec_count{service="",command=""} 2',
                '# TYPE q_sent_messages gauge',
                'q_sent_messages{queue="\ufffd"} 3'
            )
        );
    });
});

describe('PrometheusCounterConverter, families', () => {
    test('one TYPE line for each, in the order of first appearance; samples in the order of the counters', () => {
        const counters = [
            increment('b.get.exec_count', 1),
            interval('b.get.exec_time', ALL),
            increment('memory', 2),
            increment('a.get.exec_count', 3),
            interval('a.get.exec_time', { max: 8, min: 2, average: 5, count: 2 }),
        ];
        expect(convert(counters)).toBe(
            lines(
                '# TYPE exec_count gauge',
                'exec_count{service="b",command="get"} 1',
                'exec_count{service="a",command="get"} 3',
                '# TYPE exec_time_max gauge',
                'exec_time_max{service="b",command="get"} 9',
                'exec_time_max{service="a",command="get"} 8',
                '# TYPE exec_time_min gauge',
                'exec_time_min{service="b",command="get"} 1',
                'exec_time_min{service="a",command="get"} 2',
                '# TYPE exec_time_average gauge',
                'exec_time_average{service="b",command="get"} 4.5',
                'exec_time_average{service="a",command="get"} 5',
                '# TYPE exec_time_count gauge',
                'exec_time_count{service="b",command="get"} 3',
                'exec_time_count{service="a",command="get"} 2',
                '# TYPE memory gauge',
                'memory 2'
            )
        );
    });

    test('a counter without values does not decide the order', () => {
        const counters = [increment('a.x.exec_count', null), increment('memory', 1), increment('b.x.exec_count', 2)];
        expect(convert(counters)).toBe(
            lines('# TYPE memory gauge', 'memory 1', '# TYPE exec_count gauge', 'exec_count{service="b",command="x"} 2')
        );
    });

    test('names that fold alike share a family with different kinds', () => {
        const counters = [increment('a.count', 1), stats('A', ALL), last('a-max', 7)];
        expect(convert(counters)).toBe(
            lines(
                '# TYPE a_count gauge',
                'a_count 1',
                '# TYPE a_max gauge',
                'a_max 9',
                '# TYPE a_min gauge',
                'a_min 1',
                '# TYPE a_average gauge',
                'a_average 4.5'
            )
        );
    });
});

describe('PrometheusCounterConverter, duplicates', () => {
    test.each<[string, Counter[], string[]]>([
        ['the first counts', [increment('a.b', 1), increment('a_b', 2), last('A B', 3)], ['# TYPE a_b gauge', 'a_b 1']],
        [
            'a first one without a value does not count',
            [increment('a.b', undefined), increment('a_b', 2)],
            ['# TYPE a_b gauge', 'a_b 2'],
        ],
        [
            'segments after the verb make no other series',
            [increment('a.b.exec_count', 1), increment('a.b.exec_count.c', 2), increment('a.c.exec_count', 3)],
            [
                '# TYPE exec_count gauge',
                'exec_count{service="a",command="b"} 1',
                'exec_count{service="a",command="c"} 3',
            ],
        ],
        [
            'a label without a value is as no label',
            [
                last('queue_sent_messages', 1),
                increment('queue..sent_messages', 2),
                increment('queue.a.sent_messages', 3),
            ],
            ['# TYPE queue_sent_messages gauge', 'queue_sent_messages 1', 'queue_sent_messages{queue="a"} 3'],
        ],
        [
            'also if it comes first',
            [increment('..exec_count', 2), last('exec_count', 1)],
            ['# TYPE exec_count gauge', 'exec_count{service="",command=""} 2'],
        ],
        [
            'different lone surrogates are one character',
            [increment('a.\ud800.exec_count', 1), increment('a.\udfff.exec_count', 2)],
            ['# TYPE exec_count gauge', 'exec_count{service="a",command="\ufffd"} 1'],
        ],
        [
            'values that only look alike are different series',
            [increment('a.\\n.exec_count', 1), increment('a.\n.exec_count', 2)],
            [
                '# TYPE exec_count gauge',
                'exec_count{service="a",command="\\\\n"} 1',
                'exec_count{service="a",command="\\n"} 2',
            ],
        ],
        [
            'a kind gives what the earlier one left out',
            [stats('a', { max: 1, count: null }), interval('a', ALL)],
            [
                '# TYPE a_max gauge',
                'a_max 1',
                '# TYPE a_min gauge',
                'a_min 1',
                '# TYPE a_average gauge',
                'a_average 4.5',
                '# TYPE a_count gauge',
                'a_count 3',
            ],
        ],
    ])('%s', (_, counters, expected) => {
        expect(convert(counters)).toBe(lines(...expected));
    });
});

describe('PrometheusCounterConverter, bad lists', () => {
    test('nulls among the counters and nameless counters are left out', () => {
        const counters = [null, increment('', 1), increment('a', 2), null, stats('', { ...ALL, name: undefined })];
        expect(convert(counters)).toBe(lines('# TYPE a gauge', 'a 2'));
    });

    test('a list that begins with null gives the labels of each call', () => {
        const counters = [null, increment('a', 2)];
        expect(convert(counters, 's', null)).toBe(lines('# TYPE a gauge', 'a{source="s"} 2'));
        expect(convert(counters, null, 'i')).toBe(lines('# TYPE a gauge', 'a{instance="i"} 2'));
        expect(convert(counters, 's', null)).toBe(lines('# TYPE a gauge', 'a{source="s"} 2'));
    });

    test('any name is a name', () => {
        const counters = ['__proto__', 'constructor', 'toString', ' ', '\ud800', '5'].map((name) => increment(name, 1));
        expect(convert(counters)).toBe(
            lines(
                '# TYPE __proto__ gauge',
                '__proto__ 1',
                '# TYPE constructor gauge',
                'constructor 1',
                '# TYPE tostring gauge',
                'tostring 1',
                '# TYPE _ gauge',
                '_ 1',
                '# TYPE _5 gauge',
                '_5 1'
            )
        );
    });
});

describe('PrometheusCounterConverter, again', () => {
    test('one counter in two lists', () => {
        const shared = increment('a', 1);
        expect(convert([shared, increment('b', 2)])).toBe(lines('# TYPE a gauge', 'a 1', '# TYPE b gauge', 'b 2'));
        expect(convert([shared, increment('c', 3)])).toBe(lines('# TYPE a gauge', 'a 1', '# TYPE c gauge', 'c 3'));
        expect(convert([shared])).toBe(lines('# TYPE a gauge', 'a 1'));
    });

    test('a counter that was renamed, and one that changed its type', () => {
        const counter = counterOf('a', CounterType.Increment, { count: 1, last: 2 });
        expect(convert([counter])).toBe(lines('# TYPE a gauge', 'a 1'));
        counter.name = 'b';
        expect(convert([counter])).toBe(lines('# TYPE b gauge', 'b 1'));
        counter.type = CounterType.LastValue;
        expect(convert([counter])).toBe(lines('# TYPE b gauge', 'b 2'));
    });
});
