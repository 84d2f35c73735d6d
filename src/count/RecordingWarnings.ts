import { ILogger } from 'pip-services3-components-nodex';

import { printable } from '../common/printable';

/** How many names of refused values are remembered, so that hostile names do not fill the memory. */
const MAX_WARNED_NAMES = 1000;

/** Warns of what happens while recording, each thing once. A logger that fails must not make the recording fail. */
export class RecordingWarnings {
    private readonly _names = new Set<string>();
    private _isFull = false;

    public constructor(public logger: ILogger) {}

    /** Warns of a value that cannot be recorded, once for each name. */
    public refused(name: string, value: unknown): void {
        if (this.isKnown(name)) return;
        this.warn('Counter %s was given %s, which is left out', printable(name), describe(value));
    }

    /** Warns of a new counter that finds no room. */
    public full(size: number, name: string): void {
        if (this._isFull) return;
        this._isFull = true;
        this.warn(
            'There are %d counters, which is options.max_counters. New ones are turned away, the first is %s',
            size,
            printable(name)
        );
    }

    /** Warns of a name of which no metric name can be made, once for each. */
    public unnameable(name: string): void {
        if (this.isKnown(name)) return;
        this.warn('Counter %s is left out, as its name has no letter and no digit', printable(name));
    }

    /** Warns of a metric family that is left out, or of its series that are, once for each. */
    public conflict(left: string, kept: string): void {
        if (this.isKnown(`family ${left}`)) return;
        if (left === kept) this.warn('Counters of several types would be %s, and some are left out. Map them', left);
        else this.warn('Metric family %s is left out, as %s has samples of the same name. Map one of them', left, kept);
    }

    /** Warns of an option that has no effect. */
    public option(warning: string): void {
        this.warn('%s', warning);
    }

    private isKnown(name: string): boolean {
        if (this._names.has(name) || this._names.size === MAX_WARNED_NAMES) return true;
        this._names.add(name);
        return false;
    }

    private warn(message: string, ...values: unknown[]): void {
        try {
            this.logger.warn('prometheus-counters', message, ...values);
        } catch {
            return;
        }
    }
}

/** Says what a value is. Only numbers are shown: anything else may be a secret that got here by mistake. */
function describe(value: unknown): string {
    if (typeof value === 'number' || value == null) return String(value);
    return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
