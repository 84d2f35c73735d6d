import { ConfigSection } from './ConfigSection';
import { parseNumber, readNumber } from './numbers';

/** What becomes of timings and statistics. */
export interface ObserverOptions {
    readonly type: 'summary' | 'histogram';
    /** The upper bounds of a histogram in increasing order, without +Inf; of timings in seconds. */
    readonly buckets: readonly number[];
    /** How much a bucket of a native histogram is wider than the one before, above 1; null for no native histograms. */
    readonly nativeFactor: number | null;
    readonly nativeMaxBuckets: number;
}

/** The bounds are those of client_golang, prom-client and statsd_exporter. */
export const DEFAULT_OBSERVER: ObserverOptions = {
    type: 'summary',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    nativeFactor: null,
    nativeMaxBuckets: 160,
};

/**
 * Reads `observer_type` and `histogram_options` of the defaults or of a mapping.
 *
 * @param defaults  what counts for options that are not set.
 * @throws ConfigException with the code WRONG_OPTION.
 */
export function readObserver(section: ConfigSection, defaults: ObserverOptions): ObserverOptions {
    const options = section.section('histogram_options');
    options.check({ buckets: 'any', native_histogram_bucket_factor: 'value', native_histogram_max_buckets: 'value' });
    return {
        type: section.choice('observer_type', ['summary', 'histogram'], defaults.type),
        buckets: readBuckets(options) ?? defaults.buckets,
        nativeFactor: readNativeFactor(options, defaults.nativeFactor),
        nativeMaxBuckets: readNativeMaxBuckets(options, defaults.nativeMaxBuckets),
    };
}

/** Refuses histogram options that no histogram reads. */
export function checkHistogramOptions(section: ConfigSection, isHistogram: boolean): void {
    if (!isHistogram && !section.section('histogram_options').isEmpty())
        throw section.wrong('histogram_options', 'needs observer_type: histogram');
}

const INFINITY = /^\+?(inf|infinity|\.inf)$/i;

/** Reads a list or a text with commas; an empty list arrives as an empty text. */
function readBuckets(options: ConfigSection): number[] | undefined {
    const items = readItems(options, 'buckets');
    if (items === undefined) return undefined;
    if (INFINITY.test(items.at(-1) ?? '')) items.pop();
    const bounds = items.map((item) => parseNumber(item) ?? NaN);
    const isIncreasing = bounds.every((bound, index) => bound > (index === 0 ? -Infinity : (bounds[index - 1] ?? NaN)));
    if (!isIncreasing) throw options.wrong('buckets', 'must be numbers in increasing order', items.join(', '));
    return bounds;
}

function readItems(options: ConfigSection, name: string): string[] | undefined {
    const text = options.get(name)?.trim();
    if (text !== undefined) return text === '' ? [] : text.split(',').map((item) => item.trim());
    const list = options.section(name);
    if (list.isEmpty()) return undefined;
    const items = [...list.all()].sort(([one], [other]) => Number(one) - Number(other));
    const wrong = items.find(([index]) => !/^\d+$/.test(index));
    if (wrong !== undefined) throw list.wrong(wrong[0], `is not known, as ${name} is a list`);
    return items.map(([, item]) => item.trim());
}

function readNativeFactor(options: ConfigSection, defaultValue: number | null): number | null {
    const factor = readNumber(options, 'native_histogram_bucket_factor', defaultValue);
    return factor !== null && factor > 1 ? factor : null;
}

function readNativeMaxBuckets(options: ConfigSection, defaultValue: number): number {
    const name = 'native_histogram_max_buckets';
    const value = readNumber(options, name, defaultValue);
    if (!Number.isSafeInteger(value) || value < 1)
        throw options.wrong(name, 'must be a whole number above 0', options.text(name));
    return value;
}
