import { EXPOSITION_FORMATS, ExpositionFormat } from './formats';

/** What a scraper gets. */
export interface Negotiated {
    readonly format: ExpositionFormat;
    /** The value of the Content-Type header. */
    readonly contentType: string;
}

/** One range of an Accept header. */
interface MediaRange {
    readonly type: string;
    readonly parameters: ReadonlyMap<string, string>;
    readonly quality: number;
    /** The place in the header, from 0 on. */
    readonly position: number;
}

/** The ways to escape names that a scraper may name: Prometheus documentation, instrumenting/escaping_schemes.md. */
const ESCAPING_SCHEMES = new Set(['allow-utf-8', 'underscores', 'dots', 'values']);

/** Names are written in the legacy character set always, which all schemes leave as it is. */
const ESCAPING_SUFFIX = '; escaping=underscores';

/** How closely a range names a format; the first row that applies decides. */
const SPECIFICITIES: readonly ((range: MediaRange, format: ExpositionFormat) => boolean)[] = [
    (range, format) => range.type === format.mediaType && names(range, format),
    (range, format) =>
        !format.isExplicit &&
        range.type === format.mediaType &&
        !Object.keys(format.parameters).some((name) => range.parameters.has(name)),
    (range, format) => !format.isExplicit && range.type === format.mediaType.replace(/\/.*/, '/*'),
    (range, format) => !format.isExplicit && range.type === '*/*',
];

/** Whether a range has all parameters of a format. */
function names(range: MediaRange, format: ExpositionFormat): boolean {
    return Object.entries(format.parameters).every(([name, value]) => range.parameters.get(name) === value);
}

/**
 * Chooses the format for an Accept header: of each format the closest range counts, the highest quality wins, then
 * the earlier range, then the earlier format. Where nothing fits, it is the first format.
 *
 * The rules: Prometheus documentation, instrumenting/content_negotiation.md.
 */
export const negotiate = keepLast(chooseFormat);

/**
 * Checks if an Accept-Encoding header allows gzip.
 *
 * The rules: RFC 9110, "Accept-Encoding".
 */
export const acceptsGzip = keepLast(findGzip);

/** Keeps the last result, as the headers of a scraper are always the same, and reading them takes a tenth of a small scrape. */
function keepLast<T>(read: (header: string | undefined) => T): (header: string | undefined) => T {
    let last: { readonly header: string | undefined; readonly result: T } | null = null;
    return (header) => {
        if (last === null || last.header !== header) last = { header, result: read(header) };
        return last.result;
    };
}

function chooseFormat(accept: string | undefined): Negotiated {
    const ranges = parseAccept(accept ?? '');
    let chosen: { format: ExpositionFormat; range: MediaRange } | null = null;
    for (const format of EXPOSITION_FORMATS) {
        const range = closest(ranges, format);
        if (range === undefined || range.quality <= 0) continue;
        if (chosen === null || isBetter(range, chosen.range)) chosen = { format, range };
    }
    if (chosen === null) return { format: EXPOSITION_FORMATS[0], contentType: EXPOSITION_FORMATS[0].contentType };

    const escaping = chosen.range.parameters.get('escaping') ?? '';
    const suffix = ESCAPING_SCHEMES.has(escaping) ? ESCAPING_SUFFIX : '';
    return { format: chosen.format, contentType: chosen.format.contentType + suffix };
}

function findGzip(acceptEncoding: string | undefined): boolean {
    const ranges = parseAccept(acceptEncoding ?? '');
    const range = ['gzip', 'x-gzip', '*']
        .map((coding) => ranges.find(({ type }) => type === coding))
        .find((found) => found !== undefined);
    return range !== undefined && range.quality > 0;
}

function isBetter(range: MediaRange, than: MediaRange): boolean {
    return range.quality > than.quality || (range.quality === than.quality && range.position < than.position);
}

function closest(ranges: readonly MediaRange[], format: ExpositionFormat): MediaRange | undefined {
    for (const applies of SPECIFICITIES) {
        const matching = ranges.filter((range) => applies(range, format));
        if (matching.length > 0) return matching.reduce((best, range) => (isBetter(range, best) ? range : best));
    }
    return undefined;
}

function parseAccept(accept: string): MediaRange[] {
    return splitOutsideQuotes(accept, ',').map(parseRange);
}

function parseRange(text: string, position: number): MediaRange {
    const [type = '', ...rest] = splitOutsideQuotes(text, ';');
    const parameters = new Map<string, string>();
    for (const parameter of rest) {
        const [name = '', value = ''] = splitOutsideQuotes(parameter, '=');
        parameters.set(name.toLowerCase(), unquote(value));
    }
    return { type: type.toLowerCase(), parameters, quality: parseQuality(parameters.get('q')), position };
}

/** Reads a quality between 0 and 1; what is no number counts as 1. */
function parseQuality(text: string | undefined): number {
    const quality = text === undefined || text === '' ? 1 : Number(text);
    return Number.isNaN(quality) ? 1 : Math.min(Math.max(quality, 0), 1);
}

/** Splits at a separator where it does not stand in quotes, and trims the parts. */
function splitOutsideQuotes(text: string, separator: string): string[] {
    const parts: string[] = [];
    let start = 0;
    let quoted = false;
    for (let index = 0; index < text.length; index++) {
        const character = text[index];
        if (character === '\\' && quoted) index++;
        else if (character === '"') quoted = !quoted;
        else if (character === separator && !quoted) {
            parts.push(text.slice(start, index).trim());
            start = index + 1;
        }
    }
    parts.push(text.slice(start).trim());
    return parts;
}

function unquote(text: string): string {
    return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
}
