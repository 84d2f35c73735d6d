import { uptime } from 'node:os';

/**
 * Measures the time since the last reset, whoever sets the wall clock.
 *
 * The monotonic clock stands still while the machine is suspended. The wall clock goes on, but it also jumps when it is set. So the
 * monotonic clock decides. Only if the wall clock is ahead of it, the uptime of the system tells a suspend, which it counts on
 * Linux, macOS and Windows, from a clock that was set forward. It is not asked each time because that costs some microseconds.
 */
export class ResetClock {
    private _monotonicStart = 0;
    private _wallStart = 0;
    private _uptimeStart = 0;

    public constructor() {
        this.restart();
    }

    /** Begins anew. */
    public restart(): void {
        this._monotonicStart = performance.now();
        this._wallStart = Date.now();
        this._uptimeStart = systemUptime();
    }

    /** Whether more than the given time in ms is over. */
    public hasElapsed(time: number): boolean {
        if (performance.now() - this._monotonicStart > time) return true;
        if (Date.now() - this._wallStart <= time) return false;
        const elapsed = systemUptime() - this._uptimeStart;
        // The wall clock was set forward: from now on it is ahead no more
        if (elapsed <= time) this._wallStart = Date.now() - elapsed;
        return elapsed > time;
    }
}

/** The time in ms since the system started; by the monotonic clock where the system refuses to tell, as on Android. */
function systemUptime(): number {
    try {
        return uptime() * 1000;
    } catch {
        return performance.now();
    }
}
