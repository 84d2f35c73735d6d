import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { HttpEndpoint } from 'pip-services3-rpc-nodex/obj/src/services/HttpEndpoint';

/** How restify tells what a client accepts: that which is preferred of some types, if any. */
export interface NegotiatingRequest {
    accepts: (types: string | readonly string[]) => string | undefined;
    acceptsEncoding: (types: string | readonly string[]) => string | undefined;
}

/** A request as handlers get it; a mocked one may have nothing at all. */
export type ScrapeRequest = Partial<IncomingMessage & NegotiatingRequest> | null | undefined;

/** A response of restify; a mocked one has only what is set in each answer: status, headers and body. */
export interface ScrapeResponse extends ServerResponse {
    /** Takes over the connection. It is there if the client asks to change the protocol, and nothing else works then. */
    readonly claimUpgrade?: () => { readonly socket: Socket };
}

/** What is used of restify's server. */
export interface RestifyServer {
    on(
        event: 'routed',
        listener: (
            req: IncomingMessage & NegotiatingRequest,
            res: ServerResponse,
            route: { readonly path: unknown }
        ) => void
    ): void;
    on(event: 'pre', listener: (req: IncomingMessage) => void): void;
    once(event: 'error', listener: (error: Error) => void): void;
}

/** Gets the server of an endpoint. There is none while the endpoint is closed, and in a mocked one. */
export function serverOf(endpoint: Partial<HttpEndpoint>): RestifyServer | null {
    return (endpoint.getServer?.() as RestifyServer | null | undefined) ?? null;
}
