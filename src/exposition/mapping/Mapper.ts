import { CounterType } from 'pip-services3-components-nodex';

import { isFilled } from '../labels';
import { DROPPED_COUNTER, Label } from '../names';
import { GlobTree } from './GlobTree';
import { Mapping } from './mappings';
import { ExpositionOptions } from './readExpositionOptions';
import { Captures, expandName, expandTemplate } from './templates';

/** What a mapping makes of a name. */
export interface MappedName {
    readonly mapping: Mapping;
    /** A legal metric name, empty if the references of the mapping stand for nothing. */
    readonly metric: string;
    /** Sorted by name, without empty values. */
    readonly labels: readonly Label[];
}

/**
 * Finds the mapping for a name: the globs come first, then the regular expressions in their order, of each the
 * first one that matches.
 *
 * The rules: https://github.com/prometheus/statsd_exporter, "Metric Mapping and Configuration".
 */
export class Mapper {
    private readonly _isEmpty: boolean;
    private readonly globs: GlobTree;
    private readonly regexes: readonly { readonly mapping: Mapping; readonly regex: RegExp }[];

    public constructor({ mappings, defaults }: Pick<ExpositionOptions, 'mappings' | 'defaults'>) {
        this._isEmpty = mappings.length === 0;
        this.globs = new GlobTree(mappings, defaults.globDisableOrdering);
        this.regexes = mappings.flatMap((mapping) =>
            'regex' in mapping.pattern ? [{ mapping, regex: mapping.pattern.regex }] : []
        );
    }

    /** Finds the mapping for the name of a counter. The names of metric and labels are those that it gives. */
    public find(name: string, type: CounterType): MappedName | null {
        if (this._isEmpty || name === DROPPED_COUNTER) return null;
        const glob = this.globs.find(name.split('.'), type);
        if (glob !== undefined) return expand(glob.mapping, { groups: [name, ...glob.wildcards] });
        for (const { mapping, regex } of this.regexes) {
            const match = (mapping.types?.includes(type) ?? true) ? regex.exec(name) : null;
            if (match !== null) return expand(mapping, { groups: [name, ...match.slice(1)], named: match.groups });
        }
        return null;
    }
}

function expand(mapping: Mapping, captures: Captures): MappedName {
    return {
        mapping,
        metric: expandName(mapping.name, captures),
        labels: mapping.labels
            .map(([label, template]): Label => [label, expandTemplate(template, captures)])
            .filter(isFilled),
    };
}
