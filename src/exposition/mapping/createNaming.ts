import { CompatibleNaming } from './CompatibleNaming';
import { IdiomaticNaming } from './IdiomaticNaming';
import { Naming } from './Naming';
import { ExpositionOptions } from './readExpositionOptions';

/** Creates the naming of a style. */
export function createNaming(options: ExpositionOptions): Naming {
    return options.style === 'idiomatic' ? new IdiomaticNaming(options) : new CompatibleNaming(options);
}
