/** What a process loads and keeps running, and which copy of prom-client it takes, each in a process of its own. */
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { Folder } from '../fixtures/Folder';
import { freePort } from '../fixtures/freePort';

const ROOT = join(__dirname, '..', '..');
const HOOK = join(ROOT, 'test', 'fixtures', 'registerTypeScript.cjs');

/** Opens a service with the given options, scrapes it and closes it, twice; tells what is loaded at the end. */
const PROGRAM = `
    const { once } = require('node:events');
    const { get } = require('node:http');
    const { ConfigParams } = require('pip-services3-commons-nodex');
    const { PrometheusMetricsService } = require(process.env.SOURCES);
    const options = JSON.parse(process.argv[2]);
    let text = '';
    async function scrape() {
        const options = { port: process.env.PORT, path: '/metrics', agent: false };
        const [response] = await once(get(options), 'response');
        return (await response.toArray()).join('');
    }
    async function serve() {
        const service = new PrometheusMetricsService();
        service.configure(ConfigParams.fromValue({ options, connection: { host: '127.0.0.1', port: process.env.PORT } }));
        for (const turn of [1, 2]) {
            await service.open('test');
            text = await scrape();
            await service.close('test');
        }
    }
    process.on('exit', () => {
        const loaded = Object.keys(require.cache).filter((path) => /node_modules.(prom-client|@prometheus-io)/.test(path));
        console.log(JSON.stringify({ names: [...text.matchAll(/^# TYPE (\\w+)/gm)].map((m) => m[1]), loaded }));
    });
    serve().catch((error) => console.log(error.code + ': ' + error.message));
`;

interface Outcome {
    readonly names: readonly string[];
    readonly loaded: readonly string[];
}

let folder: Folder;
let port: number;

beforeEach(async () => {
    port = await freePort();
    folder = new Folder();
    // The sources without the modules of this repository beside them, so that an application decides what there is
    cpSync(join(ROOT, 'src'), join(folder.path, 'package', 'src'), { recursive: true });
    link('pip-services3-commons-nodex', 'pip-services3-components-nodex', 'pip-services3-rpc-nodex');
});

afterEach(() => folder.remove());

/** Makes modules of this repository those of the application. */
function link(...modules: readonly string[]): void {
    folder.write('node_modules/@prometheus-io/none', '');
    for (const name of modules) symlinkSync(join(ROOT, 'node_modules', name), join(folder.path, 'node_modules', name));
}

function run(options: object, before = ''): { status: number | null; error: string; outcome: Outcome } {
    folder.write('main.js', before + PROGRAM);
    const sources = join(folder.path, 'package', 'src', 'services');
    const environment = JSON.stringify({ SOURCES: sources, PORT: String(port) });
    const setEnvironment = folder.write('environment.js', `Object.assign(process.env, ${environment});`);
    // restify 10 uses what is deprecated
    const args = [
        '--no-deprecation',
        '--require',
        HOOK,
        '--require',
        setEnvironment,
        'main.js',
        JSON.stringify(options),
    ];
    const { status, output } = folder.run('timeout', '20', process.execPath, ...args);
    const lines = output.trimEnd().split('\n');
    return { status, error: lines.slice(0, -1).join('\n'), outcome: JSON.parse(lines.at(-1) ?? '') as Outcome };
}

const PROCESS = 'process_resident_memory_bytes';

test('a service without these options loads no prom-client', () => {
    link('prom-client', '@prometheus-io/client');
    expect(run({})).toEqual({ status: 0, error: '', outcome: { names: [], loaded: [] } });
});

test.each(['prom-client', '@prometheus-io/client'])('the process ends by itself with the metrics of %s', (name) => {
    link(name);
    const { status, error, outcome } = run({ process_metrics: true, prom_client: true });
    expect([status, error]).toEqual([0, '']);
    expect(outcome.names).toContain(PROCESS);
    expect(outcome.loaded[0]).toContain(name);
});

test.each(['process_metrics', 'prom_client'])('without prom-client options.%s says what to install', (option) => {
    expect(run({ [option]: true })).toEqual({
        status: 0,
        error:
            `PROM_CLIENT_MISSING: options.${option} needs prom-client, which is not installed. ` +
            'Run: npm install prom-client',
        outcome: { names: [], loaded: [] },
    });
});

const USE = (name: string) => `
    const { Gauge } = require('${name}');
    new Gauge({ name: 'of_application', help: 'x' }).set(1);
`;

describe('several copies', () => {
    test('the one that the application has loaded, whichever it is', () => {
        link('prom-client', '@prometheus-io/client');
        const { outcome } = run({ prom_client: true }, USE('@prometheus-io/client'));
        expect(outcome.names).toEqual(['of_application']);
    });

    test('the one of the application, and not that of this package', () => {
        link('prom-client');
        cpSync(join(ROOT, 'node_modules', 'prom-client'), join(folder.path, 'package', 'node_modules', 'prom-client'), {
            recursive: true,
        });
        const { outcome } = run({ prom_client: true }, USE('prom-client'));
        expect(outcome.names).toEqual(['of_application']);
    });

    test('the one that is named, also a module of the application', () => {
        link('prom-client', '@prometheus-io/client');
        const both = USE('prom-client') + `require('@prometheus-io/client');`;
        const before = both.replace('const { Gauge }', 'const { Gauge, register }') + 'exports.register = register;';
        expect(run({ prom_client: '@prometheus-io/client' }, USE('prom-client')).outcome.names).toEqual([]);
        expect(run({ prom_client: './main.js' }, before).outcome.names).toEqual(['of_application']);
    });
});
