import { CounterType } from 'pip-services3-components-nodex';

import { HistogramOptions } from '../count/histogram/Histogram';
import { CounterRule, MetricFamily } from './families';
import type { GrowingFamily } from './GrowingFamily';
import { Naming } from './mapping/Naming';
import { ExpositionOptions } from './mapping/readExpositionOptions';
import { Label } from './names';

/** Tells of a family that is left out since another one has samples of the same name. */
export type OnConflict = (left: string, kept: string) => void;

/** Which families, series and labels there are, whatever the format. */
export interface Style {
    /** How the counters of each type become series; a type without a row gives none. */
    readonly counters: ReadonlyMap<CounterType, CounterRule>;
    /** How increments become series that a mapping says go up and down. */
    readonly upDown: CounterRule;
    /** How counters with a histogram become series. */
    readonly histogram: (options: HistogramOptions) => CounterRule;
    /** What recorded values of a type are divided by when they are exposed, if not by 1. */
    readonly divisors: ReadonlyMap<CounterType, number>;
    /** Whether it knows summaries and histograms, and names that a prefix can stand before. */
    readonly hasTypes: boolean;
    /** Whether counters with the same series are one, also where no mapping says so. */
    readonly sharesSeries: boolean;
    /** Whether series have the source and the instance of the context as labels without being told so. */
    readonly labelsContext: boolean;
    readonly createNaming: (options: ExpositionOptions) => Naming;
    /** Whether labels are written sorted by name, and without those that are empty. */
    readonly sortsLabels: boolean;
    /** Puts the labels that all series have and those of one series together, as they are written. */
    readonly joinLabels: (common: readonly Label[], own: readonly Label[]) => readonly Label[];
    /** Puts families in the order in which they are written, without those that clash with another one, with places to pause. */
    readonly arrange: (
        families: readonly GrowingFamily[],
        onConflict: OnConflict
    ) => Generator<'', readonly MetricFamily[], void>;
}
