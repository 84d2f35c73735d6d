import { Descriptor, References } from 'pip-services3-commons-nodex';
import { LogLevel } from 'pip-services3-components-nodex';

import { badStatus, noResponse } from '../../src/push/failures';
import { PushBody, PushDestination, Pusher, PushOptions, PushSupplier } from '../../src/push/Pusher';
import { PushLog } from '../../src/push/PushLog';
import { RecordingLogger } from '../fixtures/RecordingLogger';

const URL = 'http://gateway/metrics/job/j';
const REFUSED: Error = noResponse('PUT', URL, new Error('connect ECONNREFUSED'));
const BAD_REQUEST: Error = badStatus('PUT', URL, 400, 'no such metric');
const TIMEOUT = 10000;

/** A source with one text that is sent when it was taken. */
class TextSource implements PushSupplier {
    public interval = 0;
    private _text = '';
    private _sent = true;

    public record(text: string): void {
        this._text = text;
        this._sent = false;
    }

    public take(): PushBody | null {
        if (this._sent) return null;
        this._sent = true;
        return { contentType: 'text/x', chunks: ['', this._text, Buffer.from('\n')] };
    }

    public markUnsent(): void {
        this._sent = false;
    }

    public getInterval(): number {
        return this.interval;
    }
}

/** A destination that notes what it is asked for, and answers when it is told. */
class ManualDestination implements PushDestination {
    public readonly url = URL;
    public readonly calls: string[] = [];
    private readonly _open: { resolve: () => void; reject: (error: Error) => void }[] = [];

    public put(contentType: string, body: Buffer): Promise<void> {
        expect(contentType).toBe('text/x');
        return this.call(`PUT ${body.toString().trim()}`);
    }

    public delete(): Promise<void> {
        return this.call('DELETE');
    }

    public close(): void {
        this.calls.push('close');
        while (this._open.length > 0) void this.answer(REFUSED);
    }

    /** Answers the oldest request that is in flight, and lets everything happen that follows at once. */
    public async answer(error?: Error): Promise<void> {
        const request = this._open.shift();
        if (!request) throw new Error('No request is in flight');
        if (error) request.reject(error);
        else request.resolve();
        await settle();
    }

    private call(text: string): Promise<void> {
        this.calls.push(text);
        return new Promise((resolve, reject) => this._open.push({ resolve, reject }));
    }
}

let source: TextSource;
let destination: ManualDestination;
let logger: RecordingLogger;

beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] });
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    source = new TextSource();
    destination = new ManualDestination();
    logger = new RecordingLogger();
});

afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.restoreAllMocks();
    jest.useRealTimers();
});

function start(options: Partial<PushOptions> = {}): Pusher {
    const references = References.fromTuples(new Descriptor('test', 'logger', 'recording', 'default', '1.0'), logger);
    const pusher = new Pusher(destination, source, new PushLog(logger, references), {
        retries: 0,
        timeout: TIMEOUT,
        ...options,
    });
    pusher.start('123');
    return pusher;
}

/** Lets everything happen that does not wait for a timer or an answer: a body on a busy machine takes several turns. */
async function settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise is fulfilled by now. */
async function isDone(promise: Promise<void>): Promise<boolean> {
    let done = false;
    void promise.then(() => (done = true));
    await settle();
    return done;
}

/** Closes a pusher that has nothing left to do. */
async function closeIdle(pusher: Pusher): Promise<void> {
    await pusher.close('123', false);
}

describe('push', () => {
    test('sends the newest state', async () => {
        const pusher = start();
        source.record('a');
        source.record('b');
        pusher.push();
        await settle();
        expect(destination.calls).toEqual(['PUT b']);
        await destination.answer();
        await closeIdle(pusher);
        expect(destination.calls).toEqual(['PUT b', 'close']);
    });

    test('sends nothing when nothing changed since the last push', async () => {
        const pusher = start();
        pusher.push();
        source.record('a');
        pusher.push();
        await settle();
        await destination.answer();
        pusher.push();
        await settle();
        expect(destination.calls).toEqual(['PUT a']);
        await closeIdle(pusher);
    });

    test('merges all calls during a push into one that follows, with the newest state', async () => {
        const pusher = start();
        for (let index = 1; index <= 1000; index++) {
            source.record(`state ${index}`);
            pusher.push();
        }
        await settle();
        expect(destination.calls).toEqual(['PUT state 1']);
        await destination.answer();
        expect(destination.calls).toEqual(['PUT state 1', 'PUT state 1000']);
        await destination.answer();
        expect(destination.calls).toHaveLength(2);
        await closeIdle(pusher);
    });

    test('does nothing after the pusher was closed', async () => {
        const pusher = start();
        await closeIdle(pusher);
        source.record('a');
        pusher.push();
        pusher.restartTimer();
        await settle();
        expect(destination.calls).toEqual(['close']);
    });
});

