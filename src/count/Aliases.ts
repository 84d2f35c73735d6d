import { CounterType } from 'pip-services3-components-nodex';

import { SeriesCounter } from './SeriesCounter';

/** How many names are remembered. What is forgotten is only found out again. */
const MAX_NAMES = 10_000;

/** Where further names lead to: to the counter of a series that has another name, or to nothing. */
export class Aliases {
    private _byType: (Map<string, SeriesCounter | null> | undefined)[] = [];
    private _size = 0;

    /** Gets the counter that a name leads to; null if nothing is kept of the name, undefined if it is not known. */
    public find(name: string, type: CounterType): SeriesCounter | null | undefined {
        return this._byType[type]?.get(name);
    }

    /** Gets the counters of all types that a name leads to. */
    public findAll(name: string): SeriesCounter[] {
        return this._byType.flatMap((ofType) => ofType?.get(name) ?? []);
    }

    public add(name: string, type: CounterType, counter: SeriesCounter | null): void {
        if (this._size === MAX_NAMES) this.clear();
        const ofType = (this._byType[type] ??= new Map<string, SeriesCounter | null>());
        ofType.set(name, counter);
        this._size++;
    }

    public clear(): void {
        this._byType = [];
        this._size = 0;
    }
}
