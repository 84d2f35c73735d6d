import { CounterType } from 'pip-services3-components-nodex';

import { parseCounterName } from '../names';
import { Mapper } from './Mapper';
import { Naming, SeriesName, Unnamed } from './Naming';
import { ExpositionOptions } from './readExpositionOptions';

/** Names series as version 1.0.1 does, but for those that a mapping names. */
export class CompatibleNaming implements Naming {
    private readonly mapper: Mapper;

    public constructor(options: Pick<ExpositionOptions, 'mappings' | 'defaults'>) {
        this.mapper = new Mapper(options);
    }

    public resolve(name: string, type: CounterType): SeriesName | Unnamed {
        const found = this.mapper.find(name, type);
        if (found?.mapping.action === 'drop') return 'dropped';
        const { metric, labels } = found ?? parseCounterName(name);
        if (metric === '') return 'unnameable';
        const mapping = found?.mapping ?? null;
        return { metric, labels, help: mapping?.help ?? null, mapping };
    }
}
