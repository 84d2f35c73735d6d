import { CounterType } from 'pip-services3-components-nodex';

/** How many names are remembered. What is forgotten is only found out again. */
const MAX_NAMES = 10_000;

/** Remembers what was found out of names of counters, by their type. */
export class NameCache<T> {
    private _byType: (Map<string, T> | undefined)[] = [];
    private _size = 0;

    public find(name: string, type: CounterType): T | undefined {
        return this._byType[type]?.get(name);
    }

    /** Adds a name that is not there yet. */
    public add(name: string, type: CounterType, value: T): void {
        if (this._size === MAX_NAMES) this.clear();
        const ofType = (this._byType[type] ??= new Map<string, T>());
        ofType.set(name, value);
        this._size++;
    }

    public clear(): void {
        this._byType = [];
        this._size = 0;
    }
}
