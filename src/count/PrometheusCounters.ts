/** @module count */
import { BadRequestException, ConfigParams, IOpenable, IReferenceable, IReferences } from 'pip-services3-commons-nodex';
import { CachedCounters, CompositeLogger, Counter, CounterTiming, CounterType } from 'pip-services3-components-nodex';

import { Exposition } from '../exposition/Exposition';
import { Piece } from '../exposition/formats';
import { PROTOBUF_FORMAT } from '../exposition/protobufFormat';
import { TEXT_FORMAT } from '../exposition/textFormats';
import { Renderer } from '../exposition/Renderer';
import { openPusher } from '../push/openPusher';
import { Pusher, PushSupplier } from '../push/Pusher';
import { DEFAULT_OPTIONS, readCounterOptions } from './counterOptions';
import { CounterStore } from './CounterStore';
import { ExpirySweep } from './ExpirySweep';
import { MonotonicTiming } from './MonotonicTiming';
import { RecordingWarnings } from './RecordingWarnings';
import { ResetClock } from './ResetClock';
import { SeriesCounter } from './SeriesCounter';

/**
 * Performance counters that are exposed to Prometheus.
 *
 * The component normally is passive: it keeps the measurements, and {@link PrometheusMetricsService} hands them out.
 * If a connection is configured, it also pushes them to a Prometheus Pushgateway: at intervals, on {@link dump}
 * and on {@link close}. A push that fails is repeated, and never disturbs the recording. It goes by the proxies of the
 * environment: <code>http_proxy</code>, <code>https_proxy</code> and <code>no_proxy</code>. Certificate files that are
 * replaced are read again. If no logger is referenced, failures of pushing are written to the standard error stream.
 *
 * ### Configuration parameters ###
 *
 * - source:                  (optional) name of the service, the job of pushed metrics (default: name of the context-info, then "unknown")
 * - instance:                (optional) name of the instance in pushed metrics, "" for none (default: context id of the context-info, then the host name)
 * - style:                   (optional) compatible for the gauges of 1.0.1, or idiomatic for typed metrics in seconds with HELP (default: compatible)
 * - prefix:                  (optional) what every metric name begins with that no mapping gives; style idiomatic only (default: "")
 * - defaults:                (optional) what counts where a mapping says nothing, as in statsd_exporter
 *   - match_type:            (optional) glob or regex (default: glob)
 *   - glob_disable_ordering: (optional) true to take the most specific glob rather than the first one (default: false)
 *   - ttl:                   (optional) how long a series is kept that is not written, as a Go duration such as 1h30m, 0 for ever (default: 0)
 *   - observer_type:         (optional) what timings and statistics become: summary or histogram; style idiomatic only (default: summary)
 *   - histogram_options:     (optional)
 *     - buckets:             (optional) upper bounds in increasing order, of timings in seconds (default: 0.005 to 10)
 *     - native_histogram_bucket_factor:    (optional) above 1: native histograms whose buckets grow by that factor at most (default: none)
 *     - native_histogram_max_buckets:      (optional) how many native buckets there may be from the lowest to the highest (default: 160)
 * - mappings:                (optional) list of rules for names, as in statsd_exporter
 *   - match:                 a glob, in which * stands for one segment between dots, or a regular expression
 *   - match_type:            (optional) glob or regex (default: that of defaults)
 *   - match_metric_type:     (optional) counter, gauge or observer, to match counters of these types only
 *   - name:                  name of the metric, in which $1 stands for what the first * or group matched
 *   - labels:                (optional) labels and their values, in which $1 stands for the same
 *   - help:                  (optional) the HELP of the metric
 *   - action:                (optional) map, or drop to keep nothing of the names (default: map)
 *   - scale:                 (optional) what values are multiplied with when they are recorded (default: 1)
 *   - ttl:                   (optional) as in defaults
 *   - metric_type:           (optional) gauge for increments that go up and down
 *   - observer_type, histogram_options:    (optional) as in defaults
 * - push_enabled:            (optional) false to push nothing even if a connection is configured (default: true)
 * - interval:                (optional) time between two pushes in milliseconds, 0 to push on dump() and close() only (default: 300000)
 * - reset_timeout:           (optional) time in milliseconds after which all counters are cleared, 0 for never (default: 0).
 *                            It goes on while the machine is suspended, and does not change when the wall clock is set
 * - connection(s):           (optional) the Pushgateway; nothing is pushed without
 *   - discovery_key:         (optional) a key to retrieve the connection from a discovery service
 *   - protocol:              (optional) http or https (default: http)
 *   - host:                  host name or IP address
 *   - port:                  port number, usually 9091
 *   - uri:                   URI with protocol, host, port and path prefix, instead of these
 * - credential:              (optional)
 *   - store_key:             (optional) a key to retrieve the credentials from a credential store
 *   - username, password:    (optional) user name and password for Basic authentication
 *   - access_key:            (optional) token for Bearer authentication
 *   - ssl_ca_file:           (optional) certificate authorities to trust, in PEM (default: those of the system)
 *   - ssl_key_file:          (optional) private key of the client certificate, in PEM
 *   - ssl_crt_file:          (optional) client certificate, in PEM
 * - options:
 *   - interval:              (optional) the same as interval
 *   - reset_timeout:         (optional) the same as reset_timeout
 *   - max_counters:          (optional) how many counters are kept, 0 for any number (default: 0).
 *                            Measurements of further new counters are turned away, and counted in prometheus_counters_dropped,
 *                            as are those of counters that find no room when a reset that did not arrive is put back
 *   - retries:               (optional) number of retries of a failed push (default: 3)
 *   - connect_timeout:       (optional) time to connect in milliseconds, 0 for the default (default: 10000)
 *   - timeout:               (optional) time of a whole request in milliseconds, 0 for the default (default: 10000)
 *   - delete_on_close:       (optional) true to delete the pushed metrics from the gateway on close() (default: false)
 *
 * ### References ###
 *
 * - <code>\*:logger:\*:\*:1.0</code>             (optional) ILogger components to pass log messages
 * - <code>\*:context-info:\*:\*:1.0</code>       (optional) ContextInfo with the defaults of source and instance
 * - <code>\*:discovery:\*:\*:1.0</code>          (optional) IDiscovery services to resolve the connection
 * - <code>\*:credential-store:\*:\*:1.0</code>   (optional) ICredentialStore components to look up the credentials
 *
 * @see {@link PrometheusMetricsService}
 * @see {@link https://github.com/prometheus/pushgateway Pushgateway}
 *
 * ### Example ###
 *
 *     let counters = new PrometheusCounters();
 *     counters.configure(ConfigParams.fromTuples(
 *         "source", "my-service",
 *         "connection.protocol", "http",
 *         "connection.host", "localhost",
 *         "connection.port", 9091
 *     ));
 *
 *     await counters.open("123");
 *
 *     counters.increment("mycomponent.mymethod.calls");
 *     let timing = counters.beginTiming("mycomponent.mymethod.exec_time");
 *     try {
 *         ...
 *     } finally {
 *         timing.endTiming();
 *     }
 *
 *     await counters.close("123"); // pushes what is not pushed yet
 */
