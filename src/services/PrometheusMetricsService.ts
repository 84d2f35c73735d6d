/** @module services */
import { ConfigException, ConfigParams, Descriptor, IReferences, Schema } from 'pip-services3-commons-nodex';
import {
    CachedCounters,
    CompositeCounters,
    CompositeLogger,
    CompositeTracer,
    ConnectionParams,
    CredentialParams,
} from 'pip-services3-components-nodex';
import { HttpEndpoint } from 'pip-services3-rpc-nodex/obj/src/services/HttpEndpoint';

import { checkCredential, refuseStrayCredential } from '../common/checkCredential';
import { checkWholeNumbers, getText } from '../common/options';
import { findContextInfo } from '../common/references';
import { getSwitch, getSwitchOrText } from '../common/switches';
import { Renderer } from '../exposition/Renderer';
import { MetricsRegistry } from '../registries/MetricsRegistry';
import { DEFAULT_COLLECT_TIMEOUT } from '../registries/Registries';
import { bypassNegotiation } from './bypassNegotiation';
import { Connection } from './Connection';
import { ListenGuard } from './ListenGuard';
import { ScrapeRequest, ScrapeResponse, serverOf } from './restify';
import { RestService } from './restService';
import { CREDENTIAL_PARAMETERS, findAuthCredentials, ScrapeAuthorizer } from './ScrapeAuthorizer';
import { CORRELATION_ID, DEFAULT_TIMEOUT, ScrapeHandler, sendError } from './ScrapeHandler';
import { ordinaryResponse } from './upgrade';

/** The names under which counters can be referenced, in the order in which they are looked for. */
const COUNTERS_DEPENDENCIES = ['prometheus-counters', 'cached-counters'];

const WHOLE_NUMBERS = ['options.timeout', 'options.max_scrapes', 'options.collect_timeout'];

/** Other registries of metrics, all of which are exposed. */
const METRICS_REGISTRIES = new Descriptor('*', 'metrics-registry', '*', '*', '1.0');

/** The toolkit takes null for "no validation", but does not say so. */
const NO_SCHEMA = null as unknown as Schema;

