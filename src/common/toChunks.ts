import { hasTime, nextSlice } from './timeSlice';

/**
 * Goes through pieces of text without stalling the process: whenever the slice of time is used up that all texts of
 * the process share, everything else that waits runs before the next piece is taken.
 *
 * An iteration that is left early also ends that of the pieces.
 *
 * @param pieces    the text; an empty piece is left out, and only a place to pause.
 */
export async function* inSlices(
    pieces: Iterable<string | Uint8Array>
): AsyncGenerator<string | Uint8Array, undefined, void> {
    if (!hasTime()) await nextSlice();
    for (const piece of pieces) {
        if (piece.length > 0) yield piece;
        if (!hasTime()) await nextSlice();
    }
}

/** Turns pieces of text into bytes, as {@link inSlices} goes through them. */
export async function* toChunks(pieces: Iterable<string | Uint8Array>): AsyncGenerator<Buffer, undefined, void> {
    for await (const piece of inSlices(pieces)) yield toBytes(piece);
}

/** Gets the bytes of a piece of text; those of a piece that is bytes already are not copied. */
export function toBytes(piece: string | Uint8Array): Buffer {
    return typeof piece === 'string'
        ? Buffer.from(piece)
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
