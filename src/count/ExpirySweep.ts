/** How often series are looked at, in ms. */
const SHORTEST_PERIOD = 1000;
const LONGEST_PERIOD = 60_000;

/**
 * Looks at intervals for series that were not written for long, so that recording needs no clock.
 *
 * The timer does not keep the process alive.
 */
export class ExpirySweep {
    private _timer: NodeJS.Timeout | undefined;

    /** @param _removeExpired  removes the series that are expired at a time in ms, by a clock that is not set. */
    public constructor(private readonly _removeExpired: (now: number) => void) {}

    /**
     * Starts to look, or goes on with another period.
     *
     * @param ttl   the shortest time that a series is kept, in ms; 0 if all are kept for ever.
     */
    public start(ttl: number): void {
        this.stop();
        if (ttl === 0) return;
        const period = Math.min(Math.max(ttl / 4, SHORTEST_PERIOD), LONGEST_PERIOD);
        this._timer = setInterval(() => this.sweep(), period).unref();
    }

    public stop(): void {
        clearInterval(this._timer);
        this._timer = undefined;
    }

    /** Looks at once. */
    public sweep(): void {
        this._removeExpired(performance.now());
    }
}
