import { gzipPieces } from '../common/gzip';
import { inSlices, toBytes } from '../common/toChunks';
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
 * Sends a text as the body of a response: a small one at once and with its length, a large one as fast as the client takes
 * it, and without stalling the process. For HEAD only the headers are sent.
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
    let held: (string | Uint8Array)[] = [];
    let size = 0;
    for await (const piece of inSlices(isGzip ? gzipPieces(pieces) : pieces)) {
        const bytes = Buffer.byteLength(piece);
        held.push(bytes === piece.length ? piece : toBytes(piece));
        size += bytes;
        if (size > MAX_WHOLE) {
            if (isHead) break;
            // A drain is no turn of the event loop, which the slices see to
            if (response.writableNeedDrain) await waitFor(response, 'drain', timeout);
            write(response, held, isGzip);
            held = [];
        }
    }
    if (size <= MAX_WHOLE) response.setHeader('content-length', size);
    write(response, isHead ? [] : held, isGzip);
    response.end();
    if (!response.writableFinished) await waitFor(response, 'finish', timeout);
}

/**
 * Writes pieces of a body, the first ones behind the headers. A text of mere ASCII is left to Node.js, which is fastest as latin1.
 * Any other is bytes already, as Node.js writes the headers in the encoding of a text that follows them.
 */
function write(response: ScrapeResponse, pieces: readonly (string | Uint8Array)[], isGzip: boolean): void {
    if (!isConnected(response)) throw new HangUpError();
    if (isGzip && !response.headersSent) response.setHeader('content-encoding', 'gzip');
    for (const piece of pieces) response.write(piece, 'latin1');
}
