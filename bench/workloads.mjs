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

/** What the rounds of a run are spent on: `short` shows that everything works, `full` gives figures. */
export const WORKLOADS = {
    short: {
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
