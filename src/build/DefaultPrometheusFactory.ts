/** @module build */
import { Descriptor } from 'pip-services3-commons-nodex';
import { Factory } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../count/PrometheusCounters';
import { PrometheusMetricsService } from '../services/PrometheusMetricsService';

/**
 * Creates Prometheus components by their descriptors:
 *
 * - <code>pip-services:counters:prometheus:\*:1.0</code>          {@link PrometheusCounters}
 * - <code>pip-services:metrics-service:prometheus:\*:1.0</code>   {@link PrometheusMetricsService}
 *
 * @see {@link https://pip-services3-nodex.github.io/pip-services3-components-nodex/classes/build.factory.html Factory}
 * @see {@link PrometheusCounters}
 * @see {@link PrometheusMetricsService}
 *
 * ### Example ###
 *
 *     let factory = new DefaultPrometheusFactory();
 *     let counters = factory.create(new Descriptor("pip-services", "counters", "prometheus", "default", "1.0"));
 */
export class DefaultPrometheusFactory extends Factory {
    private static readonly PrometheusCountersDescriptor = new Descriptor(
        'pip-services',
        'counters',
        'prometheus',
        '*',
        '1.0'
    );
    private static readonly PrometheusMetricsServiceDescriptor = new Descriptor(
        'pip-services',
        'metrics-service',
        'prometheus',
        '*',
        '1.0'
    );

    /** Creates a new instance of the factory. */
    public constructor() {
        super();
        this.registerAsType(DefaultPrometheusFactory.PrometheusCountersDescriptor, PrometheusCounters);
        this.registerAsType(DefaultPrometheusFactory.PrometheusMetricsServiceDescriptor, PrometheusMetricsService);
    }
}
