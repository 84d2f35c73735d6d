import { RestifyServer, ScrapeRequest } from './restify';

/**
 * Keeps the header `Accept` of requests to certain paths, and lets them pass restify's own check of it,
 * which refuses all that is not JSON, JavaScript, plain text without a version, or bytes.
 */
export class AcceptKeeper {
    private readonly _headers = new WeakMap<object, string>();

    /** Starts to keep the headers of requests to the given paths. */
    public watch(server: RestifyServer, paths: ReadonlySet<unknown>): void {
        // The event comes after routing and before the first handler, so that other routes are left as they are
        server.on('routed', ({ headers }, _res, route) => {
            if (headers.accept === undefined || !paths.has(route.path)) return;
            this._headers.set(headers, headers.accept);
            headers.accept = '*/*';
        });
    }

    /** Gets the header `Accept` as the client has sent it. */
    public acceptOf(request: ScrapeRequest): string | undefined {
        const headers = request?.headers;
        return headers && (this._headers.get(headers) ?? headers.accept);
    }
}
