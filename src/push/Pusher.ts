import { MAX_DELAY } from '../common/timers';
import { toChunks } from '../common/toChunks';
import { PushLog } from './PushLog';
import { withRetries } from './retry';

/** What is added, in ms, to the time limit of a request to get that of closing. */
const CLOSING_RESERVE = 1000;

/** The measurements as they are sent. */
export interface PushBody {
    readonly contentType: string;
    readonly chunks: Iterable<string | Uint8Array>;
}

/** Where a pusher gets measurements from. */
export interface PushSupplier {
    /** Takes the newest state and marks it as sent; null if nothing changed since it was last taken. */
    take(): PushBody | null;
    /** Marks what was taken last as unsent again. */
    markUnsent(): void;
    /** The time between two pushes in ms; 0 for none but those that are asked for. */
    getInterval(): number;
}

/** What a pusher sends to. It is closed with the pusher. */
export interface PushDestination {
    readonly url: string;
    put(contentType: string, body: Buffer): Promise<void>;
    delete(): Promise<void>;
    /** Closes the connections. A request that is in flight fails. */
    close(): void;
}

/** How a pusher sends. */
export interface PushOptions {
    /** How many times a request is repeated after a failure that may pass. */
    readonly retries: number;
    /** The longest time, in ms, that a request may take. */
    readonly timeout: number;
}

/**
 * Decides when measurements are pushed: at intervals, when asked, and at the end; never two at a time.
 *
 * None of its methods throws, and only closing waits. What fails is given back to its source, so that it goes with the
 * next push, and is logged once until a push succeeds again.
 */
export class Pusher {
    private readonly _closing = new AbortController();
    private _correlationId = '';
    private _timer: NodeJS.Timeout | undefined;
    private _asked = false;
    private _running: Promise<void> | null = null;
    private _closed: Promise<void> | null = null;
    private _failing = false;

    public constructor(
        private readonly _destination: PushDestination,
        private readonly _source: PushSupplier,
        private readonly _log: PushLog,
        private readonly _options: PushOptions
    ) {}

    /** Starts to push at intervals. */
    public start(correlationId: string): void {
        this._correlationId = correlationId;
        this.restartTimer();
    }

    /** Takes over an interval that changed. */
    public restartTimer(): void {
        clearInterval(this._timer);
        const interval = this._source.getInterval();
        if (this._closing.signal.aborted || !(interval > 0)) return;
        this._timer = setInterval(() => this.push(), Math.min(interval, MAX_DELAY)).unref();
    }

    /** Pushes the newest state if it is not sent yet: at once, or after the push that is under way. */
    public push(): void {
        if (this._closing.signal.aborted) return;
        this._asked = true;
        this._running ??= this.run();
    }

    /**
     * Sends what is unsent, within the time limit of a request and a second, and closes the connections.
     *
     * @param deleteGroup   true to delete the group from the gateway instead.
     */
    public close(correlationId: string, deleteGroup: boolean): Promise<void> {
        this._closed ??= this.finish(correlationId, deleteGroup);
        return this._closed;
    }

    private async run(): Promise<void> {
        while (this._asked && !this._closing.signal.aborted) {
            this._asked = false;
            await this.pushNewest(this._closing.signal);
        }
        this._running = null;
    }

    private async finish(correlationId: string, deleteGroup: boolean): Promise<void> {
        this._correlationId = correlationId;
        clearInterval(this._timer);
        this._closing.abort();

        const deadline = new AbortController();
        const expired = new Promise((resolve) => deadline.signal.addEventListener('abort', resolve));
        const time = Math.min(this._options.timeout + CLOSING_RESERVE, MAX_DELAY);
        const timer = setTimeout(() => deadline.abort(), time);
        const sent = this.sendLast(deleteGroup, deadline.signal);
        await Promise.race([sent, expired]);
        clearTimeout(timer);
        this._destination.close();
        // What is still in flight has failed by now, and is reported before the process may end
        await sent;
    }

    private async sendLast(deleteGroup: boolean, signal: AbortSignal): Promise<void> {
        await this._running;
        if (signal.aborted) return;
        await (deleteGroup ? this.deleteGroup(signal) : this.pushNewest(signal));
    }

    private async pushNewest(signal: AbortSignal): Promise<void> {
        try {
            const taken = this._source.take();
            if (taken === null) return;
            const body = await join(toChunks(taken.chunks));
            const put = (): Promise<void> => this._destination.put(taken.contentType, body);
            await withRetries(put, { retries: this._options.retries, signal });
            this.reportSuccess();
        } catch (error) {
            this._source.markUnsent();
            this.reportFailure(error as Error, 'Failed to push counters, they stay unsent');
        }
    }

    private async deleteGroup(signal: AbortSignal): Promise<void> {
        try {
            await withRetries(() => this._destination.delete(), { retries: this._options.retries, signal });
        } catch (error) {
            this.reportFailure(error as Error, 'Failed to delete the pushed counters');
        }
    }

    private reportSuccess(): void {
        if (this._failing) {
            this._log.info(this._correlationId, `Counters are pushed again to ${this._destination.url}`);
        }
        this._failing = false;
    }

    private reportFailure(error: Error, message: string): void {
        if (!this._failing) this._log.error(this._correlationId, error, message);
        this._failing = true;
    }
}

async function join(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
    const all: Buffer[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return Buffer.concat(all);
}
