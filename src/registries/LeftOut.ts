/** Says why something of a foreign registry cannot be exposed. */
export class LeftOut extends Error {}

/** Is told why something is left out, in words that are the same each time. */
export type OnLeftOut = (reason: string) => void;

/**
 * Reads something of a foreign registry, which may be anything.
 *
 * @returns null if it cannot be read.
 */
export function attempt<T>(read: () => T, onLeftOut: OnLeftOut): T | null {
    try {
        return read();
    } catch (error) {
        onLeftOut(error instanceof LeftOut ? error.message : 'a part of it cannot be read');
        return null;
    }
}
