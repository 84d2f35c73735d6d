import { RestifyServer, ScrapeRequest } from './restify';

/** What is hidden from restify's plugins, and what they get to see instead. */
const HIDDEN: readonly (readonly [name: 'accept' | 'accept-encoding', seen: string])[] = [
    // restify refuses all that is not JSON, JavaScript, plain text without a version, or bytes
    ['accept', '*/*'],
    // restify makes a stream for each answer, which costs more than the text of a small one
    ['accept-encoding', 'identity'],
];

/** The paths of each server whose headers are hidden. */
const pathsByServer = new WeakMap<RestifyServer, Set<unknown>>();

/** What restores the headers of a request, by its headers. */
const restorers = new WeakMap<object, () => void>();

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
    server.on('routed', ({ headers }, _res, route) => {
        if (!bypassed.has(route.path)) return;
        const original = { ...headers };
        for (const [name, seen] of HIDDEN) if (headers[name] !== undefined) headers[name] = seen;
        restorers.set(headers, () => Object.assign(headers, original));
    });
}

/** Gives a request the headers back that its client has sent, for whoever sees it from now on. */
export function restoreHeaders(request: ScrapeRequest): void {
    const headers = request?.headers;
    if (headers) restorers.get(headers)?.();
}
