import { Socket } from 'node:net';
import { Stream } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { toChunks } from '../common/toChunks';
import { ScrapeResponse } from './restify';

/** The code of Node's errors of a stream that is closed before its end. */
export const CLOSED_TOO_EARLY = 'ERR_STREAM_PREMATURE_CLOSE';

/**
 * Sends a text as the body of a response: a small one at once and with its length, a large one in chunks, as fast as
 * the client takes them, and without stalling the process.
 *
 * A body of which only the length is wanted is not sent.
 *
 * @param response  a response with its status and headers set. A mocked one gets the whole text at once.
 * @param pieces    the text in pieces, of which no more are taken when the client has gone away.
 * @param isHead    whether the request is for the headers only.
 * @param since     when the work on the response began, by performance.now().
 * @returns when all is handed over to the operating system.
 * @throws what the pieces throw, or an error if the connection is closed before. If nothing was sent before, nothing is sent.
 */
export async function sendText(
    response: ScrapeResponse,
    pieces: Iterable<string | Uint8Array>,
    isHead: boolean,
    since: number
): Promise<void> {
    if (!((response as unknown) instanceof Stream)) {
        const text = Buffer.concat([...pieces].map((piece) => Buffer.from(piece as string)));
        response.setHeader('content-length', text.length);
        response.end(isHead ? '' : text.toString());
        return;
    }
    const { socket } = response;
    const chunks = toChunks(pieces, since);
    const start = [await chunks.next(), await chunks.next()].flatMap(({ value }) => value ?? []);
    if (!isUsable(socket)) throw closedTooEarly();

    const whole = start.length < 2 ? Buffer.concat(start) : null;
    if (whole !== null) response.setHeader('content-length', whole.length);
    if (whole === null && !isHead) {
        await stream(response, prepend(start, chunks));
    } else {
        response.end(isHead ? undefined : whole);
        await finished(response);
    }
    // A response also finishes when the last of it could not be written
    if (!isUsable(socket)) throw closedTooEarly();
}

function isUsable(socket: Socket | null): boolean {
    return socket !== null && !socket.destroyed && socket.errored === null;
}

function closedTooEarly(): Error {
    return Object.assign(new Error('The connection was closed'), { code: CLOSED_TOO_EARLY });
}

async function stream(response: ScrapeResponse, body: AsyncIterable<Buffer>): Promise<void> {
    if (response.handledGzip === undefined) {
        await pipeline(body, response);
    } else {
        // restify compresses without regard to how fast the client reads, and several times as hard as it pays off
        response.handledGzip();
        await pipeline(body, createGzip({ level: 1 }), response);
    }
}

async function* prepend(start: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
    yield* start;
    yield* rest;
}
