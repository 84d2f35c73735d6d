/** All pairs of a row of one table and a row of another one, each as one row. */
const cross = (rows, others) => rows.flatMap((row) => others.map((other) => ({ ...row, ...other })));

/** The names of counters, see NAMINGS. Only the toolkit has a way to read them, so only its packages take part in `other`. */
const COMMANDS = { naming: 'command', names: 'command names' };
const OTHERS = { naming: 'other', names: 'other names', toolkitOnly: true };

/** What happens between two renderings, see CHANGES. */
const CHANGED = { changes: 'all', what: 'all values changed' };
const HARDLY_CHANGED = { changes: 'one percent', what: '1 % changed' };
const NEW = { fresh: true, what: 'all counters new' };

/** Counters of the style idiomatic, and the formats in which they are written. */
const TYPED = [
    { kind: 'counter', formats: ['text', 'protobuf'], toolkitOnly: true },
    { kind: 'classic histogram', formats: ['text'] },
    { kind: 'native histogram', formats: ['protobuf'] },
].map((each) => ({ ...each, isTyped: true }));

const GZIP = { encoding: 'gzip', what: 'gzip' };
const IDENTITY = { encoding: 'identity', what: 'identity' };
/** Counters that come back in another order after each reset. */
const RESET = { encoding: 'gzip', isReset: true, what: '/metricsandreset, gzip' };
/** 1.0.1 answers with text, as it has no other format. */
const PROTOBUF = {
    encoding: 'gzip',
    accept: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,*/*;q=0.1',
    what: 'protobuf, gzip (1.0.1: text)',
};

const SHORT = { size: 100, processes: 1, warmUp: 1, batches: 1, batch: 2, toolkitOnly: true };

/** The sizes of services, with the number of scrapes that are measured together. */
const STEADY_SIZES = [
    { size: 100, processes: 2, warmUp: 80, batches: 8, batch: 40, toolkitOnly: true },
    { size: 1000, processes: 2, warmUp: 60, batches: 8, batch: 15, toolkitOnly: true },
];
const STEADY_10K = [{ size: 10_000, processes: 2, warmUp: 40, batches: 6, batch: 3, toolkitOnly: true }];
const COLD_SIZES = STEADY_SIZES.map((each) => ({ ...each, warmUp: 24, batches: 4, batch: 8, isCold: true }));

/** What the rounds of a run are spent on: `short` shows that everything works, `full` gives figures. */
export const WORKLOADS = {
    short: {
        steady: [...cross([SHORT], [GZIP, PROTOBUF, RESET]), { ...SHORT, ...IDENTITY, isCold: true }],
        render: [
            ...cross([{ size: 1000, warmUp: 0, rounds: 2, ...COMMANDS }], [CHANGED, HARDLY_CHANGED, NEW]),
            ...cross([{ size: 1000, warmUp: 0, rounds: 2, ...OTHERS }], [CHANGED]),
        ],
        typed: cross([{ size: 1000, warmUp: 0, rounds: 2 }], TYPED),
        http: [
            { size: 1000, encoding: 'identity', processes: 1, scrapes: 4 },
            { size: 1000, encoding: 'gzip', processes: 1, scrapes: 4, toolkitOnly: true },
        ],
        record: { size: 200, times: 50, warmUp: 0, rounds: 2 },
        recordTyped: { size: 200, times: 50, warmUp: 0, rounds: 2, isTyped: true },
        load: { rounds: 1 },
    },
    full: {
        steady: [
            ...cross(STEADY_SIZES, [GZIP, IDENTITY, RESET, PROTOBUF]),
            ...cross(STEADY_10K, [GZIP]),
            ...cross(COLD_SIZES, [GZIP, IDENTITY]),
        ],
        render: [
            ...cross([{ size: 1000, warmUp: 40, rounds: 40, ...COMMANDS }], [CHANGED, HARDLY_CHANGED, NEW]),
            ...cross([{ size: 10_000, warmUp: 10, rounds: 15, ...COMMANDS }], [CHANGED, HARDLY_CHANGED, NEW]),
            ...cross([{ size: 100_000, warmUp: 2, rounds: 4, ...COMMANDS }], [CHANGED, HARDLY_CHANGED, NEW]),
            ...cross([{ size: 10_000, warmUp: 10, rounds: 15, ...OTHERS }], [CHANGED, NEW]),
        ],
        typed: cross([{ size: 10_000, warmUp: 10, rounds: 15 }], TYPED),
        http: [
            { size: 10_000, encoding: 'identity', processes: 4, scrapes: 11 },
            { size: 10_000, encoding: 'gzip', processes: 2, scrapes: 9, toolkitOnly: true },
            { size: 100_000, encoding: 'identity', processes: 4, scrapes: 3 },
            { size: 100_000, encoding: 'gzip', processes: 2, scrapes: 3, toolkitOnly: true },
        ],
        record: { size: 200, times: 1000, warmUp: 4, rounds: 11 },
        recordTyped: { size: 200, times: 1000, warmUp: 4, rounds: 11, isTyped: true },
        load: { rounds: 7 },
    },
};

/** What timings become in the style idiomatic. */
export const TIMING_KINDS = ['summary', 'classic histogram', 'native histogram'];

/** The calls that record. */
export const CALLS = ['increment', 'endTiming', 'stats', 'last'];
