import { Counter, CounterType } from 'pip-services3-components-nodex';

import { SeriesCounter } from './SeriesCounter';

/** The counter of the measurements that found no room. */
const DROPPED = 'prometheus_counters_dropped';

/**
 * Counters by name and type, in the order in which they were added.
 *
 * Any string is a legal name, and two types under one name are two counters.
 */
export class CounterStore {
    /** How many counters there is room for, 0 for any number. That of the dropped measurements takes no room. */
    public maxCounters = 0;

    private _counters = new Set<SeriesCounter>();
    private _byType: (Map<string, SeriesCounter> | undefined)[] = [];

    /** The number of counters that take room. */
    public get size(): number {
        return this._counters.size - (this.find(DROPPED, CounterType.Increment) === undefined ? 0 : 1);
    }

    /** Gets a counter, or undefined if there is none. */
    public find(name: string, type: CounterType): SeriesCounter | undefined {
        return this._byType[type]?.get(name);
    }

    /** Adds a counter without values, even if there is no room. There must be none of this name and type. */
    public add(name: string, type: CounterType): SeriesCounter {
        const counter = new SeriesCounter(name, type);
        const ofType = (this._byType[type] ??= new Map<string, SeriesCounter>());
        ofType.set(name, counter);
        this._counters.add(counter);
        return counter;
    }

    /**
     * Adds a counter without values if there is room for it. There must be none of this name and type.
     *
     * @param measurements  how many measurements are dropped if there is no room.
     * @returns null if there is no room.
     */
    public tryAdd(name: string, type: CounterType, measurements = 1): SeriesCounter | null {
        if (this.maxCounters === 0 || this.size < this.maxCounters) return this.add(name, type);
        this.findOrAddDropped().add(measurements);
        return null;
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
        const counter = isDropped
            ? this.findOrAddDropped()
            : (this.find(name, type) ?? this.tryAdd(name, type, countMeasurements(taken)));
        if (counter !== null) SeriesCounter.merge(counter, taken, order);
        return counter !== null;
    }

    /** Gets all counters in the order in which they were added. */
    public all(): Counter[] {
        return [...this._counters];
    }

    /** Removes all types of a name. @returns whether there was any. */
    public remove(name: string): boolean {
        const before = this._counters.size;
        for (const ofType of this._byType) {
            const counter = ofType?.get(name);
            if (counter === undefined) continue;
            ofType?.delete(name);
            this._counters.delete(counter);
        }
        return this._counters.size < before;
    }

    /** Removes all counters. @returns whether there was any. */
    public clear(): boolean {
        const wasEmpty = this._counters.size === 0;
        this._counters = new Set();
        this._byType = [];
        return !wasEmpty;
    }

    private findOrAddDropped(): SeriesCounter {
        return this.find(DROPPED, CounterType.Increment) ?? this.add(DROPPED, CounterType.Increment);
    }
}

/** How many measurements a counter stands for: only timings and statistics know, of the others it is one at least. */
function countMeasurements({ type, count }: Partial<Counter>): number {
    const isCounted = type === CounterType.Interval || type === CounterType.Statistics;
    return isCounted && count !== undefined && count > 0 ? count : 1;
}
