import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';

import { hasTime, nextSlice } from '../common/timeSlice';
import { toBytes, toChunks } from '../common/toChunks';
import { HangUpError, isConnected, waitFor } from './progress';
import { ScrapeResponse } from './restify';

/** restify compresses several times as hard as it pays off. */
const GZIP_OPTIONS = { level: 1 };

/** How the body of a response is sent. */
export interface SendOptions {
    /** Whether the request is for the headers only. */
    readonly isHead: boolean;
    /** How long, in ms, the client may take nothing of the body. */
    readonly timeout: number;
}

/**
 * Sends a text as the body of a response: a small one at once and with its length, a large one in chunks, as fast as
 * the client takes them, and without stalling the process. For HEAD only the headers are sent.
 *
 * @param response  a response with its status and headers set.
 * @param pieces    the text in pieces, of which no more are taken when the client has gone away.
 * @returns when all is handed over to the operating system.
 * @throws what the pieces throw, or HangUpError if the client has gone, or StallError if it takes nothing.
 */
export async function sendBody(
    response: ScrapeResponse,
    pieces: Iterable<string | Uint8Array>,
    options: SendOptions
): Promise<void> {
    const iterator = pieces[Symbol.iterator]();
    const start: Buffer[] = [];
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
        // A small body is one piece
        if (next.value.length > 0 && start.push(toBytes(next.value)) > 1) break;
        if (!hasTime()) await nextSlice();
    }
    if (!isConnected(response)) throw new HangUpError();
    if (start.length > 1 && !options.isHead) {
        await sendChunks(response, continued(start, iterator), options.timeout);
    } else if (start.length > 1) {
        iterator.return?.();
        response.end();
    } else {
        sendWhole(response, start[0] ?? Buffer.alloc(0), options.isHead);
    }
    if (!response.writableFinished) await waitFor(response, 'finish', options.timeout);
}

/** Sends a small body at once, with its length. For HEAD only the headers are sent. */
export function sendWhole(response: ScrapeResponse, body: Buffer, isHead: boolean): void {
    const bytes = takeOverGzip(response) ? gzipSync(body, GZIP_OPTIONS) : body;
    response.setHeader('content-length', bytes.length);
    response.end(isHead ? undefined : bytes);
}

async function sendChunks(response: ScrapeResponse, chunks: AsyncIterable<Buffer>, timeout: number): Promise<void> {
    for await (const chunk of takeOverGzip(response) ? compress(chunks) : chunks) {
        if (!isConnected(response)) throw new HangUpError();
        if (!response.write(chunk)) await waitFor(response, 'drain', timeout);
    }
    if (!isConnected(response)) throw new HangUpError();
    response.end();
}

/** Has restify's compression stand aside, which does not wait for the client. Tells whether there was any. */
function takeOverGzip(response: ScrapeResponse): boolean {
    response.handledGzip?.();
    return response.handledGzip !== undefined;
}

async function* compress(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
    const gzip = createGzip(GZIP_OPTIONS);
    // What it fails for, reading from the stream fails for too
    pipeline(chunks, gzip).catch(() => undefined);
    yield* gzip as AsyncIterable<Buffer>;
}

async function* continued(
    start: readonly Buffer[],
    iterator: Iterator<string | Uint8Array>
): AsyncGenerator<Buffer, void, void> {
    yield* start;
    yield* toChunks({ [Symbol.iterator]: () => iterator });
}
