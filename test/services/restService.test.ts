import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

// Each test starts a process that compiles the sources
jest.setTimeout(60_000);

const ROOT = join(__dirname, '..', '..');
const NO_PARSER = 'No such module: http_parser';

/** Loads a module in a process in which restify fails to load, and gets what it throws, or the names it exports. */
function load(path: string, restifyFailure: string): Record<string, unknown> {
    const script = `
        const Module = require('node:module');
        const load = Module._load;
        Module._load = function (request, ...rest) {
            if (request === 'restify') throw new Error(${JSON.stringify(restifyFailure)});
            return load.call(this, request, ...rest);
        };
        try {
            console.log(JSON.stringify({ exports: Object.keys(require(${JSON.stringify(path)})) }));
        } catch ({ name, code, category, message, cause }) {
            console.log(JSON.stringify({ name, code, category, message, cause }));
        }`;
    const register = join(ROOT, 'test', 'fixtures', 'registerTypeScript.cjs');
    return JSON.parse(
        execFileSync(process.execPath, ['--require', register, '--eval', script], { cwd: ROOT }).toString()
    ) as Record<string, unknown>;
}

test.each(['./src', './src/services'])('%s says what to do about a restify that is too old', (path) => {
    const { code, category, message, cause } = load(path, NO_PARSER);

    expect({ code, category, cause }).toEqual({
        code: 'RESTIFY_TOO_OLD',
        category: 'Misconfiguration',
        cause: NO_PARSER,
    });
    expect(message).toContain(`on Node ${process.version} (${NO_PARSER})`);
    expect(message).toContain('"overrides": { "pip-services3-rpc-nodex": { "restify": "^12.0.0" } }');
    expect(message).toContain('pip-services3-prometheus-nodex/obj/src/count');
});

test('another failure is thrown as it is', () => {
    expect(load('./src/services', 'Cannot find module')).toEqual({
        name: 'Error',
        message: 'Cannot find module',
    });
});

test('counters load without restify', () => {
    expect(load('./src/count', NO_PARSER)).toEqual({
        exports: expect.arrayContaining(['PrometheusCounters', 'PrometheusCounterConverter']) as string[],
    });
});
