import { Readable } from 'node:stream';
import { SecureContextOptions } from 'node:tls';

import type { Agent } from 'undici';

import { badStatus, noResponse } from './failures';

/** How many characters of a response are read. */
const BODY_LIMIT = 512;

/** How a gateway is reached. */
export interface GatewayConnection {
    /** Protocol, host, port and path prefix of the gateway, without a slash at the end. */
    readonly uri: string;
    /** The header `Authorization`, or null. */
    readonly authorization: string | null;
    /** The certificates to trust and to show. */
    readonly tls: SecureContextOptions;
    /** The longest time, in ms, that connecting may take. */
    readonly connectTimeout: number;
    /** The longest time, in ms, that a request may take, from connecting to the end of the response. */
    readonly timeout: number;
}

/**
 * Writes and deletes one group of metrics in a Pushgateway.
 */
export class PushgatewayClient {
    private readonly _url: string;
    private readonly _origin: string;
    private readonly _path: string;
    private readonly _authorization: Record<string, string>;
    private readonly _timeout: number;
    private readonly _closing = new AbortController();
    private readonly _agent: Agent;

    /**
     * @param connection    how the gateway is reached.
     * @param path          the path of the group.
     */
    public constructor(connection: GatewayConnection, path: string) {
        // Not before it is needed: it takes as long to load as all the rest, and most services do not push
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const undici = require('undici') as typeof import('undici');
        const url = new URL(connection.uri + path);
        this._url = url.href;
        this._origin = url.origin;
        this._path = url.pathname;
        this._authorization = connection.authorization === null ? {} : { authorization: connection.authorization };
        this._timeout = connection.timeout;
        // The limit of the whole request rules, so undici's own are off. It heeds that one only once it is connected
        const connectTimeout = Math.min(connection.connectTimeout, connection.timeout);
        this._agent = new undici.Agent({
            connect: { ...connection.tls, timeout: connectTimeout, signal: this._closing.signal },
            headersTimeout: 0,
            bodyTimeout: 0,
        });
    }

    /** The URL of the group. */
    public get url(): string {
        return this._url;
    }

    /** Replaces the metrics of the group. */
    public put(body: Buffer): Promise<void> {
        return this.send('PUT', { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }, body);
    }

    /** Deletes the group. */
    public delete(): Promise<void> {
        return this.send('DELETE', {}, null);
    }

    /** Closes the connections. A request that is in flight fails. */
    public async close(): Promise<void> {
        const destroyed = this._agent.destroy();
        // Ends a connection that is only being made, which undici would keep on trying
        this._closing.abort();
        await destroyed;
    }

    private async send(method: 'PUT' | 'DELETE', headers: Record<string, string>, body: Buffer | null): Promise<void> {
        const { statusCode, body: response } = await this._agent
            .request({
                origin: this._origin,
                path: this._path,
                method,
                headers: { ...headers, ...this._authorization },
                body,
                signal: AbortSignal.timeout(this._timeout),
            })
            .catch((error: unknown) => {
                throw noResponse(method, this._url, error as Error);
            });
        const start = await readStart(response);
        if (statusCode < 200 || statusCode > 299) throw badStatus(method, this._url, statusCode, start);
    }
}

/** Reads the start of a response as one line. */
async function readStart(response: Readable): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    try {
        for await (const chunk of response) {
            text += decoder.decode(chunk as Buffer, { stream: true });
            if (text.length >= BODY_LIMIT) break;
        }
    } catch {
        // The status says what counts, even when the rest of the response does not arrive
    }
    return text
        .slice(0, BODY_LIMIT)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim();
}
