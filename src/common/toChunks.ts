import { hasTime, nextSlice } from './timeSlice';

/**
 * Turns pieces of text into bytes without stalling the process: whenever the slice of time is used up that all texts of
 * the process share, everything else that waits runs before the next piece is taken.
 *
 * An iteration that is left early also ends that of the pieces.
 *
 * @param pieces    the text; an empty piece gives no bytes and is only a place to pause.
 */
export async function* toChunks(pieces: Iterable<string | Uint8Array>): AsyncGenerator<Buffer, undefined, void> {
    if (!hasTime()) await nextSlice();
    for (const piece of pieces) {
        if (piece.length > 0) yield toBytes(piece);
        if (!hasTime()) await nextSlice();
    }
}

/** Gets the bytes of a piece of text; those of a piece that is bytes already are not copied. */
export function toBytes(piece: string | Uint8Array): Buffer {
    return typeof piece === 'string'
        ? Buffer.from(piece)
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
