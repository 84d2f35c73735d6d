import { NegotiatingRequest, RestifyServer, ScrapeRequest } from './restify';

/** What restify's plugins get when they ask what a client accepts. Working that out takes longer than a small text. */
const ANSWERS: NegotiatingRequest = {
    // restify refuses all that is not JSON, JavaScript, plain text without a version, or bytes
    accepts: (types) => (typeof types === 'string' ? types : types[0]),
    // restify makes a stream for each answer
    acceptsEncoding: () => undefined,
};

/** The paths of each server whose requests pass restify's negotiation. */
const pathsByServer = new WeakMap<RestifyServer, Set<unknown>>();

/** What a request had where the answers are now. */
const originals = new WeakMap<object, NegotiatingRequest>();

/** Has requests to the given paths pass restify's own negotiation. */
export function bypassNegotiation(server: RestifyServer, paths: readonly string[]): void {
    const known = pathsByServer.get(server);
    if (known !== undefined) {
        paths.forEach((path) => known.add(path));
        return;
    }
    const bypassed = new Set<unknown>(paths);
    pathsByServer.set(server, bypassed);
    // The event comes after routing and before the first handler, so that other routes are left as they are
    server.on('routed', (request, _res, route) => {
        if (!bypassed.has(route.path)) return;
        const { accepts, acceptsEncoding } = request;
        originals.set(request, { accepts, acceptsEncoding });
        Object.assign(request, ANSWERS);
    });
}

/** Gives a request its own negotiation back, for whoever sees it from now on. */
export function restoreNegotiation(request: ScrapeRequest): void {
    const original = request && originals.get(request);
    if (!original) return;
    // What somebody else has put around the answers stays
    if (request.accepts === ANSWERS.accepts) request.accepts = original.accepts;
    if (request.acceptsEncoding === ANSWERS.acceptsEncoding) request.acceptsEncoding = original.acceptsEncoding;
}
