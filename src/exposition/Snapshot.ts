import { Counter, CounterType } from 'pip-services3-components-nodex';

import { CounterRule, counterRule, SampleValues } from './families';
import { CounterSeries } from './Exposition';
import { measuredOf } from './measured';
import { Style } from './Style';

/** The rule of counters that give no series. */
const NO_SERIES = counterRule([], () => 0);

/**
 * The values of all counters at one instant, copied at once, so that a body can be written
 * little by little while the recording goes on.
 */
export class Snapshot {
    /** Is kept, as a full garbage collection that finds no snapshot throws away what V8 has optimized for them. */
    public static readonly EMPTY = new Snapshot([], { counters: new Map() });

    /** The values of each counter, one counter behind the other. A missing value leaves a gap. */
    public readonly values: SampleValues;
    /** The rule of each counter. */
    public readonly rules: readonly CounterRule[];
    /** For each counter the bits of the families that it has values for. */
    public readonly present: Uint32Array;

    public constructor(
        private readonly counters: readonly (Counter | null)[],
        private readonly style: Pick<Style, 'counters'>
    ) {
        let size = 0;
        const rules = counters.map((counter) => {
            const rule = findRule(counter, style);
            size += rule.width;
            return rule;
        });
        const values: SampleValues = { numbers: new Float64Array(size), natives: [] };
        const present = new Uint32Array(counters.length);
        let at = 0;
        for (let index = 0; index < counters.length; index++) {
            const counter = counters[index];
            const rule = rules[index];
            if (counter == null || rule === undefined) continue;
            present[index] = rule.read(counter, values, at);
            at += rule.width;
        }
        this.rules = rules;
        this.values = values;
        this.present = present;
    }

    /** The series of a counter, if it is known already. */
    public series(index: number): CounterSeries | null {
        const counter = this.counters[index];
        return counter == null ? null : seriesOf(counter, this.style);
    }

    /** The name of a counter; empty if it has none that can be used. */
    public name(index: number): string {
        return usableName(this.counters[index]);
    }

    /** The type of a counter that has a rule. */
    public type(index: number): CounterType {
        return this.counters[index]?.type ?? CounterType.Increment;
    }
}

function findRule(counter: Counter | null, style: Pick<Style, 'counters'>): CounterRule {
    if (counter === null || usableName(counter) === '') return NO_SERIES;
    return seriesOf(counter, style)?.kind.rule ?? style.counters.get(counter.type) ?? NO_SERIES;
}

/** Gets the series that a counter is in a style. One that was recorded for another style is not known in this. */
function seriesOf(counter: Counter, style: Pick<Style, 'counters'>): CounterSeries | null {
    const { series } = measuredOf(counter);
    return series?.kind.style === style ? series : null;
}

function usableName(counter: Counter | null | undefined): string {
    const name: unknown = counter?.name;
    return typeof name === 'string' ? name : '';
}