describe('the timer', () => {
    test('pushes at each interval in which something changed', async () => {
        source.interval = 1000;
        const pusher = start();
        source.record('a');
        await jest.advanceTimersByTimeAsync(999);
        await settle();
        expect(destination.calls).toEqual([]);
        await jest.advanceTimersByTimeAsync(1);
        await settle();
        expect(destination.calls).toEqual(['PUT a']);
        await destination.answer();
        await jest.advanceTimersByTimeAsync(5000);
        await settle();
        expect(destination.calls).toEqual(['PUT a']);
        source.record('b');
        await jest.advanceTimersByTimeAsync(1000);
        await settle();
        expect(destination.calls).toEqual(['PUT a', 'PUT b']);
        await destination.answer();
        await closeIdle(pusher);
    });

    test('does not push twice at a time', async () => {
        source.interval = 1000;
        const pusher = start();
        source.record('a');
        await jest.advanceTimersByTimeAsync(1000);
        source.record('b');
        await jest.advanceTimersByTimeAsync(5000);
        await settle();
        expect(destination.calls).toEqual(['PUT a']);
        await destination.answer();
        expect(destination.calls).toEqual(['PUT a', 'PUT b']);
        await destination.answer();
        await closeIdle(pusher);
    });

    test.each([0, -1, NaN])('is not there for an interval of %d', async (interval) => {
        source.interval = interval;
        const pusher = start();
        expect(jest.getTimerCount()).toBe(0);
        await closeIdle(pusher);
    });

    test('is no faster for an interval that is longer than timers take', async () => {
        source.interval = 1e12;
        const pusher = start();
        source.record('a');
        await jest.advanceTimersByTimeAsync(1000000);
        await settle();
        expect(destination.calls).toEqual([]);
        await jest.advanceTimersByTimeAsync(2147483647);
        await settle();
        expect(destination.calls).toEqual(['PUT a']);
        await destination.answer();
        await closeIdle(pusher);
    });

    test('takes over a new interval', async () => {
        source.interval = 1000000;
        const pusher = start();
        source.interval = 10;
        pusher.restartTimer();
        source.record('a');
        await jest.advanceTimersByTimeAsync(10);
        await settle();
        expect(destination.calls).toEqual(['PUT a']);
        expect(jest.getTimerCount()).toBe(1);
        await destination.answer();
        await closeIdle(pusher);
    });

    test('does not keep the process alive', async () => {
        jest.useRealTimers();
        const timers = jest.spyOn(global, 'setInterval');
        source.interval = 1000;
        const pusher = start();
        const [timer] = timers.mock.results.map(({ value }) => value as NodeJS.Timeout);
        const holds = timer?.hasRef();
        await closeIdle(pusher);
        jest.useFakeTimers();
        expect(holds).toBe(false);
    });
});

describe('a failure', () => {
    test('is repeated, with the same text', async () => {
        const pusher = start({ retries: 1 });
        source.record('a');
        pusher.push();
        await settle();
        source.record('b');
        await destination.answer(REFUSED);
        await jest.advanceTimersByTimeAsync(250);
        await settle();
        expect(destination.calls).toEqual(['PUT a', 'PUT a']);
        await destination.answer();
        expect(logger.lines).toEqual([]);
        const closed = pusher.close('123', false);
        await settle();
        await destination.answer();
        await closed;
        expect(destination.calls).toEqual(['PUT a', 'PUT a', 'PUT b', 'close']);
    });

    test('leaves the state unsent, and it goes with the next tick', async () => {
        source.interval = 1000;
        const pusher = start();
        source.record('a');
        pusher.push();
        await settle();
        await destination.answer(BAD_REQUEST);
        await jest.advanceTimersByTimeAsync(1000);
        await settle();
        expect(destination.calls).toEqual(['PUT a', 'PUT a']);
        await destination.answer();
        await closeIdle(pusher);
    });

    test('is logged once for a streak, as is its end', async () => {
        const pusher = start();
        source.record('a');
        const outcomes: (Error | undefined)[] = [REFUSED, BAD_REQUEST, REFUSED, undefined, BAD_REQUEST, undefined];
        for (const error of outcomes) {
            source.record('a');
            pusher.push();
            await settle();
            await destination.answer(error);
        }
        const failure = { level: LogLevel.Error, correlationId: '123' };
        const message = 'Failed to push counters, they stay unsent';
        const recovery = {
            level: LogLevel.Info,
            correlationId: '123',
            message: `Counters are pushed again to ${URL}`,
            error: null,
        };
        expect(logger.lines).toEqual([
            { ...failure, message, error: REFUSED },
            recovery,
            { ...failure, message, error: BAD_REQUEST },
            recovery,
        ]);
        expect(BAD_REQUEST.message).toBe(`PUT ${URL} got status 400: no such metric`);
        await closeIdle(pusher);
    });

    test('to write the text is one too, and ends there', async () => {
        const pusher = start({ retries: 3 });
        const error = new TypeError('counter is null');
        jest.spyOn(source, 'take').mockImplementationOnce(() => {
            throw error;
        });
        pusher.push();
        await settle();
        expect(logger.lines).toMatchObject([{ level: LogLevel.Error, error }]);
        source.record('a');
        pusher.push();
        await settle();
        expect(destination.calls).toEqual(['PUT a']);
        await destination.answer();
        await closeIdle(pusher);
    });
});

