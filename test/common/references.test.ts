import { Descriptor, References } from 'pip-services3-commons-nodex';
import { ContextInfo } from 'pip-services3-components-nodex';

import { findContextInfo } from '../../src/common/references';

function info(name: string): ContextInfo {
    const context = new ContextInfo();
    context.name = name;
    return context;
}

const ORDERS = info('orders');

describe('findContextInfo', () => {
    test.each([
        ['the toolkit’s group', new Descriptor('pip-services', 'context-info', 'default', 'default', '1.0'), ORDERS],
        ['any group, kind and name', new Descriptor('mine', 'context-info', 'own', 'main', '1.0'), ORDERS],
        ['another version', new Descriptor('pip-services', 'context-info', 'default', 'default', '2.0'), null],
        ['another type', new Descriptor('pip-services', 'logger', 'default', 'default', '1.0'), null],
    ])('%s', (_, descriptor, expected) => {
        expect(findContextInfo(References.fromTuples(descriptor, ORDERS))).toBe(expected);
    });

    test('no references', () => {
        expect(findContextInfo(new References())).toBeNull();
        expect(findContextInfo(null)).toBeNull();
    });

    test('several', () => {
        const references = References.fromTuples(
            new Descriptor('mine', 'context-info', 'default', 'a', '1.0'),
            ORDERS,
            new Descriptor('mine', 'context-info', 'default', 'b', '1.0'),
            info('billing')
        );
        expect(['orders', 'billing']).toContain(findContextInfo(references)?.name);
    });
});
