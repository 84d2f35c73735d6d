import { Buffer } from 'node:buffer';

import { checkBody } from '../checkBody.mjs';
import { CHANGES, Expected, makeCounters } from '../counters.mjs';
import { collectYoung, cpuSince } from '../measure.mjs';

/** Renders the counters once a round. With `fresh` each round has counters that were never seen before. */
export function create(contestant, { size, naming, changes, fresh }) {
    let counters, store, expected;

    function reset(generation) {
        counters = makeCounters(size, naming, generation);
        store = contestant.create();
        expected = new Expected(size);
        update(0, CHANGES.all);
    }

    function update(round, isChanged) {
        contestant.change(store, counters, round, isChanged);
        expected.change(round, isChanged);
    }

    reset(0);

    return {
        /** @returns the CPU time in milliseconds of rendering and of making the bytes. */
        async round(round) {
            if (fresh) reset(round);
            else update(round, CHANGES[changes]);
            collectYoung();

            const start = process.cpuUsage();
            Buffer.from(await contestant.render(store));
            return cpuSince(start);
        },

        async check() {
            checkBody(await contestant.render(store), expected);
        },
    };
}
