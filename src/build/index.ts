/**
 * @module build
 * @preferred
 */
export { DefaultPrometheusFactory } from './DefaultPrometheusFactory';
