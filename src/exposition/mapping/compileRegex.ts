/** Flags at the beginning that Go and JavaScript both know, such as `(?i)`. */
const LEADING_FLAGS = /^\(\?([ims]+)\)/;

/** Punctuation that needs no escape, any other escaped character, or the beginning of a named group in Go. */
const TRANSLATED = /\\([!"#%&',\-:;<=>@_`~])|\\[^]|\(\?P<(?=\w+>)/g;

/**
 * Compiles a regular expression that is written for Go, as those of statsd_exporter are.
 *
 * Named groups, flags at the beginning and escaped punctuation are translated. The mode `u` makes errors of much
 * that only Go understands, such as `\z` or `[[:alpha:]]`, and that JavaScript else would read as something different.
 * Unlike Go's, an expression such as `(a+)+$` can take exponential time in JavaScript: it is searched once for each new name.
 *
 * @throws SyntaxError if it cannot be compiled.
 */
export function compileRegex(source: string): RegExp {
    const flags = new Set('u');
    let rest = source;
    for (let found = LEADING_FLAGS.exec(rest); found !== null; found = LEADING_FLAGS.exec(rest)) {
        for (const flag of found[1] ?? '') flags.add(flag);
        rest = rest.slice(found[0].length);
    }
    const translated = rest.replace(TRANSLATED, (text, punctuation: string | undefined) => {
        if (punctuation !== undefined) return `\\x${punctuation.charCodeAt(0).toString(16)}`;
        return text === '(?P<' ? '(?<' : text;
    });
    return new RegExp(translated, [...flags].join(''));
}
