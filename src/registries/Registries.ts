import { CompositeLogger, ILogger } from 'pip-services3-components-nodex';

import { ForeignFamilies } from '../exposition/leaveOutConflicts';
import { MetricsRegistry, requireRegistry } from './MetricsRegistry';
import { ProcessMetrics } from './ProcessMetrics';
import { findDefaultRegistry, findPromClient } from './promClient';
import { RegistryCollector } from './RegistryCollector';
import { RegistryWarnings } from './RegistryWarnings';

/** How long, in ms, a registry may take if nothing else is configured. */
export const DEFAULT_COLLECT_TIMEOUT = 5000;

/** The registries that are exposed behind the counters: those of options, then those of references, then added ones. */
export class Registries {
    /** How long, in ms, a registry may take. */
    public collectTimeout = DEFAULT_COLLECT_TIMEOUT;
    /** Whether the metrics of the process are collected from open() to close(). */
    public hasProcessMetrics = false;
    /** The module whose default registry is exposed from open() to close(): its name, true for prom-client, false for none. */
    public promClient: string | boolean = false;
    private readonly _warnings = new RegistryWarnings(new CompositeLogger());
    private readonly _collectors = new Map<MetricsRegistry, RegistryCollector>();
    private _processMetrics: ProcessMetrics | null = null;
    private _default: MetricsRegistry | null = null;
    private _referenced: readonly MetricsRegistry[] = [];
    private _added: readonly MetricsRegistry[] = [];

    public set logger(logger: ILogger) {
        this._warnings.logger = logger;
    }

    /** Whether there are any. */
    public get areEmpty(): boolean {
        return this._collectors.size === 0;
    }

    /**
     * Takes the registries of the references.
     *
     * @throws ConfigException if one of them is none.
     */
    public setReferenced(components: readonly unknown[]): void {
        this._referenced = components.map((component) =>
            requireRegistry(component, 'What is referenced as *:metrics-registry:*:*:1.0')
        );
        this.arrange();
    }

    /** @throws ConfigException if it is no registry. */
    public add(registry: unknown): void {
        const added = requireRegistry(registry, 'What is given to addRegistry()');
        if (!this._added.includes(added)) this._added = [...this._added, added];
        this.arrange();
    }

    public remove(registry: unknown): void {
        this._added = this._added.filter((added) => added !== registry);
        this.arrange();
    }

    /** @throws ConfigException if a module is not there that an option needs. */
    public open(): void {
        if (this.promClient !== false) this._default = findDefaultRegistry(this.promClient);
        if (this.hasProcessMetrics)
            this._processMetrics = new ProcessMetrics(findPromClient('options.process_metrics'));
        this.arrange();
    }

    public close(): void {
        this._processMetrics?.stop();
        this._processMetrics = null;
        this._default = null;
        this.arrange();
    }

    /** Asks all registries for their metrics. Never fails: what cannot be had in time is left out. */
    public async collect(): Promise<ForeignFamilies> {
        const collectors = [...this._collectors.values()];
        const sets = await Promise.all(collectors.map((collector) => collector.collect(this.collectTimeout)));
        return { sets: sets.flat(), onConflict: this._warnings.conflict.bind(this._warnings) };
    }

    /** Puts the registries in their order, each once. */
    private arrange(): void {
        const all: (readonly [string, MetricsRegistry | null])[] = [
            ['the process', this._processMetrics?.registry ?? null],
            ['the default registry of prom-client', this._default],
            ...this._referenced.map((registry) => ['a referenced registry', registry] as const),
            ...this._added.map((registry) => ['a registry of addRegistry()', registry] as const),
        ];
        const before = new Map(this._collectors);
        this._collectors.clear();
        for (const [name, registry] of all) {
            if (registry === null || this._collectors.has(registry)) continue;
            const collector = before.get(registry) ?? new RegistryCollector(registry, name, this._warnings);
            this._collectors.set(registry, collector);
        }
    }
}
