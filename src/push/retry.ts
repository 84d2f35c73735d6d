import { isRetryable } from './failures';

/** The longest time, in ms, before the second attempt. It doubles with each further one. */
const FIRST_WAIT = 500;

/** The longest time, in ms, between two attempts. */
const LONGEST_WAIT = 30000;

/** What limits the repetition of an action. */
export interface RetryLimits {
    /** How many times a failed action is repeated. */
    readonly retries: number;
    /** When aborted, no further attempt is made, and a wait for one ends at once. */
    readonly signal: AbortSignal;
}

/**
 * Does something, and again if it fails in a way that may pass.
 */
export async function withRetries(action: () => Promise<void>, { retries, signal }: RetryLimits): Promise<void> {
    for (let attempt = 0; ; attempt++) {
        try {
            await action();
            return;
        } catch (error) {
            if (attempt >= retries || !isRetryable(error)) throw error;
            await pause(backoff(attempt), signal);
            if (signal.aborted) throw error;
        }
    }
}

/** The time to wait, in ms, after an attempt (the first is 0): anything up to a limit, so that clients spread out. */
export function backoff(attempt: number): number {
    return Math.random() * Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT);
}

/** Waits without keeping the process alive. */
function pause(time: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
        const end = (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            resolve();
        };
        const timer = setTimeout(end, time).unref();
        signal.addEventListener('abort', end);
    });
}
