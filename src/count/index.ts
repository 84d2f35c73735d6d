/**
 * @module count
 * @preferred
 */
export { PrometheusCounterConverter } from './PrometheusCounterConverter';
export { PrometheusCounters } from './PrometheusCounters';
