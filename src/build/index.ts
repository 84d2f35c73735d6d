/** @module build */
export { DefaultPrometheusFactory } from './DefaultPrometheusFactory';
