import { setTimeout } from 'node:timers/promises';

import { MAX_DELAY } from '../common/timers';
import { hasTime, nextSlice } from '../common/timeSlice';
import { FamilySet } from '../exposition/families';
import { MetricsRegistry } from './MetricsRegistry';
import { readMetric } from './readMetric';
import { RegistryWarnings } from './RegistryWarnings';

/** Gets the metrics of one foreign registry. */
export class RegistryCollector {
    private _running: Promise<readonly FamilySet[]> | null = null;
    private _isFailing = false;

    /** @param _name    what the registry is called in the log. */
    public constructor(
        private readonly _registry: MetricsRegistry,
        private readonly _name: string,
        private readonly _warnings: RegistryWarnings
    ) {}

    /**
     * Gets the metrics, or none if the registry fails or takes too long. While it is still busy with an earlier request
     * it is not asked again: who asks meanwhile gets what the earlier one gets.
     *
     * @param timeout   how long it may take, in ms.
     */
    public collect(timeout: number): Promise<readonly FamilySet[]> {
        this._running ??= this.start(timeout);
        return this._running;
    }

    private start(timeout: number): Promise<readonly FamilySet[]> {
        const asked = this.ask();
        const end = () => (this._running = null);
        asked.then(end, end);
        return this.inTime(asked, timeout);
    }

    private async inTime(asked: Promise<FamilySet[]>, timeout: number): Promise<readonly FamilySet[]> {
        const timer = new AbortController();
        try {
            const sets = await Promise.race([asked, expire(timeout, timer.signal)]);
            this._isFailing = false;
            return sets;
        } catch (error) {
            if (!this._isFailing) this._warnings.failed(this._name, error);
            this._isFailing = true;
            return [];
        } finally {
            timer.abort();
        }
    }

    private async ask(): Promise<FamilySet[]> {
        const metrics: unknown = await this._registry.getMetricsAsJSON();
        if (!Array.isArray(metrics)) throw new TypeError('getMetricsAsJSON() gave no list of metrics');
        // A registry that writes OpenMetrics has this suffix in all that it writes, whatever the metric is called
        const addsTotal = String(this._registry.contentType).startsWith('application/openmetrics-text');
        const onLeftOut = this._warnings.leftOut.bind(this._warnings, this._name);
        const sets: FamilySet[] = [];
        for (const metric of metrics) {
            while (!hasTime()) await nextSlice();
            const set = readMetric(metric, addsTotal, onLeftOut);
            if (set !== null) sets.push(set);
        }
        return sets;
    }
}

async function expire(timeout: number, signal: AbortSignal): Promise<never> {
    await setTimeout(Math.min(timeout, MAX_DELAY), undefined, { ref: false, signal });
    throw new Error(`It took longer than options.collect_timeout, which is ${timeout} ms`);
}
