/**
 * @module services
 * @preferred
 */
export { PrometheusMetricsService } from './PrometheusMetricsService';
