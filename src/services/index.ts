/** @module services */
export { PrometheusMetricsService } from './PrometheusMetricsService';
export type { MetricsRegistry } from '../registries/MetricsRegistry';
