import { Agent as HttpAgent, ClientRequest, request as httpRequest, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { urlToHttpOptions } from 'node:url';

import { openTunnel } from './openTunnel';
import { TlsFiles } from './TlsFiles';

/** How long, in ms, a connection is kept for the next request. */
const IDLE_TIME = 4000;

/** What a request has, apart from where it goes. */
export interface RequestParts {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Ends the request, also while it is connecting. */
    readonly signal: AbortSignal;
}

/**
 * The way to a gateway: direct, by a proxy that passes requests on (http), or through a tunnel that a proxy makes (https).
 *
 * Node's agents read the environment's proxies themselves from Node 24 on only, and undici's agents cannot be used with
 * Node's own client.
 */
export class GatewayRoute {
    private _agent: HttpAgent;

    /**
     * @param _url          the URL of the requests.
     * @param _tls          the certificates for https.
     * @param _proxy        the proxy on the way, or null.
     * @param _proxyHeaders the headers that are for the proxy.
     */
    public constructor(
        private readonly _url: URL,
        private readonly _tls: TlsFiles | null,
        private readonly _proxy: URL | null,
        private readonly _proxyHeaders: Readonly<Record<string, string>>
    ) {
        this._agent = this.createAgent();
    }

    /** Begins a request. */
    public async request(parts: RequestParts): Promise<ClientRequest> {
        const headers = { host: this._url.host, ...parts.headers };
        if (this._proxy === null) return this.send(this._url, { ...parts, headers });
        if (this._url.protocol === 'http:') {
            // The absolute form of RFC 9112 3.2.2. Many proxies open tunnels to port 443 only
            const allHeaders = { ...headers, ...this._proxyHeaders };
            return this.send(this._proxy, { ...parts, headers: allHeaders, path: this._url.href });
        }
        const socket = await openTunnel(this._proxy, this._url, this._proxyHeaders, parts.signal);
        const host = this._url.hostname.replace(/^\[|\]$/g, '');
        const tls = { ...this._tls?.options, socket, host, servername: isIP(host) === 0 ? host : '' };
        return httpsRequest({
            ...urlToHttpOptions(this._url),
            ...parts,
            headers,
            createConnection: () => connectTls(tls),
        });
    }

    /**
     * Takes over certificates that have changed. No request must be in flight.
     *
     * @param force     true to read the files also if they do not look changed.
     */
    public async refresh(force: boolean): Promise<void> {
        if ((await this._tls?.refresh(force)) !== true) return;
        this._agent.destroy();
        this._agent = this.createAgent();
    }

    /** Closes the connections that are kept. */
    public close(): void {
        this._agent.destroy();
    }

    private send(hop: URL, options: RequestOptions): ClientRequest {
        const request = hop.protocol === 'https:' ? httpsRequest : httpRequest;
        return request({ ...urlToHttpOptions(hop), auth: null, agent: this._agent, ...options });
    }

    private createAgent(): HttpAgent {
        const options = { keepAlive: true, timeout: IDLE_TIME };
        if (this._proxy === null && this._url.protocol === 'https:') {
            return new HttpsAgent({ ...options, ...this._tls?.options });
        }
        return this._proxy?.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    }
}
