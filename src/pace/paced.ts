import { setImmediate } from 'node:timers/promises';

/** How long, in ms, pieces are taken before the event loop gets its turn. */
const SLICE_TIME = 2;

/**
 * Turns pieces of text into bytes without stalling the process: whenever a slice of time is used up, everything else
 * that waits runs before the next piece is taken.
 *
 * An iteration that is left early also ends that of the pieces.
 *
 * @param pieces    the text; an empty piece gives no bytes and is only a place to pause.
 */
export async function* paced(pieces: Iterable<string>): AsyncGenerator<Buffer, void, void> {
    let sliceStart = performance.now();
    for (const piece of pieces) {
        if (piece !== '') yield Buffer.from(piece);
        if (performance.now() - sliceStart >= SLICE_TIME) {
            await setImmediate();
            sliceStart = performance.now();
        }
    }
}

/** The start of a text, and whether that is all of it. */
export interface TextStart {
    readonly text: string;
    readonly whole: boolean;
}

/** How many characters a start has at most, but for the piece that exceeds them. */
const START_LENGTH = 64 * 1024;

/** Takes pieces of text for as long as a slice of time allows, or until there is enough to be worth a chunk of its own. */
export function takeSlice(pieces: Iterator<string, void, void>): TextStart {
    const sliceStart = performance.now();
    let text = '';
    while (text.length < START_LENGTH && performance.now() - sliceStart < SLICE_TIME) {
        const { value, done } = pieces.next();
        if (done === true) return { text, whole: true };
        text += value;
    }
    return { text, whole: false };
}
