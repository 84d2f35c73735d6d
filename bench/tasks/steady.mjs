import { subscribe } from 'node:diagnostics_channel';
import { setTimeout } from 'node:timers';

import { CHANGES, makeCounters } from '../counters.mjs';
import { cpuSince } from '../measure.mjs';

/** How long after an answer a cold process does other work, in milliseconds. */
const REST = 20;

/**
 * A server that measures the CPU time of many scrapes together. Before each of them all values change, which is not
 * counted, so that nothing but the request of the scraper has to reach the process. Of a cold process only the time
 * between request and answer is counted: a collection goes on in the background when the other work is done.
 */
export async function create(contestant, { size, isReset, isCold }) {
    const counters = makeCounters(size, 'command');
    const store = contestant.create();
    let round = 0;
    let start;
    let notCounted = 0;
    let request;
    let counted = 0;

    function leaveOut(work) {
        const before = process.cpuUsage();
        work();
        notCounted += cpuSince(before);
    }

    function change() {
        round++;
        // Counters come back in the order of what the application does
        const order = isReset ? rotate(counters, round * 7) : counters;
        contestant.change(store, order, round, CHANGES.all);
    }

    subscribe('http.server.request.start', () => {
        leaveOut(change);
        request = process.cpuUsage();
    });
    if (isCold) {
        subscribe('http.server.response.finish', () => {
            counted += cpuSince(request);
            setTimeout(workElsewhere, REST);
        });
    }
    const port = await contestant.serve(store);

    return {
        port: () => port,
        begin() {
            notCounted = 0;
            counted = 0;
            start = process.cpuUsage();
        },
        /** @returns the CPU time since begin() in milliseconds. */
        end: () => (isCold ? counted : cpuSince(start) - notCounted),
    };
}

/** Gives the same elements from another one on, and every other one first. */
function rotate(all, by) {
    const turned = all.map((_, index) => all[(index + by) % all.length]);
    return turned.filter((_, index) => index % 2 === 0).concat(turned.filter((_, index) => index % 2 === 1));
}

/** What happens in a service between two scrapes: other data in the caches, and now and then a full collection. */
function workElsewhere() {
    const orders = Array.from({ length: 20_000 }, (_, id) => ({ id, customer: `customer ${id}`, lines: [id, id + 1] }));
    JSON.parse(JSON.stringify(orders));
    globalThis.gc();
}
