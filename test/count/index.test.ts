import * as count from '../../src/count';

/** Jest's require.cache lists the modules that this file has loaded. */
function loadedModulesOf(pattern: RegExp): string[] {
    return Object.keys(require.cache).filter((file) => pattern.test(file));
}

describe('count', () => {
    test('exports the counters and their converter', () => {
        expect(Object.keys(count).sort()).toEqual(['PrometheusCounterConverter', 'PrometheusCounters']);
    });

    test('loads the toolkit, but no module of restify, which not every Node can load', () => {
        expect(loadedModulesOf(/node_modules[\\/]pip-services3-components-nodex[\\/]/)).not.toEqual([]);
        expect(loadedModulesOf(/node_modules[\\/]restify/)).toEqual([]);
    });
});