export class PrometheusCounters extends CachedCounters implements IReferenceable, IOpenable {
    private _logger = new CompositeLogger();
    private _config = new ConfigParams();
    private _references: IReferences | null = null;
    private _options = DEFAULT_OPTIONS;

    private readonly _store = new CounterStore();
    private readonly _resetClock = new ResetClock();
    private readonly _warnings = new RecordingWarnings(this._logger);

    private _renderer = new Renderer(this._store.exposition, null, null);
    private readonly _expiry = new ExpirySweep((now) => {
        if (this._store.removeExpired(now)) this._updated = true;
    });
    private readonly _pushSupplier = this.createPushSupplier();
    private _asked: 'open' | 'closed' = 'closed';
    private _changing = Promise.resolve();
    private _opened = false;
    private _pusher: Pusher | null = null;

    /**
     * Configures component by passing configuration parameters. Mappings take the place of all that were configured before;
     * counters that become one series are merged.
     * A connection that is changed takes effect at the next {@link open}.
     *
     * @param config    configuration parameters to be set.
     * @throws ConfigException with the code WRONG_OPTION if a number is not a non-negative integer, a switch is
     * neither on nor off, the credential has a parameter that is not known, or style, prefix, defaults or mappings are wrong.
     */
    public override configure(config: ConfigParams): void {
        const before = this._options;
        this._options = readCounterOptions(config, before);
        super.configure(config);
        this._config = config;
        this._store.maxCounters = this._options.maxCounters;
        this._pusher?.restartTimer();
        if (this._options.exposition !== before.exposition) this.expose();
    }

    /**
     * How the counters are exposed.
     *
     * @internal
     */
    public get exposition(): Exposition {
        return this._store.exposition;
    }

    /**
     * Sets references to dependent components.
     *
     * @param references    references to locate the component dependencies.
     */
    public setReferences(references: IReferences): void {
        this._logger = new CompositeLogger(references);
        this._warnings.logger = this._logger;
        this._references = references;
        this.warnOfOptions();
    }

    /**
     * Checks if the component is opened.
     *
     * @returns true if the component has been opened and false otherwise.
     */
    public isOpen(): boolean {
        return this._opened;
    }