/**
 * Service that exposes the counters to Prometheus and other scrapers:
 *
 * - <code>GET /metrics</code> answers the counters.
 * - <code>GET /metricsandreset</code> answers the counters and clears them. What the client did not get is put back,
 *   and merged with what was recorded meanwhile.
 *
 * What a reset has cleared counts as delivered when the client sends a further request on the connection or ends it
 * cleanly after the answer, and when nothing is heard for 30 s. It is put back
 *
 * - if the connection had ended before the answer was written. A client that sends no more (a half-close) before it has
 *   its answer cannot be told from one that has gone: nothing is cleared for it, and it gets no answer;
 * - if the connection is reset after the answer, as the system of a client does that is killed or closes without having
 *   read all. Of requests sent at once (pipelining) that goes for all answers that no later request has confirmed;
 * - if the client takes nothing of the answer for options.timeout, or more than 16 requests wait on its connection;
 * - if the service is closed before the answer is written, or within the 0.2 s that clients then have to show that they
 *   have it.
 *
 * What remains: measurements are lost if a client has read all bytes of its answer and then loses them, if it does not read
 * for 30 s and then goes (1 s over TLS if it asked for the end of the connection), or if its end crosses the answer on
 * the network. They are counted twice if a client reads an answer, leaves bytes unread that were sent after it, and
 * closes; or if it has read its answer, but does not notice that the service is closed.
 *
 * Metrics of the process and of other registries can stand behind the counters. They are never cleared.
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
 *   - timeout:               (optional) time in milliseconds for which a client may take nothing of an answer before its connection is cut, 0 for the default (default: 10000)
 *   - max_scrapes:           (optional) number of answers that may be under way at once, 0 for any number. Further requests are answered with 503 (default: 100)
 *   - process_metrics:       (optional) true to expose the metrics of the process that prom-client collects, from open() to close(); prom-client or @prometheus-io/client has to be installed (default: false)
 *   - prom_client:           (optional) true to expose the default registry of prom-client or @prometheus-io/client from open() to close(), or the name of a module whose export register it is (default: false)
 *   - collect_timeout:       (optional) time in milliseconds that another registry may take for its metrics, 0 for the default. One that takes longer is left out of the answer (default: 5000)
 *
 * ### References ###
 *
 * - <code>\*:logger:\*:\*:1.0</code>               (optional) ILogger components to pass log messages
 * - <code>\*:context-info:\*:\*:1.0</code>         (optional) ContextInfo with the defaults of source and instance
 * - <code>\*:discovery:\*:\*:1.0</code>            (optional) IDiscovery services to resolve the connection
 * - <code>\*:credential-store:\*:\*:1.0</code>     (optional) ICredentialStore components to look up the credentials
 * - <code>\*:endpoint:http:\*:1.0</code>           (optional) HttpEndpoint to expose the routes
 * - <code>\*:metrics-registry:\*:\*:1.0</code>     (optional) registries of prom-client, or what has getMetricsAsJSON() as they do, to expose behind the counters
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
    private readonly _scrapes = new ScrapeHandler();
    private readonly _listening = new ListenGuard();
    private _source: string | undefined;
    private _instance: string | undefined;
    private _resetEnabled = true;
    private _resetRegistered = false;
    private _authorizer: ScrapeAuthorizer | null = null;
    private _credentials: CredentialParams[] = [];
    private _serviceReferences: IReferences | null = null;
    private _ownEndpoint = true;

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
     * @throws ConfigException with the code WRONG_OPTION if an option is not what it can be, or a credential has a
     *      parameter that is not known or stands where it is not read.
     */
    public override configure(config: ConfigParams): void {
        checkWholeNumbers(config, WHOLE_NUMBERS);
        checkCredential(config, CREDENTIAL_PARAMETERS);
        refuseStrayCredential(config);
        const { registries } = this._scrapes;
        const resetEnabled = getSwitch(config, 'options.reset_enabled', this._resetEnabled);
        registries.hasProcessMetrics = getSwitch(config, 'options.process_metrics', registries.hasProcessMetrics);
        super.configure(normalizeDependencyKeys(config));
        this._baseRoute = foldSlashes(this._baseRoute);
        this._source = getText(config, 'source') ?? this._source;
        this._instance = getText(config, 'instance') ?? this._instance;
        this._scrapes.timeout =
            config.getAsLongWithDefault('options.timeout', this._scrapes.timeout) || DEFAULT_TIMEOUT;
        this._scrapes.maxScrapes = config.getAsLongWithDefault('options.max_scrapes', this._scrapes.maxScrapes);
        registries.promClient = getSwitchOrText(config, 'options.prom_client', registries.promClient);
        registries.collectTimeout =
            config.getAsLongWithDefault('options.collect_timeout', registries.collectTimeout) ||
            DEFAULT_COLLECT_TIMEOUT;
        this._resetEnabled = resetEnabled;
        if (resetEnabled && this.isOpen()) this.registerReset();
        const credentials = findAuthCredentials(config);
        if (credentials.length > 0) this._credentials = credentials;
        this.rebuild();
    }

    /**
     * Sets references to dependent components. A change of the endpoint takes effect only while the service is closed.
     *
     * @param references    references to locate the component dependencies.
     * @throws ConfigException with the code WRONG_COUNTERS if what is referenced as counters keeps no measurements, or
     *      WRONG_REGISTRY if what is referenced as a registry of metrics is none.
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
        this._scrapes.source = this.findCounters();
        this._scrapes.logger = this._logger;
        this._scrapes.registries.logger = this._logger;
        this._scrapes.registries.setReferenced(references.getOptional(METRICS_REGISTRIES));
        this._serviceReferences = references;
        this.rebuild();
    }

    /**
     * Opens the component.
     *
     * @param correlationId     (optional) transaction id to trace execution through call chain.
     * @throws ConfigException if the configured credentials cannot be used, or with the code PROM_CLIENT_MISSING if an
     *      option needs prom-client and it is not installed.
     * @throws ConnectionException if an endpoint of its own cannot listen.
     */
    public override async open(correlationId: string | null): Promise<void> {
        if (this.isOpen()) return;
        await this._authorizer?.load();
        this._scrapes.registries.open();
        try {
            await this.openEndpoint(correlationId ?? '');
        } catch (error) {
            this._scrapes.registries.close();
            throw error;
        }
    }

    /**
     * Closes the component. Scrapes that are under way are cut, and what resets have taken for them is put back.
     *
     * @param correlationId     (optional) transaction id to trace execution through call chain.
     */
    public override async close(correlationId: string | null): Promise<void> {
        await this._scrapes.close();
        await super.close(correlationId ?? '');
        this._scrapes.registries.close();
    }

    /**
     * Adds a registry of metrics that are exposed behind the counters: one of prom-client or @prometheus-io/client, or
     * anything that has getMetricsAsJSON(). It is never reset.
     *
     * @param registry  the registry. One that is there already is not added again.
     * @throws ConfigException with the code WRONG_REGISTRY if it has no getMetricsAsJSON().
     */
    public addRegistry(registry: MetricsRegistry): void {
        this._scrapes.registries.add(registry);
    }

    /**
     * Removes a registry that was added.
     *
     * @param registry  the registry.
     */
    public removeRegistry(registry: MetricsRegistry): void {
        this._scrapes.registries.remove(registry);
    }

    /** Registers all service routes in HTTP endpoint. */
    public override register(): void {
        const server = serverOf(this._endpoint);
        if (server !== null) {
            Connection.observeRequests(server);
            this._listening.watch(server);
        }
        this.registerScrape('metrics', false);
        this._resetRegistered = false;
        if (this._resetEnabled) this.registerReset();
    }

    private registerReset(): void {
        if (this._resetRegistered) return;
        this._resetRegistered = true;
        this.registerScrape('metricsandreset', true);
    }

    private registerScrape(route: string, isReset: boolean): void {
        const server = serverOf(this._endpoint);
        if (server !== null) bypassNegotiation(server, [`${this._baseRoute || ''}/${route}`]);
        for (const method of ['head', 'get']) {
            this.registerRoute(method, route, NO_SCHEMA, (req: ScrapeRequest, res: ScrapeResponse) =>
                this.handle(req, ordinaryResponse(req, res), isReset)
            );
        }
    }

    private async handle(req: ScrapeRequest, res: ScrapeResponse, isReset: boolean): Promise<void> {
        if (isReset && !this._resetEnabled) {
            sendError(res, 404, 'There is no such route\n');
            return;
        }
        const authorizer = this._authorizer;
        if (authorizer !== null && !(await this.isAuthorized(authorizer, req, res))) return;
        await this._scrapes.answer(req, res, isReset);
    }

    /** Makes what depends on both the configuration and the references. */
    private rebuild(): void {
        const info = findContextInfo(this._serviceReferences);
        this._scrapes.createRenderer = (exposition) => {
            const context = exposition.style.labelsContext ? info : null;
            const source = this._source ?? context?.name ?? null;
            return new Renderer(exposition, source, this._instance ?? context?.contextId ?? null);
        };
        this._authorizer =
            this._credentials.length === 0 ? null : new ScrapeAuthorizer(this._credentials, this._serviceReferences);
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

    private async openEndpoint(correlationId: string): Promise<void> {
        if (this._ownEndpoint) {
            await this.openOwnEndpoint(correlationId);
            return;
        }
        if (ConnectionParams.manyFromConfig(this._config).length > 0) {
            this._logger.warn(
                correlationId,
                'The connection of the metrics service is not used, as it uses the HTTP endpoint that it found. ' +
                    'Remove the connection, or name another endpoint in dependencies.endpoint'
            );
        }
        await super.open(correlationId);
    }

    private async openOwnEndpoint(correlationId: string): Promise<void> {
        try {
            await this._listening.during(() => super.open(correlationId), correlationId);
        } catch (error) {
            await this._endpoint.close(correlationId);
            throw error;
        }
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
            this._scrapes.sendFailure(res, error as Error);
        }
        return false;
    }
}

/** Writes a route with one slash before each of its parts: "ops//" is "/ops", and "/" is none. */
function foldSlashes(route: string | undefined): string {
    const parts = (route ?? '').trim().split('/');
    return parts.map((part) => (part === '' ? '' : `/${part}`)).join('');
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
