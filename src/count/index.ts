/** @module count */
export { PrometheusCounterConverter } from './PrometheusCounterConverter';
export { PrometheusCounters } from './PrometheusCounters';
