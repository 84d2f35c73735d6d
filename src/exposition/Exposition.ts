import { ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { BucketBounds } from '../count/histogram/BucketBounds';
import { HistogramOptions } from '../count/histogram/Histogram';
import { schemaOf } from '../count/histogram/NativeHistogram';
import { COMPATIBLE_STYLE } from './compatibleStyle';
import { CounterRule } from './families';
import { isBetterHelp, rankHelp } from './help';
import { IDIOMATIC_STYLE } from './idiomaticStyle';
import { Naming, observerOf, SeriesName, ttlOf, Unnamed } from './mapping/Naming';
import { ObserverOptions } from './mapping/observers';
import { ExpositionOptions, readExpositionOptions } from './mapping/readExpositionOptions';
import { OnConflict, Style } from './Style';

/** The styles by the names that they have in a configuration. */
const STYLES: Readonly<Record<ExpositionOptions['style'], Style>> = {
    compatible: COMPATIBLE_STYLE,
    idiomatic: IDIOMATIC_STYLE,
};

/** Which series a counter is, and how it is recorded. */
export interface CounterSeries extends SeriesName {
    readonly rule: CounterRule | undefined;
    /** What the counter's histogram is made of, if it has one. */
    readonly histogram: HistogramOptions | null;
    /** What each value is multiplied with when it is recorded. */
    readonly scale: number;
    /** How long a series is kept that is not written, in milliseconds; 0 for ever. */
    readonly ttl: number;
    /** Whether counters that become this series are one. */
    readonly isShared: boolean;
    /** Whether increments may be negative. */
    readonly goesDown: boolean;
}

/** Gives a series the HELP of another name that leads to it, if that is the better one. */
export function describeBetter(series: CounterSeries | null, other: CounterSeries): CounterSeries {
    if (series === null) return other;
    const isBetter = isBetterHelp(
        { help: other.help, helpRank: rankHelp(other) },
        { help: series.help, helpRank: rankHelp(series) }
    );
    return isBetter ? { ...series, help: other.help, mapping: other.mapping } : series;
}

/** What is made of the options of a histogram once. */
interface ObserverRule {
    readonly histogram: HistogramOptions;
    readonly rule: CounterRule;
}

const OBSERVED = new Set([CounterType.Interval, CounterType.Statistics]);

/** How the counters of one component are exposed: a style, and what a configuration says of names. */
export class Exposition {
    public readonly style: Style;
    /** Whether a series has to be known when it is recorded first, and not only when it is exposed. */
    public readonly resolvesEarly: boolean;
    /** The shortest time that a series is kept which is not written, in ms; 0 if all are kept for ever. */
    public readonly shortestTtl: number;
    /** Whether some series are native histograms, which no text format can say. */
    public readonly hasNativeHistograms: boolean;
    private readonly _naming: Naming;
    private readonly _histograms = new Map<ObserverOptions, Map<number, ObserverRule>>();

    /** @param onConflict   is told of families that are left out. */
    public constructor(
        private readonly _options: ExpositionOptions,
        public readonly onConflict: OnConflict = () => undefined
    ) {
        this.style = STYLES[_options.style];
        this._naming = this.style.createNaming(_options);
        this.hasNativeHistograms = [_options.defaults, ..._options.mappings].some(
            ({ observer }) => observer.type === 'histogram' && observer.nativeFactor !== null
        );
        const ttls = [_options.defaults, ..._options.mappings].map(({ ttl }) => ttl).filter((ttl) => ttl > 0);
        this.shortestTtl = ttls.length === 0 ? 0 : Math.min(...ttls);
        this.resolvesEarly = this.style.sharesSeries || _options.mappings.length > 0 || this.shortestTtl > 0;
    }

    /** What was accepted in the configuration, but has no effect. */
    public get warnings(): readonly string[] {
        return this._options.warnings;
    }

    /** Finds out how the series is called that a counter is. */
    public name(name: string, type: CounterType): SeriesName | Unnamed {
        return this._naming.resolve(name, type);
    }

    /** Finds out which series a counter is, and how it is recorded. */
    public resolve(name: string, type: CounterType): CounterSeries | Unnamed {
        const series = this.name(name, type);
        if (typeof series === 'string') return series;
        const { mapping } = series;
        const goesDown = type === CounterType.Increment && mapping?.metricType === 'gauge';
        const { rule, histogram } = this.findHistogram(series, type) ?? {
            rule: goesDown ? this.style.upDown : this.style.counters.get(type),
            histogram: null,
        };
        return {
            ...series,
            rule,
            histogram,
            isShared: this.style.sharesSeries || mapping !== null,
            goesDown: goesDown || this.style.upDown === this.style.counters.get(type),
            scale: mapping?.scale ?? 1,
            ttl: ttlOf(series, this._options),
        };
    }

    private findHistogram(series: SeriesName, type: CounterType): ObserverRule | null {
        const observer = observerOf(series, this._options);
        if (observer.type !== 'histogram' || !OBSERVED.has(type)) return null;
        const divisor = this.style.divisors.get(type) ?? 1;
        const known = this._histograms.get(observer) ?? new Map<number, ObserverRule>();
        const found = known.get(divisor) ?? this.makeHistogram(observer, divisor);
        this._histograms.set(observer, known.set(divisor, found));
        return found;
    }

    private makeHistogram({ buckets, nativeFactor, nativeMaxBuckets }: ObserverOptions, divisor: number): ObserverRule {
        const native = nativeFactor === null ? null : { schema: schemaOf(nativeFactor), maxBuckets: nativeMaxBuckets };
        const histogram = { bounds: new BucketBounds(buckets, divisor), native };
        return { histogram, rule: this.style.histogram(histogram) };
    }
}

/** How 1.0.1 exposes counters. */
export const COMPATIBLE_EXPOSITION = new Exposition(readExpositionOptions(new ConfigParams()));

/** Finds out how the counters of a store are exposed: as it says, and else as 1.0.1 does it. */
export function expositionOf(source: object | null): Exposition {
    return (source as { readonly exposition?: Exposition } | null)?.exposition ?? COMPATIBLE_EXPOSITION;
}
