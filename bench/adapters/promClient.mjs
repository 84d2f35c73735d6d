import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { once } from 'node:events';

import { Expected, INSTANCE, SOURCE, spreadDurations } from '../counters.mjs';

const require = createRequire(import.meta.url);

const KINDS = ['max', 'min', 'average', 'count'];
/** Those of this package. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LABEL_NAMES = ['source', 'instance', 'service', 'command'];

/**
 * prom-client, or @prometheus-io/client as it is called from version 16 on.
 *
 * Of its ways to have the labels source and instance in each series this is the fastest: default labels cost a third more.
 */
export function load(directory) {
    const client = require(directory);

    return {
        /** Four gauges: what a counter of the toolkit shows. The aggregation is not the library's and is not measured. */
        create() {
            const registry = new client.Registry();
            const gauges = KINDS.map((kind) => [
                kind,
                new client.Gauge({
                    name: `exec_time_${kind}`,
                    help: 'Time',
                    labelNames: LABEL_NAMES,
                    registers: [registry],
                }),
            ]);
            return { registry, gauges, labels: [], values: undefined };
        },

        change(store, counters, round, changes) {
            store.values ??= new Expected(counters.length);
            store.values.change(round, changes);
            for (let index = 0; index < counters.length; index++) {
                if (!changes(index, round)) continue;
                const labels = (store.labels[index] ??= labelsOf(counters[index]));
                for (const [kind, gauge] of store.gauges) gauge.set(labels, store.values[kind][index]);
            }
        },

        render: (store) => store.registry.metrics(),

        /** It has classic histograms only, in text. */
        createTyped() {
            const registry = new client.Registry();
            const options = { help: 'Time', labelNames: LABEL_NAMES, registers: [registry], buckets: BUCKETS };
            return { registry, histogram: new client.Histogram({ ...options, name: 'exec_time_seconds' }), labels: [] };
        },

        recordTyped({ histogram, labels }, counters, round) {
            for (let index = 0; index < counters.length; index++) {
                const own = (labels[index] ??= labelsOf(counters[index]));
                for (const duration of spreadDurations(index, round)) histogram.observe(own, duration / 1000);
            }
        },

        async *renderTyped({ registry }) {
            yield Buffer.from(await registry.metrics());
        },

        /** What comes nearest: a native histogram is compared with a classic one. */
        typedRecorder(counters, kind) {
            const labels = counters.map(labelsOf);
            const Metric = kind === 'summary' ? client.Summary : client.Histogram;
            const metric = new Metric({ help: 'Time', labelNames: LABEL_NAMES, registers: [], name: 'end_timing' });
            return (times) => {
                for (let i = 0; i < times; i++) for (const each of labels) metric.observe(each, (i & 1023) / 1000);
            };
        },

        async serve({ registry }) {
            const server = createServer(async (request, response) => {
                response.setHeader('Content-Type', registry.contentType);
                response.end(await registry.metrics());
            });
            server.listen(0, '127.0.0.1');
            await once(server, 'listening');
            return server.address().port;
        },

        /** The metric types that come nearest to the calls of the toolkit. */
        recorders(counters) {
            const labels = counters.map(labelsOf);
            const options = { help: 'Time', labelNames: LABEL_NAMES, registers: [] };
            const counter = new client.Counter({ ...options, name: 'increment' });
            const histogram = new client.Histogram({ ...options, name: 'end_timing' });
            const summary = new client.Summary({ ...options, name: 'stats' });
            const gauge = new client.Gauge({ ...options, name: 'last' });
            return {
                increment(times) {
                    for (let i = 0; i < times; i++) for (const each of labels) counter.inc(each, 1);
                },
                endTiming(times) {
                    for (let i = 0; i < times; i++) for (const each of labels) histogram.observe(each, i & 1023);
                },
                stats(times) {
                    for (let i = 0; i < times; i++) for (const each of labels) summary.observe(each, i & 1023);
                },
                last(times) {
                    for (let i = 0; i < times; i++) for (const each of labels) gauge.set(each, i & 1023);
                },
            };
        },
    };
}

function labelsOf({ service, command }) {
    return { source: SOURCE, instance: INSTANCE, service, command };
}
