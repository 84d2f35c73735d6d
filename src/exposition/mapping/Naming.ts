import { CounterType } from 'pip-services3-components-nodex';

import { Label } from '../names';
import { Mapping } from './mappings';
import { ObserverOptions } from './observers';
import { ExpositionOptions } from './readExpositionOptions';

/** Which series of which metric a counter becomes. */
export interface SeriesName {
    /** The name of the main family, as the text format 0.0.4 has it: `exec_total`, `exec_time_seconds`. */
    readonly metric: string;
    readonly labels: readonly Label[];
    /** The HELP of the main family, not escaped; null for none. */
    readonly help: string | null;
    /** How good the HELP is, if it is that of another name which leads to the same series. */
    readonly helpRank?: number;
    readonly mapping: Mapping | null;
}

/** Why a counter is no series: a mapping says so, or there is nothing to name it by. */
export type Unnamed = 'dropped' | 'unnameable';

/** How a style names the series of counters. */
export interface Naming {
    resolve(name: string, type: CounterType): SeriesName | Unnamed;
}

/** Gets what becomes of the timings or statistics of a series. */
export function observerOf({ mapping }: SeriesName, { defaults }: ExpositionOptions): ObserverOptions {
    return mapping?.observer ?? defaults.observer;
}

/** Gets how long a series is kept that is not written, in milliseconds; 0 for ever. */
export function ttlOf({ mapping }: SeriesName, { defaults }: ExpositionOptions): number {
    return mapping?.ttl ?? defaults.ttl;
}
