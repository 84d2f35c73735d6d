import { IncomingMessage, ServerResponse } from 'node:http';

import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';

const SENT = { accept: 'text/plain', 'accept-encoding': 'gzip' };

/** A response of restify, with what its compression leaves there. */
type Response = ServerResponse & { readonly handledGzip?: () => void };

interface ObservableServer {
    once(event: 'pre', listener: (req: IncomingMessage, res: Response) => void): void;
}

let server: MetricsServer;

beforeEach(async () => {
    server = await MetricsServer.start();
    server.counters.increment('orders', 3);
});

afterEach(() => server.close());

/** Sends a request, and gets what is seen of it when it is answered. */
async function seenBehind(route: string): Promise<{ headers: object; isCompressing: boolean }> {
    const restify = server.endpoint.getServer() as ObservableServer;
    const seen = new Promise<{ headers: object; isCompressing: boolean }>((resolve) => {
        restify.once('pre', ({ headers }, response) => {
            response.once('finish', () => resolve({ headers, isCompressing: response.handledGzip !== undefined }));
        });
    });
    await httpRequest(server.url + route, SENT);
    return seen;
}

test.each(['/metrics', '/metricsandreset'])(
    "%s has none of restify's negotiation, and its headers back",
    async (route) => {
        const { headers, isCompressing } = await seenBehind(route);

        expect(headers).toMatchObject(SENT);
        expect(isCompressing).toBe(false);
    }
);

test('other routes are left as they are', async () => {
    server.endpoint.registerRoute('get', '/orders', null as never, (_req: unknown, res: Response) => {
        res.setHeader('content-type', 'text/plain');
        res.end('3');
        return Promise.resolve();
    });
    const { headers, isCompressing } = await seenBehind('/orders');

    expect(headers).toMatchObject({ 'accept-encoding': 'gzip' });
    expect(isCompressing).toBe(true);
});
