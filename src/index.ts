/** @module index */
export * from './build';
export * from './count';
export * from './services';
