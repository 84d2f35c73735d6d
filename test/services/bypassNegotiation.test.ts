import { IncomingMessage, ServerResponse } from 'node:http';

import { httpRequest } from '../fixtures/httpRequest';
import { MetricsServer } from '../fixtures/MetricsServer';

const SENT = { accept: 'text/plain', 'accept-encoding': 'gzip' };

/** A response of restify, with what its compression leaves there. */
type Response = ServerResponse & { readonly handledGzip?: () => void };

/** A request of restify. */
interface Request extends IncomingMessage {
    accepts: (types: readonly string[]) => unknown;
    acceptsEncoding: (type: string) => unknown;
}

interface ObservableServer {
    once(event: 'pre', listener: (req: Request, res: Response) => void): void;
    use(handler: (req: Request, res: Response, next: () => void) => void): void;
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

describe('what restify tells of a request', () => {
    const TYPES = ['application/json', 'text/plain'];

    /** What somebody is told once a request is answered. */
    async function toldAfter(prepare: (restify: ObservableServer) => void): Promise<unknown[]> {
        const restify = server.endpoint.getServer() as ObservableServer;
        prepare(restify);
        const told = new Promise<unknown[]>((resolve) => {
            restify.once('pre', (request, response) => {
                response.once('finish', () => resolve([request.accepts(TYPES), request.acceptsEncoding('gzip')]));
            });
        });
        await httpRequest(`${server.url}/metrics`, SENT);
        return told;
    }

    test('is true again when it is answered', async () => {
        expect(await toldAfter(() => undefined)).toEqual(['text/plain', 'gzip']);
    });

    test('is what another plugin has put in its place before', async () => {
        const told = await toldAfter((restify) => {
            restify.once('pre', (request) => (request.accepts = () => 'before'));
        });
        expect(told).toEqual(['before', 'gzip']);
    });

    test('is what another plugin puts in its place meanwhile', async () => {
        const told = await toldAfter((restify) => {
            restify.use((request, _res, next) => {
                request.accepts = () => 'meanwhile';
                next();
            });
        });
        expect(told).toEqual(['meanwhile', 'gzip']);
    });
});
