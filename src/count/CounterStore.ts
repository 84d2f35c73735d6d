import { Counter, CounterType } from 'pip-services3-components-nodex';

/**
 * Counters by name and kind, in the order in which they were added.
 *
 * Any string is a legal name, and two kinds under one name are two counters.
 */
export class CounterStore {
    private readonly _counters = new Set<Counter>();
    private readonly _byKind: (Map<string, Counter> | undefined)[] = [];

    /** The number of counters. */
    public get size(): number {
        return this._counters.size;
    }

    /** Gets a counter, or undefined if there is none. */
    public find(name: string, type: CounterType): Counter | undefined {
        return this._byKind[type]?.get(name);
    }

    /** Adds a counter without values. There must be none of this name and kind. */
    public add(name: string, type: CounterType): Counter {
        const counter = new Counter(name, type);
        const ofKind = (this._byKind[type] ??= new Map<string, Counter>());
        ofKind.set(name, counter);
        this._counters.add(counter);
        return counter;
    }

    /** Gets all counters in the order in which they were added. */
    public all(): Counter[] {
        return [...this._counters];
    }

    /** Removes every kind of a name. */
    public remove(name: string): void {
        for (const ofKind of this._byKind) {
            const counter = ofKind?.get(name);
            if (counter === undefined) continue;
            ofKind?.delete(name);
            this._counters.delete(counter);
        }
    }
}
