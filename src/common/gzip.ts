import { constants, crc32, deflateRawSync } from 'node:zlib';

import { toBytes } from './toChunks';

/** The text of metrics gets hardly smaller by a higher level, which takes several times as long. */
const OPTIONS = { level: 1, finishFlush: constants.Z_SYNC_FLUSH };

/** Deflate, without a name or a time, the fastest way, on a system that is not told. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);

/** A last block, which is empty. */
const LAST_BLOCK = Buffer.from([3, 0]);

/**
 * Compresses pieces of about 64 KiB, each by itself and when it is asked for. A stream would take more than that, and a
 * thread of its own would not be faster.
 *
 * The format: RFC 1952, and RFC 1951 for the blocks.
 *
 * @param pieces    the text; an empty piece is passed on, as a place to pause.
 */
export function* gzipPieces(pieces: Iterable<string | Uint8Array>): Generator<Buffer | '', void, void> {
    let checksum = 0;
    let size = 0;
    yield HEADER;
    for (const piece of pieces) {
        if (piece.length === 0) {
            yield '';
            continue;
        }
        const bytes = toBytes(piece);
        checksum = crc32(bytes, checksum);
        size += bytes.length;
        yield deflateRawSync(bytes, OPTIONS);
    }
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(checksum, 0);
    trailer.writeUInt32LE(size % 2 ** 32, 4);
    yield Buffer.concat([LAST_BLOCK, trailer]);
}
