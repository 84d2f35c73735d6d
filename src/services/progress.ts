import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** How often a client is looked at before it counts as one that takes nothing. */
const LOOKS = 8;

/** The longest time, in ms, of a timer. */
const MAX_DELAY = 2 ** 31 - 1;

/** The connection of a client ended before it had its whole answer. */
export class HangUpError extends Error {
    public constructor() {
        super('The client closed the connection');
    }
}

/** A client takes nothing of its answer. */
export class StallError extends Error {
    public constructor(timeout: number) {
        super(`The client has taken nothing of its answer for ${timeout} ms, see options.timeout`);
    }
}

/** Tells whether anything that is written to a response can reach its client. */
export function isConnected({ socket }: ServerResponse): boolean {
    return socket !== null && socket.writable && !socket.readableEnded;
}

/**
 * Waits for an event of a response for as long as its client takes something of it.
 *
 * @param timeout   how long, in ms, the client may take nothing.
 * @throws HangUpError if the connection ends before, and StallError if the client takes nothing.
 */
export function waitFor(response: ServerResponse, event: 'drain' | 'finish', timeout: number): Promise<void> {
    const { socket } = response;
    if (socket === null || socket.destroyed) return Promise.reject(new HangUpError());
    return new Promise((resolve, reject) => {
        let taken = bytesTaken(socket);
        let idleLooks = 0;
        let ended = false;
        // After a process was busy its timers come first: what the client has taken meanwhile is seen a turn later
        const timer = setTimeout(() => setImmediate(look), Math.min(timeout / LOOKS, MAX_DELAY)).unref();
        const look = (): void => {
            const now = bytesTaken(socket);
            idleLooks = now === taken ? idleLooks + 1 : 0;
            taken = now;
            if (idleLooks >= LOOKS) end(new StallError(timeout));
            else if (!ended) timer.refresh();
        };
        const onEvent = (): void => end(null);
        const onClose = (): void => end(new HangUpError());
        const end = (error: Error | null): void => {
            ended = true;
            clearTimeout(timer);
            response.off(event, onEvent).off('close', onClose);
            if (error === null) resolve();
            else reject(error);
        };
        response.on(event, onEvent).on('close', onClose);
    });
}

/** What is used of the handle of a socket: how many bytes of its last write the operating system has not taken yet. */
interface SocketHandle {
    readonly writeQueueSize?: number;
}

/** Gets a number that differs if the operating system has taken something in between. */
function bytesTaken(socket: Socket): number {
    // Without the handle there is only progress when the whole write is taken, which a slow client needs long for
    const { _handle: handle } = socket as { readonly _handle?: SocketHandle | null };
    return socket.bytesWritten - socket.writableLength - (handle?.writeQueueSize ?? 0);
}
