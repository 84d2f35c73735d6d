/** @module services */
import { once } from 'node:events';

import {
    ConfigException,
    ConfigParams,
    ConnectionException,
    Descriptor,
    IReferences,
    Schema,
} from 'pip-services3-commons-nodex';
import {
    CachedCounters,
    CompositeCounters,
    CompositeLogger,
    CompositeTracer,
    ConnectionParams,
    Counter,
    CredentialParams,
} from 'pip-services3-components-nodex';
import { HttpEndpoint } from 'pip-services3-rpc-nodex/obj/src/services/HttpEndpoint';

import { getText } from '../common/options';
import { findContextInfo } from '../common/references';
import { restoreCounters } from '../count/restoreCounters';
import { takeCounters } from '../count/takeCounters';
import { COMPATIBLE_EXPOSITION } from '../exposition/Exposition';
import { negotiate } from '../exposition/negotiation';
import { Renderer } from '../exposition/Renderer';
import { originalAccept, bypassAcceptParser } from './originalAccept';
import { ScrapeRequest, ScrapeResponse, serverOf } from './restify';
import { RestService } from './restService';
import { findAuthCredentials, ScrapeAuthorizer } from './ScrapeAuthorizer';
import { CLOSED_TOO_EARLY, sendText } from './sendText';

/** The names under which counters can be referenced, in the order in which they are looked for. */
const COUNTERS_DEPENDENCIES = ['prometheus-counters', 'cached-counters'];

/** The transaction id of log messages about requests. */
const CORRELATION_ID = 'prometheus-metrics';

/** The toolkit takes null for "no validation", but does not say so. */
const NO_SCHEMA = null as unknown as Schema;

/**
 * Service that exposes the counters to Prometheus and other scrapers:
 *
 * - <code>GET /metrics</code> answers the counters.
 * - <code>GET /metricsandreset</code> answers the counters and clears them. If the response could not be handed over
 *   whole, what was cleared is put back.
 *
 * The answer is Prometheus text 0.0.4, or OpenMetrics 1.0.0 if the scraper prefers it. HEAD answers the headers only,
 * and clears nothing.
 *
 * ### Configuration parameters ###
 *
 * - base_route:              (optional) base route of both routes (default: "")
 * - source:                  (optional) value of the label "source", "" for none (default: name of the context-info)
 * - instance:                (optional) value of the label "instance", "" for none (default: context id of the context-info)
 * - dependencies:
 *   - endpoint:              (optional) override for the HTTP endpoint dependency
 *   - prometheus_counters:   (optional) override for the PrometheusCounters dependency, also prometheus-counters
 *   - cached_counters:       (optional) override for the CachedCounters dependency that is used if there are no PrometheusCounters, also cached-counters
 * - connection(s):           (optional) the address of an endpoint of its own, used if no HTTP endpoint is referenced
 *   - discovery_key:         (optional) a key to retrieve the connection from a discovery service
 *   - protocol:              (optional) connection protocol: http or https (default: http)
 *   - host:                  (optional) host name or IP address (default: 0.0.0.0)
 *   - port:                  (optional) port number (default: 3000)
 *   - uri:                   (optional) URI with protocol, host and port, instead of these
 * - credential:              (optional)
 *   - store_key:             (optional) a key to retrieve the credentials from a credential store
 *   - username, password:    (optional) both routes ask for these by Basic authentication
 *   - access_key:            (optional) both routes ask for this by Bearer authentication
 *   - ssl_key_file:          (optional) private key of an endpoint of its own, in PEM
 *   - ssl_crt_file:          (optional) certificate of an endpoint of its own, in PEM
 * - options:
 *   - reset_enabled:         (optional) false to leave /metricsandreset out (default: true)
 *
 * ### References ###
 *
 * - <code>\*:logger:\*:\*:1.0</code>               (optional) ILogger components to pass log messages
 * - <code>\*:context-info:\*:\*:1.0</code>         (optional) ContextInfo with the defaults of source and instance
 * - <code>\*:discovery:\*:\*:1.0</code>            (optional) IDiscovery services to resolve the connection
 * - <code>\*:credential-store:\*:\*:1.0</code>     (optional) ICredentialStore components to look up the credentials
 * - <code>\*:endpoint:http:\*:1.0</code>           (optional) HttpEndpoint to expose the routes
 * - <code>\*:counters:prometheus:\*:1.0</code>     (optional) {@link PrometheusCounters} to expose
 * - <code>\*:counters:cached:\*:1.0</code>         (optional) CachedCounters to expose if there are no PrometheusCounters
 *
 * @see {@link PrometheusCounters}
 * @see {@link https://prometheus.io/docs/instrumenting/exposition_formats/ Exposition formats}
 *
 * ### Example ###
 *
 *     let service = new PrometheusMetricsService();
 *     service.configure(ConfigParams.fromTuples(
 *         "connection.protocol", "http",
 *         "connection.host", "localhost",
 *         "connection.port", 8080
 *     ));
 *     service.setReferences(References.fromTuples(
 *         new Descriptor("pip-services", "counters", "prometheus", "default", "1.0"), counters
 *     ));
 *
 *     await service.open("123");
 *     console.log("The Prometheus metrics service is accessible at http://localhost:8080/metrics");
 */
