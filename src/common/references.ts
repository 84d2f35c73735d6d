import { Descriptor, IReferences } from 'pip-services3-commons-nodex';
import { ContextInfo } from 'pip-services3-components-nodex';

// The toolkit takes two descriptors for equal only if their class is called Descriptor. Bundlers and minifiers rename
// classes; then no component of a container would find another one.
Object.defineProperty(Descriptor, 'name', { value: 'Descriptor' });

/** Finds the description of the process that the components live in, if there is one. */
export function findContextInfo(references: IReferences | null): ContextInfo | null {
    return references?.getOneOptional<ContextInfo | null>(new Descriptor('*', 'context-info', '*', '*', '1.0')) ?? null;
}
