import { Buffer } from 'node:buffer';

import protobuf from 'protobufjs';

import { makeCounters } from '../counters.mjs';
import { collectYoung, cpuSince } from '../measure.mjs';

/** The field of a family that holds its series. */
const METRIC = 4;

/** Writes counters of the style idiomatic once a round; all values change between two rounds. */
export function create(contestant, { size, kind, format }) {
    const counters = makeCounters(size, 'command');
    const store = contestant.createTyped(kind);

    return {
        /** @returns the CPU time in milliseconds of making the bytes. */
        async round(round) {
            contestant.recordTyped(store, counters, round);
            collectYoung();
            const start = process.cpuUsage();
            // A server lets go of each chunk when it is sent
            for await (const chunk of contestant.renderTyped(store, format)) void chunk;
            return cpuSince(start);
        },

        /** Throws if a body does not have each series. */
        async check() {
            const chunks = [];
            for await (const chunk of contestant.renderTyped(store, format)) chunks.push(chunk);
            const body = Buffer.concat(chunks);
            const count = format === 'text' ? countInText(body.toString(), kind) : countInProtobuf(body);
            if (count !== size) throw new Error(`The body has ${count} series instead of ${size}`);
        },
    };
}

function countInText(text, kind) {
    const isOnePerSeries = kind === 'counter' ? /^\w+_total\{/ : /^\w+_count\{/;
    return text.split('\n').filter((line) => isOnePerSeries.test(line)).length;
}

function countInProtobuf(body) {
    const reader = protobuf.Reader.create(body);
    let count = 0;
    while (reader.pos < reader.len) {
        const end = reader.uint32() + reader.pos;
        while (reader.pos < end) {
            const tag = reader.uint32();
            if (tag >>> 3 === METRIC) count++;
            reader.skipType(tag & 7);
        }
    }
    return count;
}
