import { CounterTiming, ICounterTimingCallback } from 'pip-services3-components-nodex';

/** A timing that whoever sets the wall clock does not disturb. It measures in whole microseconds. */
export class MonotonicTiming extends CounterTiming {
    private readonly _since = performance.now();

    public constructor(
        private readonly _name: string,
        private readonly _target: ICounterTimingCallback
    ) {
        super(_name, _target);
    }

    public override endTiming(): void {
        const elapsed = performance.now() - this._since;
        // Finer digits are noise of the clock, and would only make the text longer
        this._target.endTiming(this._name, Math.round(elapsed * 1000) / 1000);
    }
}
