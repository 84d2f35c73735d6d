import perfHooks from 'node:perf_hooks';

import { MetricsRegistry } from './MetricsRegistry';
import { PromClient } from './promClient';

/** The metrics of the process, as prom-client collects them, in a registry of its own. */
export class ProcessMetrics {
    public readonly registry: MetricsRegistry;
    /** Ends the collecting. */
    public readonly stop: () => void;

    /** Begins to collect. */
    public constructor(client: PromClient) {
        const registry = new client.Registry();
        this.registry = registry;
        this.stop = stopperOf(() => client.collectDefaultMetrics({ register: registry }));
    }
}

/**
 * Runs what starts observers and timers of the process without a way to stop them, as collectDefaultMetrics() does.
 *
 * While it runs, and nothing else can, they are made by functions that take note of them.
 *
 * @returns what stops them.
 */
export function stopperOf(start: () => void): () => void {
    const stops: (() => void)[] = [];
    const stop = () => stops.forEach((stopOne) => stopOne());
    const { PerformanceObserver, monitorEventLoopDelay } = perfHooks;
    const { setInterval } = globalThis;

    class StoppedObserver extends PerformanceObserver {
        public constructor(callback: ConstructorParameters<typeof PerformanceObserver>[0]) {
            super(callback);
            stops.push(() => this.disconnect());
        }
    }
    Object.assign(perfHooks, {
        PerformanceObserver: StoppedObserver,
        monitorEventLoopDelay: (...parameters: Parameters<typeof monitorEventLoopDelay>) => {
            const histogram = monitorEventLoopDelay(...parameters);
            stops.push(() => histogram.disable());
            return histogram;
        },
    });
    Object.assign(globalThis, {
        setInterval: (...parameters: Parameters<typeof setInterval>) => {
            const timer = setInterval(...parameters);
            stops.push(() => clearInterval(timer));
            return timer;
        },
    });
    try {
        start();
        return stop;
    } catch (error) {
        stop();
        throw error;
    } finally {
        Object.assign(perfHooks, { PerformanceObserver, monitorEventLoopDelay });
        Object.assign(globalThis, { setInterval });
    }
}
