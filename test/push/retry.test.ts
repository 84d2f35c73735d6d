import { badStatus, noResponse } from '../../src/push/failures';
import { backoff, withRetries } from '../../src/push/retry';

const REFUSED = noResponse('PUT', 'http://h/', new Error('connect ECONNREFUSED'));
const NEVER = new AbortController().signal;

describe('backoff', () => {
    afterEach(() => jest.restoreAllMocks());

    test.each<[number, number, number]>([
        [0, 0, 0],
        [0, 0.5, 250],
        [1, 0.5, 500],
        [2, 0.5, 1000],
        [3, 0.25, 1000],
        [5, 0.5, 8000],
        [6, 0.5, 15000],
        [1000, 0.5, 15000],
        [5000, 0, 0],
    ])('after attempt %d, with %d drawn, is %d ms', (attempt, random, expected) => {
        jest.spyOn(Math, 'random').mockReturnValue(random);
        expect(backoff(attempt)).toBe(expected);
    });
});

describe('withRetries', () => {
    beforeEach(() => {
        jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
        jest.spyOn(Math, 'random').mockReturnValue(0.5);
    });

    afterEach(() => {
        jest.restoreAllMocks();
        jest.useRealTimers();
    });

    /** Fails as often as there are errors, and notes when it was called. */
    function failing(...errors: Error[]): { action: () => Promise<void>; calledAt: number[] } {
        const start = Date.now();
        const calledAt: number[] = [];
        const action = (): Promise<void> => {
            calledAt.push(Date.now() - start);
            const error = errors.shift();
            return error ? Promise.reject(error) : Promise.resolve();
        };
        return { action, calledAt };
    }

    test('does once what succeeds', async () => {
        const { action, calledAt } = failing();
        await withRetries(action, { retries: 3, signal: NEVER });
        expect(calledAt).toEqual([0]);
    });

    test('waits longer and longer until it succeeds', async () => {
        const { action, calledAt } = failing(REFUSED, REFUSED, REFUSED);
        const done = withRetries(action, { retries: 3, signal: NEVER });
        await jest.advanceTimersByTimeAsync(60000);
        await done;
        expect(calledAt).toEqual([0, 250, 750, 1750]);
    });

    test('gives up with the last error', async () => {
        const last = badStatus('PUT', 'http://h/', 503, 'still down');
        const { action, calledAt } = failing(REFUSED, last);
        const done = expect(withRetries(action, { retries: 1, signal: NEVER })).rejects.toBe(last);
        await jest.advanceTimersByTimeAsync(60000);
        await done;
        expect(calledAt).toEqual([0, 250]);
    });

    test.each([0, -1])('does once what fails, with %d retries', async (retries) => {
        const { action, calledAt } = failing(REFUSED);
        await expect(withRetries(action, { retries, signal: NEVER })).rejects.toBe(REFUSED);
        expect(calledAt).toEqual([0]);
    });

    test('does not repeat what cannot succeed', async () => {
        const wrong = badStatus('PUT', 'http://h/', 400, 'bad');
        const { action, calledAt } = failing(wrong);
        await expect(withRetries(action, { retries: 3, signal: NEVER })).rejects.toBe(wrong);
        expect(calledAt).toEqual([0]);
    });

    test('stops waiting when it is aborted, and leaves no timer', async () => {
        const abort = new AbortController();
        const { action, calledAt } = failing(REFUSED);
        const done = withRetries(action, { retries: 3, signal: abort.signal });
        await jest.advanceTimersByTimeAsync(100);
        abort.abort();
        await expect(done).rejects.toBe(REFUSED);
        expect(calledAt).toEqual([0]);
        expect(jest.getTimerCount()).toBe(0);
    });

    test('does not wait when it was aborted before', async () => {
        const { action, calledAt } = failing(REFUSED);
        await expect(withRetries(action, { retries: 3, signal: AbortSignal.abort() })).rejects.toBe(REFUSED);
        expect(calledAt).toEqual([0]);
        expect(jest.getTimerCount()).toBe(0);
    });

    test('does not keep the process alive while it waits', async () => {
        jest.useRealTimers();
        const timers = jest.spyOn(global, 'setTimeout');
        const abort = new AbortController();
        const done = withRetries(failing(REFUSED).action, { retries: 3, signal: abort.signal });
        await new Promise(setImmediate);
        const [timer] = timers.mock.results.map(({ value }) => value as NodeJS.Timeout);
        const holds = timer?.hasRef();
        abort.abort();
        await expect(done).rejects.toBe(REFUSED);
        expect(holds).toBe(false);
    });
});
