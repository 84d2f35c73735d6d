import { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

import { basicOfUserInfo } from './credentials';
import { badStatus, noResponse } from './failures';
import { GatewayRoute, RequestParts } from './GatewayRoute';
import { redact, secretsOf } from './redact';
import { TlsFiles } from './TlsFiles';

/** How many characters of a response are reported. */
const BODY_LIMIT = 512;

/** How a gateway is reached. */
export interface GatewayConnection {
    /** Protocol, host, port and path prefix of the gateway, without a slash at the end. */
    readonly uri: string;
    /** The header `Authorization`, or null. */
    readonly authorization: string | null;
    /** The certificates to trust and to show, or null for those of the system. */
    readonly tls: TlsFiles | null;
    /** The proxy on the way, or null. */
    readonly proxy: URL | null;
    /** The longest time, in ms, that connecting may take. */
    readonly connectTimeout: number;
    /** The longest time, in ms, that a request may take, from connecting to the end of the response. */
    readonly timeout: number;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Writes and deletes one group of metrics in a Pushgateway, with one request at a time.
 *
 * It uses Node's own HTTP client, which passes over the 1xx responses, as RFC 9110 15.2 asks. undici fails a request
 * at a `100 Continue` that nobody asked for, before any interceptor sees it.
 */
export class PushgatewayClient {
    private readonly _url: URL;
    private readonly _headers: Headers;
    private readonly _secrets: readonly string[];
    private readonly _route: GatewayRoute;
    private readonly _running = new Set<AbortController>();
    private _closed = false;
    private _failed = false;

    /**
     * @param _connection   how the gateway is reached.
     * @param path          the path of the group.
     */
    public constructor(
        private readonly _connection: GatewayConnection,
        path: string
    ) {
        const { uri, authorization, tls, proxy } = _connection;
        const proxyAuthorization = proxy && basicOfUserInfo(proxy);
        const proxyHeaders: Headers = proxyAuthorization === null ? {} : { 'proxy-authorization': proxyAuthorization };
        this._url = new URL(uri + path);
        this._headers = authorization === null ? {} : { authorization };
        this._secrets = secretsOf([authorization, proxyAuthorization]);
        this._route = new GatewayRoute(this._url, tls, proxy, proxyHeaders);
    }

    /** The URL of the group. */
    public get url(): string {
        return this._url.href;
    }

    /** Replaces the metrics of the group. */
    public put(contentType: string, body: Buffer): Promise<void> {
        return this.send('PUT', { 'content-type': contentType }, body);
    }

    /** Deletes the group. */
    public delete(): Promise<void> {
        return this.send('DELETE', {}, null);
    }

    /** Closes the connections. A request that is in flight fails. */
    public close(): void {
        this._closed = true;
        this._running.forEach((controller) => controller.abort(closed()));
        this._route.close();
    }

    private async send(method: 'PUT' | 'DELETE', headers: Headers, body: Buffer | null): Promise<void> {
        const { connectTimeout, timeout } = this._connection;
        // One signal for each request: what listens to it goes with it
        const controller = new AbortController();
        const connecting = abortAfter(
            controller,
            connectTimeout,
            'Connecting took longer than options.connect_timeout'
        );
        const whole = abortAfter(controller, timeout, 'The request took longer than options.timeout');
        this._running.add(controller);
        if (this._closed) controller.abort(closed());
        try {
            const parts = { method, headers: { ...headers, ...this._headers }, signal: controller.signal };
            const response = await this.exchange(parts, body, () => clearTimeout(connecting));
            const { statusCode = 0 } = response;
            const start = await this.readStart(response);
            if (statusCode < 200 || statusCode > 299) throw badStatus(method, this.url, statusCode, start);
        } finally {
            clearTimeout(connecting);
            clearTimeout(whole);
            this._running.delete(controller);
        }
    }

    /** Sends a request, and gets the head of the response. */
    private async exchange(parts: RequestParts, body: Buffer | null, onConnect: () => void): Promise<IncomingMessage> {
        try {
            // After a failure also those that look unchanged are read: it may have been for them
            await this._route.refresh(this._failed);
            const response = await this.getResponse(parts, body, onConnect);
            this._failed = false;
            return response;
        } catch (error) {
            this._failed = true;
            const cause = (parts.signal.aborted ? parts.signal.reason : error) as Error;
            throw noResponse(parts.method, this.url, cause, this._secrets);
        }
    }

    private async getResponse(
        parts: RequestParts,
        body: Buffer | null,
        onConnect: () => void
    ): Promise<IncomingMessage> {
        const request = await this._route.request(parts);
        return new Promise((resolve, reject) => {
            request.on('socket', (socket) => {
                if (request.reusedSocket) onConnect();
                else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', onConnect);
            });
            request.on('response', resolve);
            request.on('error', (error: NodeJS.ErrnoException) => {
                // The gateway closed a connection that was kept in the moment in which it was used
                const isStale = request.reusedSocket && error.code === 'ECONNRESET' && !parts.signal.aborted;
                if (isStale) resolve(this.getResponse(parts, body, onConnect));
                else reject(error);
            });
            request.end(body ?? undefined);
        });
    }

    /** Reads the start of a response as one line, without what it repeats of the credentials. */
    private async readStart(response: IncomingMessage): Promise<string> {
        const limit = BODY_LIMIT + (this._secrets[0]?.length ?? 0);
        const decoder = new TextDecoder();
        let text = '';
        try {
            for await (const chunk of response) {
                text += decoder.decode(chunk as Buffer, { stream: true });
                if (text.length >= limit) break;
            }
        } catch {
            // The status says what counts, even when the rest of the response does not arrive
        }
        return redact(text, this._secrets, !response.complete)
            .slice(0, BODY_LIMIT)
            .replace(/[\s\p{Cc}]+/gu, ' ')
            .trim();
    }
}

function abortAfter(controller: AbortController, time: number, message: string): NodeJS.Timeout {
    return setTimeout(() => controller.abort(new Error(`${message}, ${time} ms`)), time);
}

function closed(): Error {
    return new Error('The client is closed');
}
