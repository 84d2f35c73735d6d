import { setImmediate } from 'node:timers/promises';

/** How long, in ms, pieces are taken before the event loop gets its turn. */
const SLICE_TIME = 2;

/**
 * Turns pieces of text or bytes into chunks of bytes without stalling the process: whenever a slice of time is used up, everything else
 * that waits runs before the next piece is taken.
 *
 * An iteration that is left early also ends that of the pieces.
 *
 * @param pieces        text or bytes; an empty piece gives no bytes and is only a place to pause.
 * @param sliceStart    when the first slice began, by performance.now(): what was done before for the pieces counts too.
 */
export async function* toChunks(
    pieces: Iterable<string | Uint8Array>,
    sliceStart = performance.now()
): AsyncGenerator<Buffer, undefined, void> {
    for (const piece of pieces) {
        if (piece.length > 0) yield typeof piece === 'string' ? Buffer.from(piece) : asBuffer(piece);
        if (performance.now() - sliceStart >= SLICE_TIME) {
            await setImmediate();
            sliceStart = performance.now();
        }
    }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
    return Buffer.from(buffer, byteOffset, byteLength);
}