export class PrometheusMetricsService extends RestService {
    private _counterSource: CachedCounters | null = null;
    private _source: string | undefined;
    private _instance: string | undefined;
    private _resetEnabled = true;
    private _renderer = new Renderer(COMPATIBLE_EXPOSITION, null, null);
    private _authorizer: ScrapeAuthorizer | null = null;
    private _credentials: CredentialParams[] = [];
    private _serviceReferences: IReferences | null = null;
    private _ownEndpoint = true;
    private _onListenError: ((error: Error) => void) | null = null;

    /** Creates a new instance of this service. */
    public constructor() {
        super();
        this._config = new ConfigParams();
        this._dependencyResolver.put('prometheus-counters', new Descriptor('*', 'counters', 'prometheus', '*', '1.0'));
        this._dependencyResolver.put('cached-counters', new Descriptor('*', 'counters', 'cached', '*', '1.0'));
    }

    /**
     * Configures component by passing configuration parameters.
     *
     * @param config    configuration parameters to be set.
     */
    public override configure(config: ConfigParams): void {
        super.configure(normalizeDependencyKeys(config));
        this._source = getText(config, 'source') ?? this._source;
        this._instance = getText(config, 'instance') ?? this._instance;
        this._resetEnabled = config.getAsBooleanWithDefault('options.reset_enabled', this._resetEnabled);
        const credentials = findAuthCredentials(config);
        if (credentials.length > 0) this._credentials = credentials;
        this.rebuild();
    }

    /**
     * Sets references to dependent components. A change of the endpoint takes effect only while the service is closed.
     *
     * @param references    references to locate the component dependencies.
     * @throws ConfigException with the code WRONG_COUNTERS if what is referenced as counters keeps no measurements.
     */
    public override setReferences(references: IReferences): void {
        // The toolkit's base would log, count and register twice if it is given references again
        this._logger = new CompositeLogger();
        this._counters = new CompositeCounters();
        this._tracer = new CompositeTracer();
        const before = this._endpoint as HttpEndpoint | undefined;
        before?.unregister(this);
        super.setReferences(references);
        if (before !== undefined && this.isOpen()) this.moveTo(before);

        this._ownEndpoint = this._dependencyResolver.getOneOptional<HttpEndpoint | null>('endpoint') == null;
        this._counterSource = this.findCounters();
        this._serviceReferences = references;
        this.rebuild();
    }

    /**
     * Opens the component.
     *
     * @param correlationId     (optional) transaction id to trace execution through call chain.
     * @throws ConfigException if the configured credentials cannot be used.
     * @throws ConnectionException if an endpoint of its own cannot listen.
     */
    public override async open(correlationId: string | null): Promise<void> {
        if (this.isOpen()) return;
        await this._authorizer?.check(undefined);
        if (this._ownEndpoint) {
            await this.openOwnEndpoint(correlationId ?? '');
            return;
        }
        if (ConnectionParams.manyFromConfig(this._config).length > 0) {
            this._logger.warn(
                correlationId ?? '',
                'The connection of the metrics service is not used, as it uses the HTTP endpoint that it found. ' +
                    'Remove the connection, or name another endpoint in dependencies.endpoint'
            );
        }
        await super.open(correlationId ?? '');
    }

    /** Registers all service routes in HTTP endpoint. */
    public override register(): void {
        const routes = this._resetEnabled ? ['metrics', 'metricsandreset'] : ['metrics'];
        const server = serverOf(this._endpoint);
        if (server !== null) {
            bypassAcceptParser(
                server,
                routes.map((route) => this.pathOf(route))
            );
            if (this._onListenError !== null) server.once('error', this._onListenError);
        }
        for (const route of routes) {
            this.registerScrape('head', route);
            this.registerScrape('get', route);
        }
    }

    /** Makes what depends on both the configuration and the references. */
    private rebuild(): void {
        const info = findContextInfo(this._serviceReferences);
        this._renderer = new Renderer(
            COMPATIBLE_EXPOSITION,
            this._source ?? info?.name ?? null,
            this._instance ?? info?.contextId ?? null
        );
        this._authorizer =
            this._credentials.length === 0 ? null : new ScrapeAuthorizer(this._credentials, this._serviceReferences);
    }

    private registerScrape(method: string, route: string): void {
        const scrape = (req: ScrapeRequest, res: ScrapeResponse) => this.scrape(req, res, route === 'metricsandreset');
        const authorize = (req: ScrapeRequest, res: ScrapeResponse, next: () => unknown) =>
            this.authorize(req, res, next);
        if (this._authorizer === null) {
            // A mocked endpoint may know no authorization. But credentials may be configured later on
            this.registerRoute(method, route, NO_SCHEMA, (req: ScrapeRequest, res: ScrapeResponse) =>
                authorize(req, res, () => scrape(req, res))
            );
        } else {
            this.registerRouteWithAuth(method, route, NO_SCHEMA, authorize, scrape);
        }
    }

