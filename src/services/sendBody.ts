import { gzipPieces } from '../common/gzip';
import { toChunks } from '../common/toChunks';
import { HangUpError, isConnected, waitFor } from './progress';
import { ScrapeResponse } from './restify';

/** How many bytes a body has at most that is sent at once: that of 1,000 timings, or compressed of 10,000. */
const MAX_WHOLE = 640 * 1024;

/** How the body of a response is sent. */
export interface SendOptions {
    /** Whether the request is for the headers only. */
    readonly isHead: boolean;
    /** Whether the body is compressed. */
    readonly isGzip: boolean;
    /** How long, in ms, the client may take nothing of the body. */
    readonly timeout: number;
}

/**
 * Sends a text as the body of a response: a small one at once and with its length, a large one in chunks, as fast as
 * the client takes them, and without stalling the process. For HEAD only the headers are sent.
 *
 * @param response  a response with its status and headers set, but for those that the body decides.
 * @param pieces    the text in pieces, of which no more are taken when the client has gone away.
 * @returns when all is handed over to the operating system.
 * @throws what the pieces throw, or HangUpError if the client has gone, or StallError if it takes nothing.
 */
export async function sendBody(
    response: ScrapeResponse,
    pieces: Iterable<string | Uint8Array>,
    { isHead, isGzip, timeout }: SendOptions
): Promise<void> {
    const chunks = toChunks(isGzip ? gzipPieces(pieces) : pieces);
    const start: Buffer[] = [];
    let size = 0;
    let next = await chunks.next();
    for (; next.done !== true; next = await chunks.next()) {
        size += next.value.length;
        start.push(next.value);
        if (size > MAX_WHOLE) break;
    }
    if (!isConnected(response)) throw new HangUpError();
    if (isGzip) response.setHeader('content-encoding', 'gzip');
    if (next.done === true) {
        response.setHeader('content-length', size);
        response.end(isHead ? undefined : Buffer.concat(start, size));
    } else if (isHead) {
        await chunks.return(undefined);
        response.end();
    } else {
        for (const chunk of start) response.write(chunk);
        await sendChunks(response, chunks, timeout);
    }
    if (!response.writableFinished) await waitFor(response, 'finish', timeout);
}

async function sendChunks(response: ScrapeResponse, chunks: AsyncIterable<Buffer>, timeout: number): Promise<void> {
    for await (const chunk of chunks) {
        // A drain is no turn of the event loop, which the chunks see to
        if (response.writableNeedDrain) await waitFor(response, 'drain', timeout);
        if (!isConnected(response)) throw new HangUpError();
        response.write(chunk);
    }
    if (!isConnected(response)) throw new HangUpError();
    response.end();
}
