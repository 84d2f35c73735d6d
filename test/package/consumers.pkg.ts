/** Applications that have installed the packed package from a folder of their own, without an override. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort } from '../fixtures/freePort';
import { install, pack, Packed } from '../fixtures/packed';

const TSC = join(__dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');

let packed: Packed;

beforeAll(() => {
    packed = pack();
    install(packed.folder, [packed.tarball, 'pip-services3-container-nodex', '@types/node@20']);
}, 180_000);

afterAll(() => {
    rmSync(packed.folder, { recursive: true, force: true });
});

interface Outcome {
    readonly status: number | null;
    readonly output: string;
}

function node(...args: string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: packed.folder, encoding: 'utf8' });
    return { status, output: status === 0 ? stdout : stdout + stderr };
}

function write(file: string, content: string): void {
    writeFileSync(join(packed.folder, file), content);
}

const TYPED_USER = `
    import { ConfigParams } from 'pip-services3-commons-nodex';
    import {
        DefaultPrometheusFactory, PrometheusCounterConverter, PrometheusCounters, PrometheusMetricsService,
    } from 'pip-services3-prometheus-nodex';
    import { PrometheusCounters as Deep } from 'pip-services3-prometheus-nodex/obj/src/count/PrometheusCounters';

    class MyCounters extends PrometheusCounters {
        public override configure(config: ConfigParams): void { super.configure(config); }
    }

    const counters: Deep = new MyCounters();
    counters.increment('orders', 2);
    export const text: string = PrometheusCounterConverter.toString(counters.getAll(), 'shop', null);
    export const service: PrometheusMetricsService = new PrometheusMetricsService();
    export const factory: DefaultPrometheusFactory = new DefaultPrometheusFactory();
`;

/** Type checks the user's file with everything strict. */
function typeCheck(skipLibCheck: boolean, ...files: string[]): Outcome {
    write('user.ts', TYPED_USER);
    const strict = ['--strict', '--noImplicitOverride', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const target = ['--target', 'es2022', '--module', 'node16', '--types', 'node'];
    const options = [...strict, ...target, '--skipLibCheck', String(skipLibCheck)];
    return node(TSC, '--noEmit', '--pretty', 'false', ...options, 'user.ts', ...files);
}

describe('a strict TypeScript application', () => {
    test('compiles with skipLibCheck', () => {
        expect(typeCheck(true)).toEqual({ status: 0, output: '' });
    });

    test('without skipLibCheck: the only error is that the toolkit imports restify, which has no typings', () => {
        const { output } = typeCheck(false);
        const errors = output.split('\n').filter((line) => line.includes(': error TS'));

        expect(errors).toEqual([
            expect.stringMatching(
                /^node_modules\/pip-services3-rpc-nodex\/obj\/src\/services\/HttpEndpoint\.d\.ts\(.*TS7016.*'restify'/
            ),
        ]);
    });

    test("without skipLibCheck: compiles when it declares the module 'restify' itself", () => {
        write('restify.d.ts', "declare module 'restify' {\n    export type Server = unknown;\n}\n");

        expect(typeCheck(false, 'restify.d.ts')).toEqual({ status: 0, output: '' });
    });
});

const RECORD = `
    const counters = new PrometheusCounters();
    counters.increment('orders', 2);
    console.log(PrometheusCounterConverter.toString(counters.getAll(), 'shop', 'host-1'));
`;
const RECORDED = '# TYPE orders gauge\norders{source="shop",instance="host-1"} 2\n\n';

describe('a JavaScript application', () => {
    test('with ES modules imports by name', () => {
        write(
            'user.mjs',
            `import { DefaultPrometheusFactory, PrometheusCounterConverter, PrometheusCounters, PrometheusMetricsService }
                from 'pip-services3-prometheus-nodex';
            new DefaultPrometheusFactory();
            new PrometheusMetricsService();
            ${RECORD}`
        );

        expect(node('user.mjs')).toEqual({ status: 0, output: RECORDED });
    });

    test('with CommonJS requires deep paths', () => {
        write(
            'user.cjs',
            `const { PrometheusCounters } = require('pip-services3-prometheus-nodex/obj/src/count/PrometheusCounters');
            const { PrometheusCounterConverter } =
                require('pip-services3-prometheus-nodex/obj/src/count/PrometheusCounterConverter');
            ${RECORD}`
        );

        expect(node('user.cjs')).toEqual({ status: 0, output: RECORDED });
    });

    test('that only counts loads no module of restify', () => {
        const script = `
            require('pip-services3-prometheus-nodex/obj/src/count');
            const loaded = Object.keys(require.cache);
            console.log(JSON.stringify({
                counters: loaded.some((file) => file.endsWith('PrometheusCounters.js')),
                restify: loaded.filter((file) => /node_modules[\\\\/]restify/.test(file)),
            }));
        `;
        const { output } = node('-e', script);

        expect(JSON.parse(output)).toEqual({ counters: true, restify: [] });
    });
});

describe('a container', () => {
    test('is built from YAML by the factory and serves the counters', async () => {
        const port = await freePort();
        write('config.yml', CONTAINER_CONFIG);
        write('container.cjs', CONTAINER);

        expect(node('container.cjs', String(port))).toEqual({ status: 0, output: RECORDED });
    });
});

const CONTAINER_CONFIG = `
- descriptor: pip-services:counters:prometheus:default:1.0
- descriptor: pip-services:endpoint:http:default:1.0
  connection:
    protocol: http
    host: 127.0.0.1
    port: "{{PORT}}"
- descriptor: pip-services:metrics-service:prometheus:default:1.0
  source: shop
  instance: host-1
- descriptor: shop:orders:default:default:1.0
`;

const CONTAINER = `
    const { ConfigParams, Descriptor } = require('pip-services3-commons-nodex');
    const { Factory } = require('pip-services3-components-nodex');
    const { Container } = require('pip-services3-container-nodex');
    const { DefaultRpcFactory } = require('pip-services3-rpc-nodex');
    const { DefaultPrometheusFactory } = require('pip-services3-prometheus-nodex');

    class Orders {
        setReferences(references) {
            references.getOneRequired(new Descriptor('*', 'counters', '*', '*', '1.0')).increment('orders', 2);
        }
    }

    const factory = new Factory();
    factory.registerAsType(new Descriptor('shop', 'orders', 'default', 'default', '1.0'), Orders);
    const container = new Container('shop');
    container.addFactory(factory);
    container.addFactory(new DefaultRpcFactory());
    container.addFactory(new DefaultPrometheusFactory());

    async function main() {
        const port = process.argv[2];
        container.readConfigFromFile(null, 'config.yml', ConfigParams.fromTuples('PORT', port));
        await container.open(null);
        const response = await fetch('http://127.0.0.1:' + port + '/metrics');
        console.log(await response.text());
        await container.close(null);
        process.exit(0);
    }
    main();
`;