describe('close', () => {
    test('waits for the request in flight, and sends what changed since', async () => {
        const pusher = start();
        source.record('a');
        pusher.push();
        await settle();
        source.record('b');
        const closed = pusher.close('456', false);
        expect(await isDone(closed)).toBe(false);
        await destination.answer();
        expect(destination.calls).toEqual(['PUT a', 'PUT b']);
        expect(await isDone(closed)).toBe(false);
        await destination.answer();
        await closed;
        expect(destination.calls).toEqual(['PUT a', 'PUT b', 'close']);
    });

    test('sends what the request in flight fails to bring', async () => {
        const pusher = start({ retries: 3 });
        source.record('a');
        pusher.push();
        await settle();
        const closed = pusher.close('456', false);
        await destination.answer(REFUSED);
        expect(destination.calls).toEqual(['PUT a', 'PUT a']);
        await destination.answer();
        await closed;
        expect(destination.calls).toEqual(['PUT a', 'PUT a', 'close']);
    });

    test('does not sit out the wait for a repetition', async () => {
        const pusher = start({ retries: 3 });
        source.record('a');
        pusher.push();
        await settle();
        await destination.answer(REFUSED);
        source.record('b');
        const closed = pusher.close('456', false);
        await settle();
        expect(destination.calls).toEqual(['PUT a', 'PUT b']);
        await destination.answer();
        await closed;
    });

    test('repeats the last push', async () => {
        const pusher = start({ retries: 1 });
        source.record('a');
        const closed = pusher.close('456', false);
        await settle();
        await destination.answer(REFUSED);
        await jest.advanceTimersByTimeAsync(250);
        await destination.answer();
        await closed;
        expect(destination.calls).toEqual(['PUT a', 'PUT a', 'close']);
        expect(logger.lines).toEqual([]);
    });

    test('gives up after the time limit of a request and a second', async () => {
        const pusher = start();
        source.record('a');
        pusher.push();
        await settle();
        const closed = pusher.close('456', false);
        await jest.advanceTimersByTimeAsync(TIMEOUT + 999);
        expect(await isDone(closed)).toBe(false);
        await jest.advanceTimersByTimeAsync(1);
        await closed;
        await settle();
        expect(destination.calls).toEqual(['PUT a', 'close']);
        expect(logger.lines).toMatchObject([{ level: LogLevel.Error, correlationId: '456', error: REFUSED }]);
        expect(source.take()).not.toBeNull();
    });

    test('waits at all when the time limit is the longest one', async () => {
        const pusher = start({ timeout: 2147483647 });
        source.record('a');
        const closed = pusher.close('456', false);
        await jest.advanceTimersByTimeAsync(60000);
        expect(await isDone(closed)).toBe(false);
        await destination.answer();
        await closed;
    });

    test('gives up repeating then, too', async () => {
        const pusher = start({ retries: 100 });
        source.record('a');
        const closed = pusher.close('456', false);
        await settle();
        // The waits are 250, 500, 1000, 2000, 4000 and 8000 ms
        for (let attempt = 0; attempt < 5; attempt++) {
            await destination.answer(REFUSED);
            await jest.advanceTimersByTimeAsync(250 * 2 ** attempt);
        }
        await destination.answer(REFUSED);
        await jest.advanceTimersByTimeAsync(TIMEOUT);
        await closed;
        await settle();
        expect(destination.calls).toEqual([...Array<string>(6).fill('PUT a'), 'close']);
        expect(logger.lines).toHaveLength(1);
    });

    test('deletes the group instead of sending', async () => {
        const pusher = start();
        source.record('a');
        pusher.push();
        await settle();
        source.record('b');
        pusher.push();
        const closed = pusher.close('456', true);
        await destination.answer();
        await destination.answer();
        await closed;
        expect(destination.calls).toEqual(['PUT a', 'DELETE', 'close']);
    });

    test('logs that the group is not deleted', async () => {
        const pusher = start({ retries: 3 });
        const closed = pusher.close('456', true);
        await settle();
        await destination.answer(BAD_REQUEST);
        await closed;
        expect(destination.calls).toEqual(['DELETE', 'close']);
        expect(logger.lines).toEqual([
            {
                level: LogLevel.Error,
                correlationId: '456',
                message: 'Failed to delete the pushed counters',
                error: BAD_REQUEST,
            },
        ]);
    });

    test('does it once', async () => {
        const pusher = start();
        source.record('a');
        const closed = Promise.all([pusher.close('456', false), pusher.close('456', true)]);
        await settle();
        await destination.answer();
        await closed;
        await pusher.close('456', false);
        expect(destination.calls).toEqual(['PUT a', 'close']);
    });
});
