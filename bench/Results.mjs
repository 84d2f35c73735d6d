import { BASELINE, RIVAL } from './contestants.mjs';
import { median } from './stats.mjs';

/** The samples of a run, by what was measured and by contestant. */
export class Results {
    constructor() {
        /** @type {Map<string, { suite: string, measure: string, unit: string, samples: Record<string, number[]> }>} */
        this._rows = new Map();
    }

    /** Gets a row of the tables. The rows are in the order in which they were first asked for. */
    row(suite, measure, unit) {
        const key = `${suite}: ${measure}`;
        if (!this._rows.has(key)) this._rows.set(key, { suite, measure, unit, samples: {} });
        return this._rows.get(key);
    }

    /** Adds one sample. */
    add(suite, measure, unit, contestant, value) {
        const { samples } = this.row(suite, measure, unit);
        (samples[contestant] ??= []).push(value);
    }

    rows() {
        return [...this._rows.values()];
    }

    /** The median of a contestant's samples, or undefined if it did not take part. */
    value(suite, measure, contestant) {
        const samples = this._rows.get(`${suite}: ${measure}`)?.samples[contestant];
        return samples && median(samples);
    }

    /**
     * How many times less than the baseline a contestant needs: 2 is twice as good. What the baseline cannot do is
     * compared with its rival.
     */
    ratio(suite, measure, contestant) {
        const value = this.value(suite, measure, contestant);
        const baseline = this.value(suite, measure, BASELINE) ?? this.value(suite, measure, RIVAL);
        return value === undefined || baseline === undefined ? undefined : baseline / value;
    }
}
