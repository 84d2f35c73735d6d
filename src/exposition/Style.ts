import { CounterType } from 'pip-services3-components-nodex';

import { CounterRule } from './families';
import { Label, SeriesName } from './names';

/** Which families, series and labels there are, whatever the format. */
export interface Style {
    /** How the counters of each type become series; a type without a row gives none. */
    readonly counters: ReadonlyMap<CounterType, CounterRule>;
    /** Reads the name of a counter. */
    readonly parseName: (name: string, type: CounterType) => SeriesName;
    /** Puts the labels that all series have and those of one series in the order in which they are written. */
    readonly joinLabels: (common: readonly Label[], own: readonly Label[]) => readonly Label[];
}
