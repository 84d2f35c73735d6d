/** Names that share a series, and what of it depends on their mappings. */
import { ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { PrometheusCounterConverter, PrometheusCounters } from '../../src/count';
import { restoreCounters } from '../../src/count/restoreCounters';
import { takeCounters } from '../../src/count/takeCounters';
import { counterOf } from '../fixtures/counterOf';
import { RecordingLogger } from '../fixtures/RecordingLogger';
import { writeAll } from '../fixtures/writeRun';

const { Increment, Interval, LastValue, Statistics } = CounterType;
const LOGGER = new Descriptor('test', 'logger', 'recording', 'default', '1.0');
const LOGINS = { match: 'users.*.login', name: 'logins_total' };

let counters: PrometheusCounters;
let logger: RecordingLogger;

beforeEach(() => {
    counters = new PrometheusCounters();
    logger = new RecordingLogger();
    counters.setReferences(References.fromTuples(LOGGER, logger));
});

function idiomatic(...mappings: object[]): void {
    configure({ style: 'idiomatic', mappings });
}

function configure(config: object): void {
    counters.configure(ConfigParams.fromValue(config));
}

function text(): string {
    return writeAll(counters).text;
}

/** The sample lines of the text. */
function samples(): string[] {
    return text()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Does two things in either order, each time on fresh counters. */
function inBothOrders(config: object, first: () => void, second: () => void): [string, string] {
    configure(config);
    const results = [
        [first, second],
        [second, first],
    ].map((actions) => {
        counters.clearAll();
        actions.forEach((action) => {
            action();
        });
        return text();
    });
    return results as [string, string];
}

describe('names of one series', () => {
    test('are one counter, which has the name that came first', () => {
        idiomatic(LOGINS);
        counters.increment('users.1.login', 2);
        counters.increment('users.2.login', 3);
        expect(counters.getAll()).toEqual([counterOf('users.1.login', Increment, { count: 5 })]);
        expect(counters.get('users.2.login', Increment)).toBe(counters.get('users.1.login', Increment));
    });

    test('go on when more of them came than are remembered', () => {
        idiomatic(LOGINS);
        for (let user = 0; user < 25_000; user++) counters.increment(`users.${user}.login`);
        for (let user = 0; user < 25_000; user++) counters.increment(`users.${user}.login`);
        expect(samples()).toEqual(['logins_total 50000']);
    });

    test('take room for one counter', () => {
        idiomatic(LOGINS);
        configure({ options: { max_counters: 2 } });
        counters.increment('a');
        for (let user = 0; user < 5; user++) counters.increment(`users.${user}.login`);
        counters.increment('b');
        counters.increment('users.9.login');
        expect(samples()).toEqual(['a_total 1', 'logins_total 6', 'prometheus_counters_dropped_total 1']);
    });

    test.each(['users.1.login', 'users.2.login', 'users.3.login'])('are cleared by %s', (name) => {
        idiomatic(LOGINS);
        counters.increment('users.1.login');
        counters.increment('users.2.login');
        counters.increment('other');
        counters.clear(name);
        expect(samples()).toEqual(['other_total 1']);
        counters.increment('users.2.login');
        expect(samples()).toEqual(['logins_total 1', 'other_total 1']);
    });

    test('have the scale of their own mapping each, whichever comes first', () => {
        const config = {
            style: 'idiomatic',
            mappings: [
                { match: '*.kb', name: 'size_bytes', scale: 1000 },
                { match: '*.bytes', name: 'size_bytes' },
            ],
        };
        const [one, other] = inBothOrders(
            config,
            () => {
                counters.stats('a.kb', 2);
                counters.increment('a.kb', 3);
            },
            () => {
                counters.stats('a.bytes', 5);
                counters.increment('a.bytes', 7);
            }
        );
        expect(one).toContain('size_bytes_sum 2005\n');
        expect(one).toContain('size_bytes_total 3007\n');
        expect(other).toBe(one);
    });

    test('have the buckets, the HELP and the rank of the first mapping that leads to them', () => {
        const histogram = (buckets: number[]) => ({ observer_type: 'histogram', histogram_options: { buckets } });
        const config = {
            style: 'idiomatic',
            mappings: [
                { match: 'a.*', name: 'size', ...histogram([10]) },
                { match: 'b.*', name: 'size', help: 'The size', ...histogram([1, 2]) },
            ],
        };
        const [one, other] = inBothOrders(
            config,
            () => {
                counters.stats('a.x', 20);
            },
            () => {
                counters.stats('b.x', 2);
            }
        );
        expect(one).toBe(
            '# HELP size The size\n# TYPE size histogram\n' +
                'size_bucket{le="10.0"} 1\nsize_bucket{le="+Inf"} 2\nsize_sum 22\nsize_count 2\n'
        );
        expect(other).toBe(one);
    });
});

describe('counters of several types that would be one series', () => {
    test.each<[what: string, config: object, kept: string, first: () => void, second: () => void]>([
        [
            'a timing before statistics',
            { style: 'idiomatic' },
            '0.007',
            () => {
                counters.endTiming('x', 7);
            },
            () => {
                counters.stats('x_seconds', 3);
            },
        ],
        [
            'the earlier mapping before that',
            {
                style: 'idiomatic',
                mappings: [
                    { match: 's', name: 'x_seconds' },
                    { match: 't', name: 'x_seconds' },
                ],
            },
            '3',
            () => {
                counters.endTiming('t', 7);
            },
            () => {
                counters.stats('s', 3);
            },
        ],
    ])('%s', (_, config, kept, first, second) => {
        const [one, other] = inBothOrders(config, first, second);
        const values = (body: string) => body.split('\n').filter((line) => line.startsWith('x_'));
        expect(values(one)).toEqual([
            `x_max_seconds ${kept}`,
            `x_min_seconds ${kept}`,
            `x_seconds_sum ${kept}`,
            'x_seconds_count 1',
        ]);
        expect(values(other)).toEqual(values(one));
        expect(logger.lines.map(({ message }) => message)).toEqual([
            'Counters of several types would be x_seconds, and some are left out. Map them',
        ]);
    });

    test('a last value before increments that go up and down', () => {
        const config = { style: 'idiomatic', mappings: [{ match: 'x', name: 'x', metric_type: 'gauge' }] };
        const [one, other] = inBothOrders(
            config,
            () => {
                counters.last('x', 1);
            },
            () => {
                counters.increment('x', 2);
            }
        );
        expect(one).toContain('\nx 1\n');
        expect(other).toBe(one);
    });

    test('another series of the same family stays, and those that come later', () => {
        idiomatic({ match: '*.*', name: 'x_seconds', labels: { a: '$2' } });
        counters.stats('s.1', 1);
        counters.stats('s.2', 2);
        counters.endTiming('t.1', 3000);
        const lines = () => samples().filter((line) => line.startsWith('x_seconds_sum'));
        expect(lines()).toEqual(['x_seconds_sum{a="2"} 2', 'x_seconds_sum{a="1"} 3']);
        counters.endTiming('t.3', 4000);
        expect(lines()).toEqual(['x_seconds_sum{a="2"} 2', 'x_seconds_sum{a="1"} 3', 'x_seconds_sum{a="3"} 4']);
    });

    test('an increment that a mapping makes a gauge is not the counter of another name', () => {
        const config = {
            style: 'idiomatic',
            mappings: [
                { match: 'g', name: 'x_total', metric_type: 'gauge' },
                { match: 'c', name: 'x' },
            ],
        };
        const [one, other] = inBothOrders(
            config,
            () => {
                counters.increment('g', -1);
            },
            () => {
                counters.increment('c', 2);
            }
        );
        expect(one).toContain('# TYPE x_total counter\nx_total 2\n');
        expect(other).toBe(one);
    });
});

describe('names of which nothing is kept', () => {
    beforeEach(() => {
        idiomatic({ match: '*', action: 'drop' });
    });

    test('are not exposed, not counted, and without a warning', () => {
        for (let index = 0; index < 12_000; index++) counters.increment(`tmp${index}`);
        counters.endTiming('tmp1', 5);
        expect([text(), counters.getAll(), logger.lines]).toEqual(['', [], []]);
    });

    test('give a counter that is in no store', () => {
        const counter = counters.get('tmp', Increment);
        counter.count = 5;
        expect([text(), counter.name, counters.get('tmp', Increment).count]).toEqual(['', 'tmp', undefined]);
    });

    test('are not put back', async () => {
        counters.increment('a.b');
        const taken = takeCounters(counters);
        idiomatic({ match: '*.*', action: 'drop' });
        await restoreCounters(counters, taken);
        expect(counters.getAll()).toEqual([]);
    });

    test('do not include the count of dropped measurements', () => {
        configure({ options: { max_counters: 1 } });
        counters.increment('a.b');
        counters.increment('a.c');
        expect(samples()).toEqual(['a_b_total 1', 'prometheus_counters_dropped_total 1']);
    });
});

test('the count of dropped measurements is not renamed either', () => {
    configure({ mappings: [{ match: '*', name: 'all' }], options: { max_counters: 1 } });
    counters.increment('a.b');
    counters.increment('a.c');
    expect(samples()).toEqual(['a_b 1', 'prometheus_counters_dropped 1']);
});

describe('values', () => {
    test('a scale does not make infinities of finite values', () => {
        idiomatic({ match: '*', name: '${0}', scale: '1e10' });
        counters.last('l', 1e300);
        counters.last('infinite', -Infinity);
        counters.stats('s', -1e300);
        counters.increment('i', 1e300);
        expect(samples()).toEqual([
            'i_total 1.7976931348623157e+308',
            'infinite -Inf',
            'l 1.7976931348623157e+308',
            's_sum -1.7976931348623157e+308',
            's_count 1',
            's_max -1.7976931348623157e+308',
            's_min -1.7976931348623157e+308',
        ]);
    });

    test('nothing is found out of names that there is no room for', () => {
        configure({ options: { max_counters: 1 }, mappings: [{ match: '*.kb', name: 'size_bytes', scale: 1000 }] });
        const scaleOf = jest.spyOn(counters.exposition, 'scaleOf');
        for (const name of ['a.kb', 'b', 'c', 'b']) {
            counters.increment(name, 2);
            counters.last(name, 2);
            counters.stats(name, 2);
        }
        expect(scaleOf.mock.calls).toEqual([['a.kb', Increment]]);
    });

    test('an increment that would be negative is refused with one warning for each name', () => {
        idiomatic({ match: 'down.*', name: 'down', labels: { a: '$1' }, scale: -1 });
        counters.increment('a', 5);
        counters.increment('a', -1);
        counters.increment('a', -1);
        counters.increment('down.1', 1);
        counters.increment('down.1', -1);
        counters.increment('down.2', 1);
        expect(samples()).toEqual(['a_total 5', 'down_total{a="1"} 1']);
        expect(logger.lines.map(({ message }) => message)).toEqual([
            'Counter a was given -1, which is left out',
            'Counter down.1 was given 1, which is left out',
            'Counter down.2 was given 1, which is left out',
        ]);
    });

    test('what no metric of its type can be, set by a caller, is in no format', () => {
        idiomatic();
        counters.get('negative', Increment).count = -1;
        counters.get('nan', Increment).count = NaN;
        Object.assign(counters.get('half', Statistics), { count: 1.5, average: 2 });
        Object.assign(counters.get('less', Interval), { count: -2, average: 2 });
        counters.last('fine', 1);
        const { text: written, openMetrics, families } = writeAll(counters);
        expect(written).toBe('# HELP fine Last value of fine\n# TYPE fine gauge\nfine 1\n');
        expect(openMetrics).toBe(`${written}# EOF\n`);
        expect(families).toHaveLength(1);
    });

    test('a histogram counts what was recorded, whatever a caller sets', () => {
        configure({
            style: 'idiomatic',
            defaults: { observer_type: 'histogram', histogram_options: { buckets: [1] } },
        });
        counters.stats('s', 0.5);
        Object.assign(counters.get('s', Statistics), { count: 10, average: 7 });
        counters.stats('s', 2);
        expect(samples()).toEqual(['s_bucket{le="1.0"} 1', 's_bucket{le="+Inf"} 2', 's_sum 2.5', 's_count 2']);
    });
});

describe('the style compatible', () => {
    test('a series that a mapping gives with its labels in another order is the same', () => {
        configure({ mappings: [{ match: 'x', name: 'exec_count', labels: { service: 's', command: 'c' } }] });
        counters.increment('x', 1);
        counters.increment('s.c.exec_count', 2);
        expect(samples()).toEqual(['exec_count{command="c",service="s"} 1']);
    });

    test('the converter gives its text, also of counters that were recorded for the other style', () => {
        idiomatic({ match: 'm.*', name: 'mapped', labels: { a: '$1' } });
        counters.increment('s.c.exec_count', 2);
        counters.last('exec_count', 3);
        counters.endTiming('m.1', 5);
        expect(PrometheusCounterConverter.toString(counters.getAll(), null, null)).toBe(
            '# TYPE exec_count gauge\nexec_count{service="s",command="c"} 2\nexec_count 3\n' +
                ['max', 'min', 'average'].map((kind) => `# TYPE m_1_${kind} gauge\nm_1_${kind} 5\n`).join('') +
                '# TYPE m_1_count gauge\nm_1_count 1\n'
        );
    });
});

describe('putting back', () => {
    const MAPPED = { match: '*.ms', name: '${1}_seconds', scale: 2, observer_type: 'histogram' };
    const options = { buckets: [0.01], native_histogram_bucket_factor: 2 };

    test('counts each observation once, without scaling it again', async () => {
        idiomatic({ ...MAPPED, histogram_options: options });
        counters.endTiming('a.ms', 5);
        counters.increment('a.ms', 3);
        counters.last('a.ms', 4);
        const before = writeAll(counters);
        const taken = takeCounters(counters);
        await restoreCounters(counters, taken);
        expect(samples()).toEqual(before.text.split('\n').filter((line) => /^[^#]/.test(line)));

        counters.endTiming('a.ms', 50);
        counters.increment('a.ms', 1);
        expect(samples()).toEqual([
            ...['a_seconds_bucket{le="0.01"} 1', 'a_seconds_bucket{le="+Inf"} 2', 'a_seconds_sum 0.11'],
            ...['a_seconds_count 2', 'a_seconds_total 8'],
        ]);
    });

    test('a counter without a histogram is counted where its highest value is', async () => {
        idiomatic({ match: '*', name: '${0}', observer_type: 'histogram', histogram_options: { buckets: [1, 10] } });
        counters.stats('a', 0.5);
        const taken = [counterOf('a', Statistics, { count: 3, average: 2, max: 4, min: 1, last: 1 })];
        await restoreCounters(counters, taken);
        expect(samples()).toEqual([
            ...['a_bucket{le="1.0"} 1', 'a_bucket{le="10.0"} 4', 'a_bucket{le="+Inf"} 4'],
            ...['a_sum 6.5', 'a_count 4'],
        ]);
    });

    test('leads to the series that the name leads to', async () => {
        idiomatic(LOGINS);
        counters.increment('users.1.login', 2);
        const taken = takeCounters(counters);
        counters.increment('users.2.login', 3);
        await restoreCounters(counters, taken);
        expect(samples()).toEqual(['logins_total 5']);
        expect(counters.getAll()).toHaveLength(1);
    });

    test('works with the counters of another copy of the package', async () => {
        let another: typeof import('../../src/count/restoreCounters') | undefined;
        jest.isolateModules(() => {
            another = jest.requireActual('../../src/count/restoreCounters');
        });
        expect(another?.restoreCounters).not.toBe(restoreCounters);
        idiomatic({ ...MAPPED, histogram_options: options });
        configure({ options: { max_counters: 1 } });
        counters.endTiming('a.ms', 5);
        const taken = takeCounters(counters);
        counters.endTiming('b.ms', 5);
        await another?.restoreCounters(counters, taken);
        expect(samples().slice(-2)).toEqual(['b_seconds_count 1', 'prometheus_counters_dropped_total 1']);
    });
});

describe('reconfiguring', () => {
    const HISTOGRAM = { observer_type: 'histogram', histogram_options: { buckets: [0.01, 1] } };

    test('merges counters that become one series', () => {
        idiomatic();
        counters.increment('users.1.login', 2);
        counters.increment('users.2.login', 3);
        idiomatic(LOGINS);
        counters.increment('users.2.login', 10);
        expect(samples().filter((line) => line.startsWith('logins_total '))).toEqual(['logins_total 15']);
        idiomatic();
        counters.increment('users.1.login', 1);
        counters.increment('users.2.login', 1);
        expect(samples().filter((line) => line.includes('_login_total'))).toEqual([
            'users_1_login_total 16',
            'users_2_login_total 1',
        ]);
    });

    test('a summary becomes a histogram, whose buckets claim no more than is known', () => {
        idiomatic();
        counters.endTiming('a', 5);
        counters.endTiming('a', 500);
        configure({ style: 'idiomatic', defaults: HISTOGRAM });
        counters.endTiming('a', 5);
        expect(samples()).toEqual([
            ...['a_seconds_bucket{le="0.01"} 1', 'a_seconds_bucket{le="1.0"} 3', 'a_seconds_bucket{le="+Inf"} 3'],
            ...['a_seconds_sum 0.51', 'a_seconds_count 3'],
        ]);
    });

    test('a histogram gets other buckets, and becomes a summary', () => {
        configure({ style: 'idiomatic', defaults: HISTOGRAM });
        counters.endTiming('a', 5);
        counters.endTiming('a', 500);
        configure({ style: 'idiomatic', defaults: { ...HISTOGRAM, histogram_options: { buckets: [0.1, 2, 3] } } });
        expect(samples()).toEqual([
            ...['a_seconds_bucket{le="0.1"} 1', 'a_seconds_bucket{le="2.0"} 2', 'a_seconds_bucket{le="3.0"} 2'],
            ...['a_seconds_bucket{le="+Inf"} 2', 'a_seconds_sum 0.505', 'a_seconds_count 2'],
        ]);
        idiomatic();
        expect(samples()).toEqual([
            ...['a_max_seconds 0.5', 'a_min_seconds 0.005', 'a_seconds_sum 0.505', 'a_seconds_count 2'],
        ]);
    });

    test('what is dropped from now on is there again when it no longer is', () => {
        idiomatic();
        counters.last('a', 1);
        idiomatic({ match: 'a', action: 'drop' });
        expect(text()).toBe('');
        idiomatic();
        expect(samples()).toEqual(['a 1']);
        expect(counters.get('a', LastValue).last).toBe(1);
    });
});
