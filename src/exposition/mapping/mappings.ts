import { CounterType } from 'pip-services3-components-nodex';

import { compileRegex } from './compileRegex';
import { ConfigSection, Shape } from './ConfigSection';
import { readDuration, readNumber } from './numbers';
import { checkHistogramOptions, ObserverOptions, readObserver } from './observers';
import { isName, isNameTemplate } from './templates';

export type MatchType = 'glob' | 'regex';

/** What a mapping is compared with: the segments of a name, of which `*` stands for any one, or a whole name. */
export type Pattern = { readonly segments: readonly string[] } | { readonly regex: RegExp };

/** What counts where a mapping says nothing. */
export interface MappingDefaults {
    readonly matchType: MatchType;
    readonly observer: ObserverOptions;
    /** How long a series is kept that is not written, in milliseconds; 0 for ever. It counts for unmapped names too. */
    readonly ttl: number;
}

/** A rule for the names that it matches. */
export interface Mapping {
    /** The place in the list of the configuration. */
    readonly index: number;
    /** The pattern as it is configured. */
    readonly match: string;
    readonly pattern: Pattern;
    /** The counter types that it is for, all if there are none. */
    readonly types: readonly CounterType[] | undefined;
    readonly action: 'map' | 'drop';
    /** The template of the metric name; empty only if the action is drop. */
    readonly name: string;
    /** The labels and the templates of their values, sorted by name. */
    readonly labels: readonly (readonly [name: string, template: string])[];
    readonly help: string | undefined;
    /** gauge if increments go up and down. */
    readonly metricType: 'gauge' | undefined;
    /** What each value is multiplied with when it is recorded. */
    readonly scale: number;
    /** How long a series is kept that is not written, in milliseconds; 0 for ever. */
    readonly ttl: number;
    readonly observer: ObserverOptions;
}

const SHAPES: Readonly<Record<string, Shape>> = {
    match: 'value',
    match_type: 'value',
    match_metric_type: 'value',
    action: 'value',
    name: 'value',
    labels: 'section',
    help: 'value',
    metric_type: 'value',
    scale: 'value',
    ttl: 'value',
    observer_type: 'value',
    histogram_options: 'section',
    summary_options: 'any',
    honor_labels: 'any',
};

/** Keys of older versions of statsd_exporter, in the defaults and in mappings. */
export const OLD_KEYS: ReadonlyMap<string, string> = new Map([
    ['timer_type', 'It is called observer_type'],
    ['buckets', 'It is called histogram_options.buckets'],
    ['quantiles', 'No quantiles are kept, use observer_type: histogram and histogram_quantile() in queries'],
]);

const OBSERVED = [CounterType.Interval, CounterType.Statistics];

/** The counter types of each metric type; timer is an old word for observer, which statsd_exporter still takes. */
const METRIC_TYPES: ReadonlyMap<string, readonly CounterType[]> = new Map([
    ['counter', [CounterType.Increment]],
    ['gauge', [CounterType.LastValue, CounterType.Timestamp]],
    ['observer', OBSERVED],
    ['timer', OBSERVED],
]);

/**
 * Reads one mapping.
 *
 * @throws ConfigException with the code WRONG_OPTION.
 */
export function readMapping(section: ConfigSection, index: number, defaults: MappingDefaults): Mapping {
    section.check(SHAPES, OLD_KEYS);
    const action = section.choice('action', ['map', 'drop'], 'map');
    const observer = readObserver(section, defaults.observer);
    checkHistogramOptions(section, observer.type === 'histogram');
    return {
        index,
        match: section.get('match') ?? '',
        pattern: readPattern(section, defaults.matchType),
        types: readTypes(section),
        action,
        name: readName(section, action),
        labels: readLabels(section.section('labels')),
        help: section.get('help') || undefined,
        metricType: readMetricType(section),
        scale: readNumber(section, 'scale', 1),
        ttl: readDuration(section, 'ttl', defaults.ttl),
        observer,
    };
}

/** Reads the type of patterns of a mapping or of the defaults. */
export function readMatchType(section: ConfigSection, defaultValue: MatchType): MatchType {
    return section.choice('match_type', ['glob', 'regex'], defaultValue);
}

function readPattern(section: ConfigSection, defaultType: MatchType): Pattern {
    const match = section.get('match') ?? '';
    const type = readMatchType(section, defaultType);
    if (match === '') throw section.wrong('match', 'must be given');
    return type === 'glob' ? { segments: parseGlob(section, match) } : { regex: parseRegex(section, match) };
}

function parseGlob(section: ConfigSection, match: string): readonly string[] {
    const segments = match.split('.');
    if (segments.some((segment) => segment !== '*' && segment.includes('*')))
        throw section.wrong('match', 'must have each * as a whole segment between dots (or match_type: regex)', match);
    return segments;
}

function parseRegex(section: ConfigSection, match: string): RegExp {
    try {
        return compileRegex(match);
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw section.wrong('match', `must be a regular expression of JavaScript (${reason})`, match);
    }
}

function readTypes(section: ConfigSection): readonly CounterType[] | undefined {
    return METRIC_TYPES.get(section.choice('match_metric_type', [...METRIC_TYPES.keys()], ''));
}

function readName(section: ConfigSection, action: Mapping['action']): string {
    const name = section.get('name') ?? '';
    if (name === '' && action === 'drop') return name;
    if (name === '') throw section.wrong('name', 'must be given, unless action is drop');
    if (!isNameTemplate(name))
        throw section.wrong('name', 'must be letters, digits, _ and references such as $1, with no digit first', name);
    return name;
}

function readLabels(labels: ConfigSection): Mapping['labels'] {
    if (labels.isEmpty()) return [];
    for (const name of labels.all().keys()) {
        if (!isName(name)) throw labels.wrong(name, 'must be named with letters, digits and _, with no digit first');
        if (name === 'le' || name === 'quantile' || name.startsWith('__'))
            throw labels.wrong(name, 'must have another name: le, quantile and names that begin with __ are reserved');
    }
    return [...labels.all()].sort(([one], [other]) => (one < other ? -1 : 1));
}

function readMetricType(section: ConfigSection): Mapping['metricType'] {
    const type = section.choice('metric_type', ['gauge'], undefined);
    const matched = section.text('match_metric_type');
    if (type !== undefined && matched !== '' && matched !== 'counter')
        throw section.wrong('metric_type', 'goes with increments only, which match_metric_type leaves out', type);
    return type;
}
