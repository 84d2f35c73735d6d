import { ConfigParams } from 'pip-services3-commons-nodex';

import { getSwitch } from '../../common/switches';
import { StyleName, STYLES } from '../styles';
import { ConfigSection, Shape } from './ConfigSection';
import { Mapping, MappingDefaults, OLD_KEYS, readMapping, readMatchType } from './mappings';
import { readDuration } from './numbers';
import { checkHistogramOptions, DEFAULT_OBSERVER, readObserver } from './observers';
import { isName } from './templates';

const STYLE_NAMES = Object.keys(STYLES) as StyleName[];

/** What a configuration says of the families that counters become. */
export interface ExpositionOptions {
    readonly style: StyleName;
    /** What every name begins with that no mapping gives. */
    readonly prefix: string;
    /** In the order of the configuration. */
    readonly mappings: readonly Mapping[];
    readonly defaults: ExpositionDefaults;
    /** What was accepted, but has no effect. */
    readonly warnings: readonly string[];
}

export interface ExpositionDefaults extends MappingDefaults {
    /** True if of several globs that match not the first one counts, but the one with the earliest literal segment. */
    readonly globDisableOrdering: boolean;
}

/** The keys of the defaults. */
const SHAPES: Readonly<Record<string, Shape>> = {
    match_type: 'value',
    glob_disable_ordering: 'value',
    ttl: 'value',
    observer_type: 'value',
    histogram_options: 'section',
    summary_options: 'any',
    honor_labels: 'any',
};

/** Whether a configuration says anything of the families. */
export function hasExpositionOptions(config: ConfigParams): boolean {
    return Object.keys(config).some((key) => /^(style|prefix|defaults|mappings)(\.|$)/.test(key));
}

/**
 * Reads `style`, `prefix`, `defaults` and `mappings`. The last two are those of statsd_exporter:
 * https://github.com/prometheus/statsd_exporter, "Metric Mapping and Configuration".
 *
 * @throws ConfigException with the code WRONG_OPTION, the flat key of the wrong option in its message and details.
 */
export function readExpositionOptions(config: ConfigParams): ExpositionOptions {
    const root = ConfigSection.of(config);
    const style = root.choice('style', STYLE_NAMES, 'compatible');
    const prefix = readPrefix(root);
    const section = root.section('defaults');
    const list = listMappings(root);
    if (!STYLES[style].hasTypes) refuseTypes(root, [section, ...list.values()]);

    const defaults = readDefaults(section, getSwitch(config, 'defaults.glob_disable_ordering', false));
    const mappings = [...list].map(([index, mapping]) => readMapping(mapping, index, defaults));
    const hasHistograms = [defaults, ...mappings].some(({ observer }) => observer.type === 'histogram');
    checkHistogramOptions(section, hasHistograms);
    return { style, prefix, mappings, defaults, warnings: collectWarnings([section, ...list.values()]) };
}

function readPrefix(root: ConfigSection): string {
    const prefix = root.text('prefix');
    if (prefix !== '' && !isName(prefix))
        throw root.wrong('prefix', 'must be letters, digits and _, with no digit first', prefix);
    return prefix;
}

/** Puts the sections of the mappings in the order of their numbers. */
function listMappings(root: ConfigSection): ReadonlyMap<number, ConfigSection> {
    const text = root.text('mappings');
    // new ConfigParams() makes a text of objects, where ConfigParams.fromValue() keeps what they hold
    if (text !== '') throw root.wrong('mappings', 'must be a list (in code: ConfigParams.fromValue)', text);
    const mappings = root.section('mappings');
    const sections = [...mappings.sections()];
    const wrong = sections.find(([index]) => !/^(0|[1-9]\d*)$/.test(index));
    if (wrong !== undefined) throw mappings.wrong(wrong[0], 'is not known, as mappings is a list');
    return new Map(
        sections.map(([index, section]) => [Number(index), section] as const).sort(([one], [other]) => one - other)
    );
}

/** Refuses what needs the other style, instead of leaving it without effect. */
function refuseTypes(root: ConfigSection, sections: readonly ConfigSection[]): void {
    const problem = 'needs style: idiomatic';
    if (root.text('prefix') !== '') throw root.wrong('prefix', problem);
    for (const section of sections) {
        if (section.text('observer_type') !== '') throw section.wrong('observer_type', problem);
        if (!section.section('histogram_options').isEmpty()) throw section.wrong('histogram_options', problem);
    }
}

function readDefaults(section: ConfigSection, globDisableOrdering: boolean): ExpositionDefaults {
    section.check(SHAPES, OLD_KEYS);
    return {
        matchType: readMatchType(section, 'glob'),
        globDisableOrdering,
        ttl: readDuration(section, 'ttl', 0),
        observer: readObserver(section, DEFAULT_OBSERVER),
    };
}

function collectWarnings(sections: readonly ConfigSection[]): readonly string[] {
    const section = sections.find((candidate) => !candidate.section('summary_options').isEmpty());
    if (section === undefined) return [];
    return [
        `Option ${section.key}.summary_options has no effect: no quantiles are kept. A histogram gives them in queries`,
    ];
}
