import { RestifyServer, ScrapeRequest } from './restify';

/** The paths of each server whose headers are kept. */
const pathsByServer = new WeakMap<RestifyServer, Set<unknown>>();

/** The kept headers `Accept`, by the headers of their requests. */
const acceptByHeaders = new WeakMap<object, string>();

/**
 * Keeps the header `Accept` of requests to the given paths, and lets them pass restify's own check of it,
 * which refuses all that is not JSON, JavaScript, plain text without a version, or bytes.
 */
export function bypassAcceptParser(server: RestifyServer, paths: readonly string[]): void {
    const known = pathsByServer.get(server);
    if (known !== undefined) {
        paths.forEach((path) => known.add(path));
        return;
    }
    const kept = new Set<unknown>(paths);
    pathsByServer.set(server, kept);
    // The event comes after routing and before the first handler, so that other routes are left as they are
    server.on('routed', ({ headers }, _res, route) => {
        if (headers.accept === undefined || !kept.has(route.path)) return;
        acceptByHeaders.set(headers, headers.accept);
        headers.accept = '*/*';
    });
}

/** Gets the header `Accept` as the client has sent it. */
export function originalAccept(request: ScrapeRequest): string | undefined {
    const headers = request?.headers;
    return headers && (acceptByHeaders.get(headers) ?? headers.accept);
}
