import { CounterType } from 'pip-services3-components-nodex';

import { TYPE_AFFIXES, parseIdiomaticName, withTotal } from '../idiomaticNames';
import { MappedName, Mapper } from './Mapper';
import { Naming, SeriesName, Unnamed } from './Naming';
import { ExpositionOptions } from './readExpositionOptions';

/** Names series as Prometheus recommends it: by a mapping, or else by the patterns of the toolkit's names. */
export class IdiomaticNaming implements Naming {
    private readonly mapper: Mapper;
    private readonly prefix: string;

    public constructor(options: Pick<ExpositionOptions, 'mappings' | 'defaults' | 'prefix'>) {
        this.mapper = new Mapper(options);
        this.prefix = options.prefix;
    }

    public resolve(name: string, type: CounterType): SeriesName | Unnamed {
        const found = this.mapper.find(name, type);
        return found === null ? this.resolveUnmapped(name, type) : resolveMapped(found, type);
    }

    private resolveUnmapped(name: string, type: CounterType): SeriesName | Unnamed {
        const affixes = TYPE_AFFIXES.get(type);
        const parsed = parseIdiomaticName(name, type);
        if (affixes === undefined || parsed === null) return 'unnameable';
        const stem = avoidServerName(this.prefix + affixes.stem(parsed.metric));
        const help = parsed.help ?? `${affixes.help} ${name}`;
        return { metric: affixes.complete(stem), labels: parsed.labels, help, mapping: null };
    }
}

function resolveMapped({ mapping, metric, labels }: MappedName, type: CounterType): SeriesName | Unnamed {
    if (mapping.action === 'drop') return 'dropped';
    if (metric === '') return 'unnameable';
    const isCounter = type === CounterType.Increment && mapping.metricType !== 'gauge';
    const help = mapping.help ?? `Counters that match ${mapping.match}`;
    return { metric: isCounter ? withTotal(metric) : metric, labels, help, mapping };
}

/**
 * Keeps clear of the series that Prometheus makes of each scrape itself.
 *
 * Which those are: Prometheus documentation, concepts/jobs_instances.md.
 */
function avoidServerName(name: string): string {
    return name === 'up' || name.startsWith('scrape_') ? `app_${name}` : name;
}
