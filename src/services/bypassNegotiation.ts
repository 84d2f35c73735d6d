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
        if (bypassed.has(route.path)) Object.assign(request, ANSWERS);
    });
}

/** Gives a request its own negotiation back, for whoever sees it from now on. */
export function restoreNegotiation(request: ScrapeRequest): void {
    if (request?.accepts !== ANSWERS.accepts) return;
    // To delete them would slow every later look at the request down
    const { accepts, acceptsEncoding } = Object.getPrototypeOf(request) as NegotiatingRequest;
    Object.assign(request, { accepts, acceptsEncoding });
}
