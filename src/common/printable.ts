/** How much of a name a message shows. */
const MAX_NAME_LENGTH = 200;

/** What could forge a line of a log, or change how one is shown: control and format characters, separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Makes a name that is safe in a line of a log. */
export function printable(name: unknown): string {
    const text = String(name);
    const shown = text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH)}…` : text;
    return shown.replace(UNPRINTABLE, escape);
}

function escape(character: string): string {
    return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
