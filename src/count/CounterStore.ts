import { Counter, CounterType } from 'pip-services3-components-nodex';

import { combineSeries, COMPATIBLE_EXPOSITION, CounterSeries, Exposition } from '../exposition/Exposition';
import { Unnamed } from '../exposition/mapping/Naming';
import { DROPPED_COUNTER } from '../exposition/names';
import { limit } from './limit';
import { NameCache } from './NameCache';
import { SeriesCounter } from './SeriesCounter';

/** Why there is no counter for a name: it is no series, or there is no room. */
export type NoCounter = Unnamed | 'full';

const { Increment, Interval, LastValue, Statistics, Timestamp } = CounterType;
const ALL_TYPES = [Increment, Interval, LastValue, Statistics, Timestamp];

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
    /** The further names of counters, and null for those of which nothing is kept. */
    private readonly _aliases = new NameCache<SeriesCounter | null>();
    private readonly _scales = new NameCache<number>();

    /** How the counters are exposed, and so which series they are. */
    public get exposition(): Exposition {
        return this._exposition;
    }

    /** Takes over another exposition. Counters that become one series are merged. */
    public set exposition(exposition: Exposition) {
        const counters = this._counters;
        this.clear();
        this._exposition = exposition;
        this._scales.clear();
        for (const counter of counters) this.adopt(counter);
    }

    /** The number of counters that take room. */
    public get size(): number {
        return this._counters.size - (this._byType[Increment]?.has(DROPPED_COUNTER) ? 1 : 0);
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

    /** Whether the values of some names are multiplied. To ask first is faster than to call {@link scale} for nothing. */
    public get hasScales(): boolean {
        return this._exposition.hasScales;
    }

    /** Multiplies a value as the mapping of the name says. */
    public scale(name: string, type: CounterType, value: number): number {
        const scaled = value * this.findScale(name, type);
        return Number.isFinite(value) ? limit(scaled) : scaled;
    }

    /**
     * Puts a counter back that was taken out, and merges it with the one that was recorded since.
     *
     * @param order     the place of the take among all.
     * @returns false if there is no room for it.
     */
    public restore(taken: Counter, order: number): boolean {
        const { name, type } = taken;
        const isDropped = name === DROPPED_COUNTER && type === Increment;
        const room = isDropped ? Infinity : this.maxCounters || Infinity;
        const known = this.find(name, type);
        const counter = known === undefined ? this.addWithin(room, name, type) : known;
        if (counter === 'full') this.countDropped(countMeasurements(taken));
        if (counter instanceof SeriesCounter) SeriesCounter.merge(counter, taken, order);
        return counter !== 'full';
    }

    /** Gets all counters in the order in which they were added. */
    public all(): Counter[] {
        return [...this._counters];
    }

    /** Removes what a name leads to, of all types. @returns whether there was anything. */
    public remove(name: string): boolean {
        const counters = ALL_TYPES.map((type) => this._byType[type]?.get(name) ?? this.findShared(name, type));
        counters.forEach((counter) => counter && this.removeCounter(counter));
        return counters.some((counter) => counter !== undefined);
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

    private findScale(name: string, type: CounterType): number {
        const known = this._scales.find(name, type);
        if (known !== undefined) return known;
        const scale = this._exposition.scaleOf(name, type);
        this._scales.add(name, type, scale);
        return scale;
    }

    private addWithin(room: number, name: string, type: CounterType): SeriesCounter | NoCounter {
        const series = this.resolve(name, type);
        if (typeof series === 'string') {
            if (this._aliases.find(name, type) === undefined) this._aliases.add(name, type, null);
            return series;
        }
        const shared = this.shareCounter(name, type, series);
        if (shared !== undefined) return shared;
        if (this.size >= room) return 'full';
        const counter = new SeriesCounter(name, type, series);
        this.put(counter);
        return counter;
    }

    /** Has a name lead to the counter of its series, if there is one. */
    private shareCounter(name: string, type: CounterType, series: CounterSeries | null): SeriesCounter | undefined {
        const shared = series?.kind.isShared ? this._shared.get(keyOf(type, series)) : undefined;
        if (shared === undefined || series === null) return undefined;
        shared.series = shared.series === null ? series : combineSeries(shared.series, series);
        this._aliases.add(name, type, shared);
        return shared;
    }

    private findShared(name: string, type: CounterType): SeriesCounter | undefined {
        const series = this.resolve(name, type);
        if (typeof series === 'string' || !series?.kind.isShared) return undefined;
        return this._shared.get(keyOf(type, series));
    }

    /** Takes in a counter that was there before the exposition. */
    private adopt(counter: SeriesCounter): void {
        const { name, type } = counter;
        const resolved = this.resolve(name, type);
        const series = typeof resolved === 'string' ? null : resolved;
        const shared = this.shareCounter(name, type, series);
        if (shared !== undefined) {
            SeriesCounter.merge(shared, counter);
            return;
        }
        counter.series = series;
        this.put(counter);
    }

    private put(counter: SeriesCounter): void {
        const { name, type, series } = counter;
        const ofType = (this._byType[type] ??= new Map<string, SeriesCounter>());
        ofType.set(name, counter);
        this._counters.add(counter);
        if (series?.kind.isShared) this._shared.set(keyOf(type, series), counter);
    }

    private removeCounter(counter: SeriesCounter): void {
        const { name, type, series } = counter;
        this._counters.delete(counter);
        this._byType[type]?.delete(name);
        if (!series?.kind.isShared) return;
        this._shared.delete(keyOf(type, series));
        this._aliases.clear();
    }

    private countDropped(measurements: number): void {
        const counter = this.find(DROPPED_COUNTER, Increment) ?? this.add(DROPPED_COUNTER, Increment);
        if (typeof counter !== 'string') counter.add(measurements);
    }
}

/** What counters of one series have in common. */
function keyOf(type: CounterType, { metric, labels, kind }: CounterSeries): string {
    return JSON.stringify([type, kind.rule?.families[0]?.type, metric, labels]);
}

/** How many measurements a counter stands for: only timings and statistics know, of the others it is one at least. */
function countMeasurements({ type, count }: Partial<Counter>): number {
    const isCounted = type === Interval || type === Statistics;
    return isCounted && count !== undefined && count > 0 ? count : 1;
}
