import { ILogger } from 'pip-services3-components-nodex';

import { printable } from '../common/printable';

/** How many different things are warned of, so that hostile names do not fill the memory. */
const MAX_WARNINGS = 1000;

/** Warns of what of other registries is left out. */
export class RegistryWarnings {
    private readonly _given = new Set<string>();

    public constructor(public logger: ILogger) {}

    /** Warns of a registry that gave nothing. It is up to the caller to do so once. */
    public failed(registry: string, error: unknown): void {
        const reason = error instanceof Error ? error.message : String(error);
        this.warn('The metrics of %s are left out until it works again: %s', registry, printable(reason));
    }

    /** Warns of what cannot be exposed of a metric, once for each reason. */
    public leftOut(registry: string, metric: string, reason: string): void {
        if (this.isKnown(`${metric} ${reason}`)) return;
        const name = printable(metric);
        this.warn('Metric %s of %s is left out, or a part of it: %s', name, registry, printable(reason));
    }

    /** Warns of a family that is left out, once for each. */
    public conflict(left: string, kept: string): void {
        if (this.isKnown(left)) return;
        this.warn('Metric family %s of another registry is left out, as %s has samples of the same name', left, kept);
    }

    private isKnown(thing: string): boolean {
        if (this._given.has(thing) || this._given.size === MAX_WARNINGS) return true;
        this._given.add(thing);
        return false;
    }

    private warn(message: string, ...values: unknown[]): void {
        this.logger.warn('prometheus-metrics', message, ...values);
    }
}