    private findCounters(): CachedCounters | null {
        for (const dependency of COUNTERS_DEPENDENCIES) {
            const counters = this._dependencyResolver.getOneOptional<Partial<CachedCounters> | null>(dependency);
            if (counters == null) continue;
            if (typeof counters.getAll === 'function') return counters as CachedCounters;
            throw new ConfigException(
                undefined,
                'WRONG_COUNTERS',
                `The component referenced as ${dependency} keeps no measurements. It must be CachedCounters`
            );
        }
        return null;
    }

    private moveTo(endpoint: HttpEndpoint): void {
        this._endpoint.unregister(this);
        this._endpoint = endpoint;
        endpoint.register(this);
    }

    private async openOwnEndpoint(correlationId: string): Promise<void> {
        const failure = new Promise<never>((_resolve, reject) => {
            this._onListenError = (error) => reject(cannotListen(correlationId, error));
        });
        try {
            await Promise.race([super.open(correlationId), failure]);
        } catch (error) {
            await this._endpoint.close(correlationId);
            throw error;
        } finally {
            this._onListenError = null;
        }
    }

    private pathOf(route: string): string {
        const base = this._baseRoute || '';
        return `${base === '' || base.startsWith('/') ? base : `/${base}`}/${route}`;
    }

    private async authorize(req: ScrapeRequest, res: ScrapeResponse, next: () => unknown): Promise<void> {
        if (this._authorizer !== null && !(await this.isAuthorized(this._authorizer, req, res))) return;
        await next();
    }

    private async isAuthorized(
        authorizer: ScrapeAuthorizer,
        req: ScrapeRequest,
        res: ScrapeResponse
    ): Promise<boolean> {
        try {
            const challenges = await authorizer.check(req?.headers?.authorization);
            if (challenges === null) return true;
            this._logger.debug(CORRELATION_ID, 'Refused a request to %s without valid credentials', req?.url);
            res.statusCode = 401;
            res.setHeader('www-authenticate', challenges);
            res.end();
        } catch (error) {
            this.sendFailure(res, error as Error);
        }
        return false;
    }

    private async scrape(req: ScrapeRequest, res: ScrapeResponse, isReset: boolean): Promise<void> {
        const source = this._counterSource;
        const isHead = req?.method === 'HEAD';
        let taken: Counter[] = [];
        try {
            // The response to a request that came along with an earlier one gets no socket until its turn, or never
            if (res.socket === null) await once(res, 'socket');
            const { format, contentType } = negotiate(originalAccept(req));
            const since = performance.now();
            const counters = source?.getAll() ?? [];
            const pieces = this._renderer.render(counters, format);
            if (isReset && !isHead && source !== null) taken = takeCounters(source);
            res.statusCode = 200;
            res.setHeader('content-type', contentType);
            res.setHeader('vary', 'Accept, Accept-Encoding');
            await sendText(res, pieces, isHead, since);
        } catch (error) {
            if (source !== null) this.rollBackReset(source, taken);
            this.sendFailure(res, error as Error);
        }
    }

    private rollBackReset(source: CachedCounters, taken: readonly Counter[]): void {
        void restoreCounters(source, taken, (error) =>
            this._logger.error(CORRELATION_ID, error, 'Failed to put counters back that were not delivered')
        );
    }

    /** Answers a request that failed, if nothing of the answer is sent yet. Else the client sees that its body is cut. */
    private sendFailure(res: ScrapeResponse, error: NodeJS.ErrnoException): void {
        if (error.code === CLOSED_TOO_EARLY) {
            this._logger.debug(CORRELATION_ID, 'A client closed its connection before it had all metrics');
            return;
        }
        this._logger.error(CORRELATION_ID, error, 'Failed to answer a request for metrics');
        if (res.headersSent) {
            res.destroy();
            return;
        }
        const reason = `Failed to answer the metrics: ${error.message}\n`;
        res.statusCode = 500;
        res.setHeader('content-type', 'text/plain; charset=utf-8');
        res.setHeader('content-length', Buffer.byteLength(reason));
        res.end(reason);
    }
}

function cannotListen(correlationId: string, cause: Error): ConnectionException {
    const message = `The metrics service cannot open its endpoint: ${cause.message}`;
    const error = new ConnectionException(correlationId, 'CANNOT_CONNECT', message);
    error.withCause(cause);
    return error;
}

/** Dependencies may be written with underscores too, as in the toolkit's documentation. */
function normalizeDependencyKeys(config: ConfigParams): ConfigParams {
    const result = new ConfigParams(config);
    for (const dependency of COUNTERS_DEPENDENCIES) {
        const locator: unknown = config.getAsNullableString(`dependencies.${dependency.replace('-', '_')}`);
        if (locator !== null) result.setAsObject(`dependencies.${dependency}`, locator);
    }
    return result;
}
