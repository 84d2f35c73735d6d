import { IncomingMessage, ServerResponse } from 'node:http';

import { ScrapeRequest, ScrapeResponse } from './restify';

/**
 * Gets the response to answer a request with. A request to change the protocol may be answered as if it did not ask for
 * it (RFC 9110, 7.8), but of such a response restify sends the status only.
 */
export function ordinaryResponse(request: ScrapeRequest, response: ScrapeResponse): ScrapeResponse {
    if (response.claimUpgrade === undefined) return response;
    const { socket } = response.claimUpgrade();
    const ordinary = new ServerResponse(request as IncomingMessage);
    ordinary.shouldKeepAlive = false;
    ordinary.assignSocket(socket);
    // Node no longer listens to the connection. How it ends is seen by its end or close
    socket.on('error', () => undefined).resume();
    ordinary.once('finish', () => {
        ordinary.detachSocket(socket);
        socket.destroySoon();
        // restify ends its own work on the request with that
        response.emit('finish');
    });
    return ordinary;
}
