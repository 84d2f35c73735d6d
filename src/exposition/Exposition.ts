import { ConfigParams } from 'pip-services3-commons-nodex';
import { CounterType } from 'pip-services3-components-nodex';

import { BucketBounds } from '../count/histogram/BucketBounds';
import { HistogramOptions } from '../count/histogram/Histogram';
import { schemaOf } from '../count/histogram/NativeHistogram';
import { CounterRule } from './families';
import { helpOf, isBetterHelp, mappingIndexOf } from './help';
import { Naming, observerOf, SeriesName, ttlOf, Unnamed } from './mapping/Naming';
import { ObserverOptions } from './mapping/observers';
import { ExpositionOptions, readExpositionOptions } from './mapping/readExpositionOptions';
import { OnConflict, Style } from './Style';
import { STYLES } from './styles';

/** What all counters of one type have in common that one mapping names, or none. */
export interface SeriesKind {
    readonly style: Style;
    readonly rule: CounterRule | undefined;
    /** What the counter's histogram is made of, if it has one. */
    readonly histogram: HistogramOptions | null;
    /** How long a series is kept that is not written, in milliseconds; 0 for ever. */
    readonly ttl: number;
    /** Whether counters that become the same series are one. */
    readonly isShared: boolean;
    /** Whether increments may be negative. */
    readonly goesDown: boolean;
}

/** Which series a counter is, and of which kind. */
export interface CounterSeries extends SeriesName {
    readonly kind: SeriesKind;
}

/** Combines what two names say of the series that both lead to: the earlier mapping counts, of each the better HELP. */
export function combineSeries(one: CounterSeries, other: CounterSeries): CounterSeries {
    const first = mappingIndexOf(other) < mappingIndexOf(one) ? other : one;
    const described = isBetterHelp(helpOf(other), helpOf(one)) ? other : one;
    return first === described ? first : { ...first, ...helpOf(described) };
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
    /** Whether some values are multiplied when they are recorded. */
    public readonly hasScales: boolean;
    private readonly _naming: Naming;
    private readonly _kinds = new Map<SeriesName['mapping'], Map<CounterType, SeriesKind>>();
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
        this.hasScales = _options.mappings.some(({ scale }) => scale !== 1);
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

    /** Finds out which series a counter is, and of which kind. */
    public resolve(name: string, type: CounterType): CounterSeries | Unnamed {
        const series = this.name(name, type);
        if (typeof series === 'string') return series;
        const { metric, labels, help, mapping } = series;
        return { metric, labels, help, mapping, kind: this.kindOf(series, type) };
    }

    /** Gets what the values of a counter are multiplied with when they are recorded. */
    public scaleOf(name: string, type: CounterType): number {
        const series = this.name(name, type);
        return typeof series === 'string' ? 1 : (series.mapping?.scale ?? 1);
    }

    private kindOf(series: SeriesName, type: CounterType): SeriesKind {
        const known = this._kinds.get(series.mapping) ?? new Map<CounterType, SeriesKind>();
        const kind = known.get(type) ?? this.makeKind(series, type);
        this._kinds.set(series.mapping, known.set(type, kind));
        return kind;
    }

    private makeKind(series: SeriesName, type: CounterType): SeriesKind {
        const { style } = this;
        const usual = style.counters.get(type);
        const goesDown = type === CounterType.Increment && series.mapping?.metricType === 'gauge';
        const observed = this.findHistogram(series, type);
        return {
            style,
            rule: observed?.rule ?? (goesDown ? style.upDown : usual),
            histogram: observed?.histogram ?? null,
            ttl: ttlOf(series, this._options),
            isShared: style.sharesSeries || series.mapping !== null,
            goesDown: goesDown || style.upDown === usual,
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
