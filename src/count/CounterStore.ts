import { Counter, CounterType } from 'pip-services3-components-nodex';

import { COMPATIBLE_EXPOSITION, CounterSeries, describeBetter, Exposition } from '../exposition/Exposition';
import { Unnamed } from '../exposition/mapping/Naming';
import { Aliases } from './Aliases';
import { SeriesCounter } from './SeriesCounter';

/** The counter of the measurements that found no room. */
const DROPPED = 'prometheus_counters_dropped';

/** Why there is no counter for a name: it is no series, or there is no room. */
export type NoCounter = Unnamed | 'full';

/**
 * Counters by name and type, in the order in which they were added.
 *
 * Any string is a legal name, and two types under one name are two counters. Names of one type that become the same
 * series lead to the same counter, which has the name that came first.
 */
export class CounterStore {
    /** How many counters there is room for, 0 for any number. That of the dropped measurements takes no room. */
    public maxCounters = 0;

    private _exposition = COMPATIBLE_EXPOSITION;
    private _counters = new Set<SeriesCounter>();
    private _byType: (Map<string, SeriesCounter> | undefined)[] = [];
    /** The counters that other names may lead to, by what makes them one series. */
    private readonly _shared = new Map<string, SeriesCounter>();
    private readonly _aliases = new Aliases();

    /** How the counters are exposed, and so which series they are. */
    public get exposition(): Exposition {
        return this._exposition;
    }

    /** Takes over another exposition. Counters stay as they are, but become the series that this one says. */
    public set exposition(exposition: Exposition) {
        this._exposition = exposition;
        this._aliases.clear();
        this._shared.clear();
        for (const counter of this._counters) {
            const series = this.resolve(counter.name, counter.type);
            counter.series = typeof series === 'string' ? null : series;
            this.share(counter);
        }
    }

    /** The number of counters that take room. */
    public get size(): number {
        return this._counters.size - (this._byType[CounterType.Increment]?.has(DROPPED) ? 1 : 0);
    }

    /** Gets the counter that a name leads to; null if nothing is kept of the name, undefined if it is new. */
    public find(name: string, type: CounterType): SeriesCounter | null | undefined {
        return this._byType[type]?.get(name) ?? this._aliases.find(name, type);
    }

    /** Gets the counter that a new name leads to, even if there is no room for it. */
    public add(name: string, type: CounterType): SeriesCounter | Unnamed {
        return this.addWithin(Infinity, name, type) as SeriesCounter | Unnamed;
    }

    /** Gets the counter that a new name leads to, which is added if need be, and if there is room for it. */
    public tryAdd(name: string, type: CounterType): SeriesCounter | NoCounter {
        const added = this.addWithin(this.maxCounters || Infinity, name, type);
        if (added === 'full') this.countDropped(1);
        return added;
    }

    /**
     * Puts a counter back that was taken out, and merges it with the one that was recorded since.
     *
     * @param order     the place of the take among all.
     * @returns false if there is no room for it.
     */
    public restore(taken: Counter, order: number): boolean {
        const { name, type } = taken;
        const isDropped = name === DROPPED && type === CounterType.Increment;
        const room = isDropped ? Infinity : this.maxCounters || Infinity;
        const counter = this.find(name, type) ?? this.addWithin(room, name, type);
        if (counter === 'full') this.countDropped(countMeasurements(taken));
        if (typeof counter !== 'string') SeriesCounter.merge(counter, taken, order);
        return counter !== 'full';
    }

    /** Gets all counters in the order in which they were added. */
    public all(): Counter[] {
        return [...this._counters];
    }

    /** Removes what a name leads to, of all types. @returns whether there was anything. */
    public remove(name: string): boolean {
        const before = this._counters.size;
        const counters = this._byType.map((ofType) => ofType?.get(name)).concat(this._aliases.findAll(name));
        counters.forEach((counter) => counter && this.removeCounter(counter));
        return this._counters.size < before;
    }

    /**
     * Removes the counters that were not written for longer than they are to be kept.
     *
     * @param now   the time in ms, by a clock that is not set.
     * @returns whether there were any.
     */
    public removeExpired(now: number): boolean {
        const before = this._counters.size;
        for (const counter of this._counters) {
            if (counter.isExpired(now)) this.removeCounter(counter);
        }
        return this._counters.size < before;
    }

    /** Removes all counters. @returns whether there was any. */
    public clear(): boolean {
        const wasEmpty = this._counters.size === 0;
        this._counters = new Set();
        this._byType = [];
        this._shared.clear();
        this._aliases.clear();
        return !wasEmpty;
    }

    private resolve(name: string, type: CounterType): CounterSeries | Unnamed | null {
        return this._exposition.resolvesEarly ? this._exposition.resolve(name, type) : null;
    }

    private addWithin(room: number, name: string, type: CounterType): SeriesCounter | NoCounter {
        const series = this.resolve(name, type);
        if (typeof series === 'string') {
            this._aliases.add(name, type, null);
            return series;
        }
        const shared = series?.isShared ? this._shared.get(keyOf(type, series)) : undefined;
        if (shared !== undefined && series !== null) {
            shared.series = describeBetter(shared.series, series);
            this._aliases.add(name, type, shared);
            return shared;
        }
        if (this.size >= room) return 'full';
        const counter = new SeriesCounter(name, type, series);
        const ofType = (this._byType[type] ??= new Map<string, SeriesCounter>());
        ofType.set(name, counter);
        this._counters.add(counter);
        this.share(counter);
        return counter;
    }

    private share(counter: SeriesCounter): void {
        if (!counter.series?.isShared) return;
        const key = keyOf(counter.type, counter.series);
        if (!this._shared.has(key)) this._shared.set(key, counter);
    }

    private removeCounter(counter: SeriesCounter): void {
        this._counters.delete(counter);
        this._byType[counter.type]?.delete(counter.name);
        if (!counter.series?.isShared) return;
        this._shared.delete(keyOf(counter.type, counter.series));
        this._aliases.clear();
    }

    private countDropped(measurements: number): void {
        const counter = this.find(DROPPED, CounterType.Increment) ?? this.add(DROPPED, CounterType.Increment);
        if (typeof counter !== 'string') counter.add(measurements);
    }
}

/** What counters of one series have in common. */
function keyOf(type: CounterType, { metric, labels, histogram }: CounterSeries): string {
    return JSON.stringify([type, metric, labels, histogram === null]);
}

/** How many measurements a counter stands for: only timings and statistics know, of the others it is one at least. */
function countMeasurements({ type, count }: Partial<Counter>): number {
    const isCounted = type === CounterType.Interval || type === CounterType.Statistics;
    return isCounted && count !== undefined && count > 0 ? count : 1;
}
