import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';

/**
 * Has a proxy connect to a host (RFC 9110 9.3.6).
 *
 * @param headers   the headers for the proxy.
 * @param signal    when aborted, the attempt ends.
 */
export function openTunnel(
    proxy: URL,
    { hostname, port }: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal
): Promise<Socket> {
    const authority = `${hostname}:${port || '443'}`;
    const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
        request({
            ...urlToHttpOptions(proxy),
            // Its user info is in the headers
            auth: null,
            method: 'CONNECT',
            path: authority,
            headers: { host: authority, ...headers },
            agent: false,
            signal,
        })
            .on('connect', ({ statusCode = 0 }, socket) => {
                if (statusCode >= 200 && statusCode <= 299) {
                    resolve(socket);
                    return;
                }
                socket.destroy();
                reject(new Error(`The proxy answered CONNECT with status ${statusCode}`));
            })
            .on('error', reject)
            .end();
    });
}