    /**
     * Opens the component. If a connection is configured it starts to push; one that cannot be used is
     * logged as a warning, and the component works without.
     *
     * @param correlationId     (optional) transaction id to trace execution through call chain.
     */
    public open(correlationId: string | null): Promise<void> {
        return this.change('open', () => this.start(correlationId ?? ''));
    }

    /**
     * Closes the component. What is not pushed yet is pushed before, within options.timeout and a second.
     * The counters stay, and the component can be opened again.
     *
     * @param correlationId     (optional) transaction id to trace execution through call chain.
     */
    public close(correlationId: string | null): Promise<void> {
        return this.change('closed', () => this.finish(correlationId ?? ''));
    }

    /**
     * Sets the time between two pushes.
     *
     * @param value     a new interval in milliseconds, 0 to push on dump() and close() only.
     */
    public override setInterval(value: number): void {
        super.setInterval(value);
        this._pusher?.restartTimer();
    }

    /**
     * Pushes the current measurements, if they have changed since they were pushed.
     * It neither waits nor throws; calls during a push are merged into one that follows.
     */
    public override dump(): void {
        this.resetIfDue();
        if (this._updated) this.save(this._store.all());
    }

    /**
     * Starts a push of the current measurements, or has them pushed after the one that is under way.
     *
     * @param _counters     current counters measurements. A push takes the newest ones when it starts.
     */
    protected override save(_counters: Counter[]): void {
        this._pusher?.push();
    }

    /**
     * Gets all captured counters.
     *
     * @returns a list with counters in the order in which they were recorded first.
     */
    public override getAll(): Counter[] {
        this.resetIfDue();
        if (this.exposition.shortestTtl > 0) this._expiry.sweep();
        return this._store.all();
    }

    /**
     * Gets a counter by its name and type. If there is none it is created, also beyond options.max_counters.
     * As the caller may change the counter, it counts as changed.
     *
     * @param name  a counter name to retrieve.
     * @param type  a counter type.
     * @returns an existing or newly created counter.
     * @throws BadRequestException with the code NO_NAME if the name is empty.
     */
    public override get(name: string, type: CounterType): Counter {
        this.resetIfDue();
        const counter = this._store.find(name, type) ?? this._store.add(requireName(name), type);
        this._updated = true;
        if (!(counter instanceof SeriesCounter)) return new SeriesCounter(name, type);
        counter.touch();
        return counter;
    }

    /**
     * Clears (resets) the counters of all types that have the given name.
     *
     * @param name  a counter name to clear.
     */
    public override clear(name: string): void {
        if (this._store.remove(name)) this._updated = true;
    }

    /** Clears (resets) all counters. */
    public override clearAll(): void {
        if (this._store.clear()) this._updated = true;
    }

    /**
     * Puts a counter back that was taken out. What finds no room is counted in prometheus_counters_dropped.
     *
     * @internal
     */
    public restore(taken: Counter, order: number): void {
        this.resetIfDue();
        if (!this._store.restore(taken, order)) this._warnings.full(this._store.size, taken.name);
        this._updated = true;
    }

    /**
     * Begins measurement of execution time interval, by a clock that is not set while it runs.
     *
     * @param name      a counter name of Interval type.
     * @returns a callback object to end timing.
     */
    public override beginTiming(name: string): CounterTiming {
        return new MonotonicTiming(name, this);
    }

    /**
     * Increments a counter.
     *
     * @param name      a counter name of Increment type.
     * @param value     a finite number to add to the counter (default: 1). The sum ends at ±1.8e308.
     * @throws BadRequestException with the code NO_NAME if the name is empty.
     */
    public override increment(name: string, value = 1): void {
        if (!Number.isFinite(value)) {
            this.refuse(name, value);
            return;
        }
        const counter = this.findOrAdd(name, CounterType.Increment);
        if (counter === null) return;
        const amount = this._store.hasScales ? this._store.scale(name, CounterType.Increment, value) : value;
        if (!counter.add(amount)) this.refuse(name, value);
    }

    /**
     * Records the last calculated measurement value.
     *
     * @param name      a counter name of LastValue type.
     * @param value     a last value to record, any number.
     * @throws BadRequestException with the code NO_NAME if the name is empty.
     */
    public override last(name: string, value: number): void {
        if (typeof value !== 'number') {
            this.refuse(name, value);
            return;
        }
        const counter = this.findOrAdd(name, CounterType.LastValue);
        counter?.set(this._store.hasScales ? this._store.scale(name, CounterType.LastValue, value) : value);
    }

