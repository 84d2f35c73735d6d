/** @module services */
export { PrometheusMetricsService } from './PrometheusMetricsService';
