import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';

import { durations, INSTANCE, SOURCE, spreadDurations } from '../counters.mjs';

const require = createRequire(import.meta.url);

/** How the counters of the style idiomatic are configured, by what they become. */
const CONFIGURATIONS = {
    counter: {},
    summary: {},
    'classic histogram': { defaults: { observer_type: 'histogram' } },
    'native histogram': {
        defaults: {
            observer_type: 'histogram',
            histogram_options: { buckets: '', native_histogram_bucket_factor: 1.1 },
        },
    },
};

/** This package or its release 1.0.1: both have the same interface. */
export function load(directory) {
    const { PrometheusCounters, PrometheusCounterConverter } = require(`${directory}/obj/src/count`);

    return {
        create: () => new PrometheusCounters(),

        /** Counters of the style idiomatic, see KINDS, and what writes them in slices, as the service does. */
        createTyped(kind) {
            const { ConfigParams } = require('pip-services3-commons-nodex');
            const { Renderer } = require(`${directory}/obj/src/exposition/Renderer`);
            const store = new PrometheusCounters();
            store.configure(ConfigParams.fromValue({ style: 'idiomatic', ...CONFIGURATIONS[kind] }));
            return { store, kind, renderer: new Renderer(store.exposition, SOURCE, INSTANCE) };
        },

        recordTyped({ store, kind }, counters, round) {
            for (let index = 0; index < counters.length; index++) {
                const { name } = counters[index];
                if (kind === 'counter') store.increment(name, 1 + (index % 7));
                else for (const duration of spreadDurations(index, round)) store.endTiming(name, duration);
            }
        },

        /** @returns the chunks of the body, each made when it is asked for. */
        renderTyped({ store, renderer }, format) {
            const { EXPOSITION_FORMATS } = require(`${directory}/obj/src/exposition/formats`);
            const { toChunks } = require(`${directory}/obj/src/common/toChunks`);
            const [text, , protobuf] = EXPOSITION_FORMATS;
            const start = performance.now();
            const pieces = renderer.render(store.getAll(), format === 'text' ? text : protobuf);
            return toChunks(pieces, start);
        },

        /** Timings that are kept in another way than by default. */
        typedRecorder(counters, kind) {
            const { store } = this.createTyped(kind);
            const names = counters.map(({ name }) => name);
            return (times) => {
                for (let i = 0; i < times; i++) for (const name of names) store.endTiming(name, i & 1023);
            };
        },

        change(store, counters, round, changes) {
            for (let index = 0; index < counters.length; index++) {
                if (!changes(index, round)) continue;
                const { name } = counters[index];
                for (const duration of durations(index, round)) store.endTiming(name, duration);
            }
        },

        render: (store) => PrometheusCounterConverter.toString(store.getAll(), SOURCE, INSTANCE),

        serve: (store) => serve(store, require(`${directory}/obj/src/services`).PrometheusMetricsService),

        /** One loop for each call, so that nothing but the call itself is in it. */
        recorders(counters) {
            const store = new PrometheusCounters();
            const names = counters.map(({ name }) => name);
            return {
                increment(times) {
                    for (let i = 0; i < times; i++) for (const name of names) store.increment(name, 1);
                },
                endTiming(times) {
                    for (let i = 0; i < times; i++) for (const name of names) store.endTiming(name, i & 1023);
                },
                stats(times) {
                    for (let i = 0; i < times; i++) for (const name of names) store.stats(name, i & 1023);
                },
                last(times) {
                    for (let i = 0; i < times; i++) for (const name of names) store.last(name, i & 1023);
                },
            };
        },
    };
}

/** Serves the counters as the container of an application does. */
async function serve(counters, PrometheusMetricsService) {
    const { ConfigParams, Descriptor, References } = require('pip-services3-commons-nodex');
    const { ContextInfo } = require('pip-services3-components-nodex');
    const { HttpEndpoint } = require('pip-services3-rpc-nodex');

    const port = await findFreePort();
    const context = new ContextInfo();
    context.name = SOURCE;
    context.contextId = INSTANCE;
    const endpoint = new HttpEndpoint();
    endpoint.configure(
        ConfigParams.fromTuples('connection.protocol', 'http', 'connection.host', '127.0.0.1', 'connection.port', port)
    );
    const service = new PrometheusMetricsService();

    const references = References.fromTuples(
        new Descriptor('pip-services', 'context-info', 'default', 'default', '1.0'),
        context,
        new Descriptor('pip-services', 'counters', 'prometheus', 'default', '1.0'),
        counters,
        new Descriptor('pip-services', 'endpoint', 'http', 'default', '1.0'),
        endpoint
    );
    service.setReferences(references);
    endpoint.setReferences(references);
    await endpoint.open(null);
    await service.open(null);
    return port;
}

/** The toolkit does not take port 0. */
async function findFreePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}