    /**
     * Calculates min/average/max statistics based on the current and previous values.
     *
     * @param name      a counter name of Statistics type.
     * @param value     a finite number to update statistics.
     * @throws BadRequestException with the code NO_NAME if the name is empty.
     */
    public override stats(name: string, value: number): void {
        this.observe(name, CounterType.Statistics, value);
    }

    /**
     * Ends measurement of execution elapsed time and updates specified counter.
     *
     * @param name      a counter name of Interval type.
     * @param elapsed   execution elapsed time in milliseconds, a finite number. Less than 0, as a clock that was set gives it, is 0.
     * @throws BadRequestException with the code NO_NAME if the name is empty.
     */
    public override endTiming(name: string, elapsed: number): void {
        this.observe(name, CounterType.Interval, elapsed);
    }

    /**
     * Records the given timestamp.
     *
     * @param name      a counter name of Timestamp type.
     * @param value     a timestamp to record.
     * @throws BadRequestException with the code NO_NAME if the name is empty.
     */
    public override timestamp(name: string, value: Date): void {
        this.findOrAdd(name, CounterType.Timestamp)?.setTime(value);
    }

    private observe(name: string, type: CounterType, value: number): void {
        if (!Number.isFinite(value)) {
            this.refuse(name, value);
            return;
        }
        const recorded = value < 0 && type === CounterType.Interval ? 0 : value;
        const counter = this.findOrAdd(name, type);
        counter?.observe(this._store.hasScales ? this._store.scale(name, type, recorded) : recorded);
    }

    /** Gets the counter to record with; null if there is no room for a new one, or nothing is kept of the name. */
    private findOrAdd(name: string, type: CounterType): SeriesCounter | null {
        this.resetIfDue();
        const known = this._store.find(name, type);
        const counter = known === undefined ? this.tryAdd(name, type) : known;
        this._updated = true;
        return counter;
    }

    private tryAdd(name: string, type: CounterType): SeriesCounter | null {
        const counter = this._store.tryAdd(requireName(name), type);
        if (typeof counter !== 'string') return counter;
        if (counter === 'full') this._warnings.full(this._store.size, name);
        if (counter === 'unnameable') this._warnings.unnameable(name);
        return null;
    }

    private refuse(name: string, value: unknown): void {
        this._warnings.refused(requireName(name), value);
    }

    private expose(): void {
        const { exposition } = this._options;
        if (exposition === null) return;
        this._store.exposition = new Exposition(exposition, (left, kept) => this._warnings.conflict(left, kept));
        this._renderer = new Renderer(this.exposition, null, null);
        if (this._opened) this._expiry.start(this.exposition.shortestTtl);
        if (this._references !== null) this.warnOfOptions();
    }

    private warnOfOptions(): void {
        this.exposition.warnings.forEach((warning) => this._warnings.option(warning));
    }

    private resetIfDue(): void {
        if (this._resetTimeout === 0 || !this._resetClock.hasElapsed(this._resetTimeout)) return;
        this._resetClock.restart();
        this.clearAll();
    }

    /** Opens or closes after what was asked for before, so that the last one decides. */
    private change(asked: 'open' | 'closed', action: () => Promise<void>): Promise<void> {
        if (this._asked === asked) return this._changing;
        this._asked = asked;
        this._changing = this._changing.then(action);
        return this._changing;
    }

    private async start(correlationId: string): Promise<void> {
        this._opened = true;
        this._expiry.start(this.exposition.shortestTtl);
        const { source, instance, pushEnabled } = this._options;
        if (!pushEnabled) return;
        this._pusher = await openPusher(correlationId, {
            config: this._config,
            references: this._references,
            source,
            instance,
            supplier: this._pushSupplier,
            logger: this._logger,
        });
    }

    private async finish(correlationId: string): Promise<void> {
        const pusher = this._pusher;
        this._pusher = null;
        this._opened = false;
        this._expiry.stop();
        await pusher?.close(correlationId, this._options.deleteOnClose);
    }

    private createPushSupplier(): PushSupplier {
        let hadCounters = false;
        return {
            take: () => {
                const counters = this.getAll();
                // A clear is a change of what was pushed; without that there is nothing to replace
                hadCounters ||= counters.length > 0;
                if (!this._updated || !hadCounters) return null;
                this._updated = false;
                const format = this.exposition.hasNativeHistograms ? PROTOBUF_FORMAT : TEXT_FORMAT;
                return { contentType: format.contentType, chunks: this._renderer.render<Piece>(counters, format) };
            },
            markUnsent: () => {
                this._updated = true;
            },
            getInterval: () => this.getInterval(),
        };
    }
}

function requireName(name: string): string {
    if (name) return name;
    throw new BadRequestException(undefined, 'NO_NAME', 'The name of a counter must not be empty');
}
