import { Descriptor } from 'pip-services3-commons-nodex';

import { DefaultPrometheusFactory } from '../../src/build/DefaultPrometheusFactory';
import { PrometheusCounters } from '../../src/count/PrometheusCounters';
import { PrometheusMetricsService } from '../../src/services/PrometheusMetricsService';
import { TestContainer } from '../fixtures/TestContainer';

describe('DefaultPrometheusFactory', () => {
    const factory = new DefaultPrometheusFactory();

    test.each([
        ['pip-services:counters:prometheus:default:1.0', PrometheusCounters],
        ['pip-services:counters:prometheus:second:1.0', PrometheusCounters],
        ['pip-services:metrics-service:prometheus:default:1.0', PrometheusMetricsService],
        ['pip-services:metrics-service:prometheus:second:1.0', PrometheusMetricsService],
    ])('creates %s', (locator, type) => {
        const descriptor = Descriptor.fromString(locator);
        expect(factory.canCreate(descriptor)).not.toBeNull();
        const first: unknown = factory.create(descriptor);
        expect(first).toBeInstanceOf(type);
        expect(factory.create(descriptor)).not.toBe(first);
    });

    test.each([
        'pip-services:counters:log:default:1.0',
        'pip-services:counters:prometheus:default:2.0',
        'other:counters:prometheus:default:1.0',
        'pip-services:metrics-service:http:default:1.0',
    ])('does not create %s', (locator) => {
        const descriptor = Descriptor.fromString(locator);
        expect(factory.canCreate(descriptor)).toBeNull();
    });
});

describe('a container built from YAML', () => {
    let container: TestContainer;

    beforeEach(async () => {
        container = await TestContainer.open();
    });

    afterEach(async () => {
        await container.close('test');
    });

    test('answers what its components record', async () => {
        const { counters } = container;
        counters.increment('orders.get_orders.exec_count', 2);
        counters.last('memory', 1.5);
        const text =
            '# TYPE exec_count gauge\n' +
            'exec_count{source="yaml-service",instance="host-1",service="orders",command="get_orders"} 2\n' +
            '# TYPE memory gauge\n' +
            'memory{source="yaml-service",instance="host-1"} 1.5\n';
        expect(await container.get('/metrics')).toEqual({ status: 200, body: text });
        expect(await container.get('/metricsandreset')).toEqual({ status: 200, body: text });
        expect(await container.get('/metrics')).toEqual({ status: 200, body: '' });
    });
});
