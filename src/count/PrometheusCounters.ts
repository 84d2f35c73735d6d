/** @module count */
import { ConfigParams, Descriptor, IOpenable, IReferenceable, IReferences } from 'pip-services3-commons-nodex';
import { CachedCounters, CompositeLogger, ContextInfo, Counter, CounterType } from 'pip-services3-components-nodex';

import { CounterStore } from './CounterStore';

/** The counter that says how many measurements were turned away because of `options.max_counters`. */
const DROPPED = 'prometheus_counters_dropped';

export class PrometheusCounters extends CachedCounters implements IReferenceable, IOpenable {
    protected _logger = new CompositeLogger();
    private _store = new CounterStore();
    private _maxCounters = 0;
    private _opened = false;

    public override configure(config: ConfigParams): void {
        super.configure(config);
        this._maxCounters = config.getAsLongWithDefault('options.max_counters', this._maxCounters);
    }

    public setReferences(references: IReferences): void {
        this._logger = new CompositeLogger(references);
        references.getOneOptional<ContextInfo>(new Descriptor('*', 'context-info', '*', '*', '1.0'));
    }

    public isOpen(): boolean {
        return this._opened;
    }

    public open(): Promise<void> {
        this._opened = true;
        return Promise.resolve();
    }

    public close(): Promise<void> {
        this._opened = false;
        return Promise.resolve();
    }

    protected override save(): void {
        return;
    }

    public override getAll(): Counter[] {
        this.resetIfDue();
        return this._store.all();
    }

    public override get(name: string, type: CounterType): Counter {
        const counter = this.find(name, type) ?? this._store.add(name, type);
        this._updated = true;
        return counter;
    }

    public override clear(name: string): void {
        this._store.remove(name);
    }

    public override clearAll(): void {
        this._store = new CounterStore();
        this._updated = false;
    }

    public override increment(name: string, value = 1): void {
        const counter = this.obtain(name, CounterType.Increment, value);
        if (counter === null) return;
        counter.count = counter.count ? counter.count + value : value;
        this._updated = true;
    }

    public override last(name: string, value: number): void {
        const counter = this.find(name, CounterType.LastValue) ?? this.admit(name, CounterType.LastValue);
        if (counter === null) return;
        counter.last = value;
        this._updated = true;
    }

    public override stats(name: string, value: number): void {
        this.aggregate(name, CounterType.Statistics, value);
    }

    public override endTiming(name: string, elapsed: number): void {
        this.aggregate(name, CounterType.Interval, elapsed);
    }

    private aggregate(name: string, type: CounterType, value: number): void {
        const counter: Partial<Counter> | null = this.obtain(name, type, value);
        if (counter === null) return;
        const count = (counter.count ?? 0) + 1;
        counter.last = value;
        counter.count = count;
        counter.max = counter.max == null || value > counter.max ? value : counter.max;
        counter.min = counter.min == null || value < counter.min ? value : counter.min;
        counter.average =
            counter.average == null || count === 1 ? value : (counter.average * (count - 1) + value) / count;
        this._updated = true;
    }

    private find(name: string, type: CounterType): Counter | undefined {
        if (this._resetTimeout !== 0) this.resetIfDue();
        return this._store.find(name, type);
    }

    private obtain(name: string, type: CounterType, value: number): Counter | null {
        if (!Number.isFinite(value)) return null;
        return this.find(name, type) ?? this.admit(name, type);
    }

    private admit(name: string, type: CounterType): Counter | null {
        if (this._maxCounters > 0 && this._store.size >= this._maxCounters) {
            this.get(DROPPED, CounterType.Increment).count += 1;
            return null;
        }
        return this._store.add(name, type);
    }

    private resetIfDue(): void {
        if (this._resetTimeout === 0) return;
        if (Date.now() - this._lastResetTime > this._resetTimeout) this.clearAll();
    }
}
