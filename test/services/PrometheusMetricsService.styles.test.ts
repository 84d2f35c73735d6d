/** The cases of both styles, over HTTP. */
import { ConfigParams } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src/count';
import { OPEN_METRICS, TEXT } from '../fixtures/acceptHeaders';
import { httpRequest } from '../fixtures/httpRequest';
import { IDIOMATIC_VECTORS } from '../fixtures/idiomaticVectors';
import { MetricsServer } from '../fixtures/MetricsServer';
import { recordCalls } from '../fixtures/recordCalls';

const ACCEPTED = IDIOMATIC_VECTORS.filter(({ refused }) => refused === undefined);

function configure({ counters }: MetricsServer, config: object): void {
    if (counters instanceof PrometheusCounters) counters.configure(ConfigParams.fromValue(config));
}

async function serve(config: object, service: Readonly<Record<string, string>>): Promise<MetricsServer> {
    const server = await MetricsServer.start({ config: service });
    configure(server, config);
    return server;
}

async function get(server: MetricsServer, accept: string): Promise<{ type: string | undefined; body: string }> {
    const { headers, body } = await httpRequest(`${server.url}/metrics`, { accept });
    return { type: headers['content-type'], body: body.toString() };
}

test.each(ACCEPTED)('$id $what', async ({ counters: config, service = {}, calls, text, openMetrics }) => {
    const server = await serve(config, service);
    try {
        recordCalls(server.counters, calls);
        expect(await get(server, 'text/plain;version=0.0.4')).toEqual({ type: TEXT, body: text });
        expect(await get(server, 'application/openmetrics-text;version=1.0.0')).toEqual({
            type: OPEN_METRICS,
            body: openMetrics,
        });
    } finally {
        await server.close();
    }
});

test('a style that is configured while it runs is that of the next answer', async () => {
    const server = await serve({}, {});
    try {
        server.counters.increment('orders', 2);
        expect((await get(server, 'text/plain')).body).toBe('# TYPE orders gauge\norders 2\n');
        configure(server, { style: 'idiomatic' });
        expect((await get(server, 'text/plain')).body).toBe(
            '# HELP orders_total Sum of the increments of orders\n# TYPE orders_total counter\norders_total 2\n'
        );
    } finally {
        await server.close();
    }
});

test('counters of the style idiomatic begin anew after a reset', async () => {
    const server = await serve({ style: 'idiomatic' }, {});
    try {
        server.counters.increment('orders', 2);
        await httpRequest(`${server.url}/metricsandreset`);
        server.counters.increment('orders', 1);
        expect((await get(server, 'text/plain')).body).toContain('\norders_total 1\n');
    } finally {
        await server.close();
    }
});
