import { Socket } from 'node:net';
import { Stream } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { paced, takeSlice } from '../pace/paced';
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
 * @returns when all is handed over to the operating system.
 * @throws what the pieces throw, or an error if the connection is closed before. If nothing was sent before, nothing is sent.
 */
export async function sendText(response: ScrapeResponse, pieces: Generator<string>, isHead: boolean): Promise<void> {
    const start = takeSlice(pieces);
    const isReal = (response as unknown) instanceof Stream;
    const { socket } = response;
    if (isReal && !isUsable(socket)) throw closedTooEarly();

    if (start.whole) response.setHeader('content-length', Buffer.byteLength(start.text));
    if (isReal && !start.whole && !isHead) {
        await stream(response, start.text, pieces);
    } else {
        response.end(isHead ? '' : start.text + [...pieces].join(''));
        if (isReal) await finished(response);
    }
    // A response also finishes when the last of it could not be written
    if (isReal && !isUsable(socket)) throw closedTooEarly();
}

function isUsable(socket: Socket | null): boolean {
    return socket !== null && !socket.destroyed && socket.errored === null;
}

function closedTooEarly(): Error {
    return Object.assign(new Error('The connection was closed'), { code: CLOSED_TOO_EARLY });
}

async function stream(response: ScrapeResponse, start: string, rest: Iterable<string>): Promise<void> {
    const chunks = paced(concat(start, rest));
    // If the first chunk can't be made, there still can be another answer
    const first = await chunks.next();
    const body = prepend(first.value ?? Buffer.alloc(0), chunks);
    if (response.handledGzip === undefined) {
        await pipeline(body, response);
    } else {
        // restify compresses without regard to how fast the client reads, and several times as hard as it pays off
        response.handledGzip();
        await pipeline(body, createGzip({ level: 1 }), response);
    }
}

function* concat(first: string, rest: Iterable<string>): Generator<string, void, void> {
    yield first;
    yield* rest;
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
    yield first;
    yield* rest;
}
