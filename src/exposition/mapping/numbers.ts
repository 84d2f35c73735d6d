import { ConfigSection } from './ConfigSection';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads a decimal number, undefined if it is none or not finite. */
export function parseNumber(text: string): number | undefined {
    const value = DECIMAL.test(text) ? Number(text) : Infinity;
    return Number.isFinite(value) ? value : undefined;
}

/**
 * Gets a number of a configuration.
 *
 * @throws ConfigException with the code WRONG_OPTION.
 */
export function readNumber<D>(section: ConfigSection, name: string, defaultValue: D): number | D {
    const text = section.text(name);
    if (text === '') return defaultValue;
    const value = parseNumber(text);
    if (value === undefined) throw section.wrong(name, 'must be a number', text);
    return value;
}

const MILLISECONDS = new Map([
    ['ns', 1e-6],
    ['us', 1e-3],
    ['\u00b5s', 1e-3],
    ['\u03bcs', 1e-3],
    ['ms', 1],
    ['s', 1000],
    ['m', 60_000],
    ['h', 3_600_000],
]);

const PART = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;
const DURATION = new RegExp(`^\\+?(${PART.source})+$`);

/**
 * Gets a duration of a configuration in milliseconds, 0 for none.
 *
 * The notation is Go's, as statsd_exporter has it: https://pkg.go.dev/time#ParseDuration. A number
 * without a unit would be nanoseconds there, which nobody means: it is refused.
 *
 * @throws ConfigException with the code WRONG_OPTION.
 */
export function readDuration(section: ConfigSection, name: string, defaultValue: number): number {
    const text = section.text(name);
    if (text === '') return defaultValue;
    if (text === '0') return 0;
    const value = DURATION.test(text) ? sumParts(text) : Infinity;
    if (!Number.isFinite(value))
        throw section.wrong(name, 'must be 0 or a duration with units (h, m, s, ms), such as 1h30m or 90s', text);
    return value;
}

function sumParts(text: string): number {
    let sum = 0;
    for (const [, number, unit = ''] of text.matchAll(PART)) sum += Number(number) * (MILLISECONDS.get(unit) ?? NaN);
    return sum;
}
