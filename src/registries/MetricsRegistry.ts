import { ConfigException } from 'pip-services3-commons-nodex';

/**
 * Metrics that are kept elsewhere: a Registry of prom-client or @prometheus-io/client, or anything that has its metrics
 * in the same shape.
 */
export interface MetricsRegistry {
    /** Gets the metrics, as prom-client does: a list of `{ name, help, type, values: [{ value, labels, metricName }] }`. */
    getMetricsAsJSON(): unknown;
    /** The media type that the registry itself writes its metrics in, if it does. */
    readonly contentType?: unknown;
}

/** Tells whether something has the metrics of a registry. */
export function isRegistry(value: unknown): value is MetricsRegistry {
    return typeof (value as Partial<MetricsRegistry> | null | undefined)?.getMetricsAsJSON === 'function';
}

/**
 * Checks that something has the metrics of a registry.
 *
 * @param origin    where it comes from, for the message.
 * @throws ConfigException with the code WRONG_REGISTRY if it does not.
 */
export function requireRegistry(value: unknown, origin: string): MetricsRegistry {
    if (isRegistry(value)) return value;
    throw new ConfigException(
        undefined,
        'WRONG_REGISTRY',
        `${origin} is no registry of metrics: it has no method getMetricsAsJSON(), as the Registry of prom-client has`
    );
}
