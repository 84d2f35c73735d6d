import { ConfigException, ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';
import { CachedCounters, ContextInfo, LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { PrometheusMetricsService } from '../../src/services';
import { MockEndpoint, MockResponse } from '../fixtures/MockEndpoint';
import { PlainCounters } from '../fixtures/PlainCounters';
import { RecordingLogger } from '../fixtures/RecordingLogger';

let endpoint: MockEndpoint;
let service: PrometheusMetricsService;

beforeEach(() => {
    endpoint = new MockEndpoint();
    service = new PrometheusMetricsService();
});

/** References to the endpoint, and to components by the text of their descriptors. */
function referencesTo(components: Readonly<Record<string, unknown>>): References {
    const references = new References();
    references.put(new Descriptor('test', 'endpoint', 'http', 'default', '1.0'), endpoint);
    for (const [descriptor, component] of Object.entries(components)) {
        references.put(Descriptor.fromString(descriptor), component);
    }
    return references;
}

function counting<T extends CachedCounters>(counters: T, name: string): T {
    counters.increment(name, 1);
    return counters;
}

function metrics(): unknown {
    endpoint.performRegistrations();
    const response = new MockResponse();
    void endpoint.handlerOf('get', 'metrics')({}, response);
    return response.bodies[0];
}

describe('counters', () => {
    test.each([
        'pip-services:counters:prometheus:default:1.0',
        'my-group:counters:prometheus:default:1.0',
        'my-group:counters:prometheus:special:1.0',
        'pip-services:counters:cached:default:1.0',
        'my-group:counters:cached:default:1.0',
    ])('%s are found', (descriptor) => {
        service.setReferences(referencesTo({ [descriptor]: counting(new PlainCounters(), 'found') }));

        expect(metrics()).toBe('# TYPE found gauge\nfound 1\n');
    });

    test('without any the body is empty', () => {
        service.setReferences(referencesTo({}));
        expect(metrics()).toBe('');

        const response = new MockResponse();
        void endpoint.handlerOf('get', 'metricsandreset')({}, response);
        expect(response).toMatchObject({ statusCode: 200, bodies: [''] });
    });

    test('of other kinds are not taken', () => {
        service.setReferences(
            referencesTo({
                'pip-services:counters:log:default:1.0': counting(new PlainCounters(), 'log'),
                'pip-services:counters:prometheus:default:2.0': counting(new PlainCounters(), 'two'),
            })
        );

        expect(metrics()).toBe('');
    });

    test('of Prometheus are preferred, in any order', () => {
        service.setReferences(
            referencesTo({
                'test:counters:cached:default:1.0': counting(new PlainCounters(), 'cached'),
                'test:counters:prometheus:default:1.0': counting(new PrometheusCounters(), 'prometheus'),
            })
        );

        expect(metrics()).toBe('# TYPE prometheus gauge\nprometheus 1\n');
    });

    test.each(['prometheus-counters', 'prometheus_counters', 'cached-counters', 'cached_counters'])(
        'dependencies.%s chooses others',
        (dependency) => {
            service.configure(ConfigParams.fromTuples(`dependencies.${dependency}`, 'test:counters:special:two:1.0'));
            service.setReferences(
                referencesTo({
                    'test:counters:special:one:1.0': counting(new PlainCounters(), 'one'),
                    'test:counters:special:two:1.0': counting(new PlainCounters(), 'two'),
                })
            );

            expect(metrics()).toBe('# TYPE two gauge\ntwo 1\n');
        }
    );

    test('dependencies.cached_counters leaves PrometheusCounters preferred', () => {
        service.configure(ConfigParams.fromTuples('dependencies.cached_counters', 'test:counters:special:two:1.0'));
        service.setReferences(
            referencesTo({
                'test:counters:special:two:1.0': counting(new PlainCounters(), 'two'),
                'test:counters:prometheus:default:1.0': counting(new PrometheusCounters(), 'prometheus'),
            })
        );

        expect(metrics()).toBe('# TYPE prometheus gauge\nprometheus 1\n');
    });

    test('that keep no measurements are refused', () => {
        const wire = () => service.setReferences(referencesTo({ 'test:counters:cached:default:1.0': {} }));

        expect(wire).toThrow(ConfigException);
        expect(wire).toThrow(expect.objectContaining({ code: 'WRONG_COUNTERS' }) as Error);
    });
});

describe('source and instance', () => {
    const info = new ContextInfo();
    info.name = 'shop';
    info.contextId = 'box';

    test.each<readonly [config: Record<string, string>, context: string | null, labels: string]>([
        [{}, null, ''],
        [{ source: 'my' }, null, '{source="my"}'],
        [{ instance: 'this' }, null, '{instance="this"}'],
        [{ source: 'my', instance: 'this' }, null, '{source="my",instance="this"}'],
        [{}, 'pip-services:context-info:default:default:1.0', '{source="shop",instance="box"}'],
        [{}, 'my-group:context-info:my:special:1.0', '{source="shop",instance="box"}'],
        [{ source: 'my' }, 'test:context-info:default:default:1.0', '{source="my",instance="box"}'],
        [{ instance: 'this' }, 'test:context-info:default:default:1.0', '{source="shop",instance="this"}'],
        [{ source: '', instance: '' }, 'test:context-info:default:default:1.0', ''],
        [{ source: '' }, 'test:context-info:default:default:1.0', '{instance="box"}'],
        [{ source: 'a"b\\c' }, null, '{source="a\\"b\\\\c"}'],
    ])('%j with the context %s gives %j', (config, context, labels) => {
        const counters = counting(new PrometheusCounters(), 'orders');
        service.configure(ConfigParams.fromValue(config));
        service.setReferences(
            referencesTo({
                'test:counters:prometheus:default:1.0': counters,
                ...(context === null ? {} : { [context]: info }),
            })
        );

        expect(metrics()).toBe(`# TYPE orders gauge\norders${labels} 1\n`);
    });
});

describe('again', () => {
    test('configure() changes what it names, and leaves the rest', () => {
        const counters = counting(new PrometheusCounters(), 'orders');
        service.configure(ConfigParams.fromTuples('source', 'one', 'instance', 'box'));
        service.setReferences(referencesTo({ 'test:counters:prometheus:default:1.0': counters }));
        service.configure(ConfigParams.fromTuples('source', 'two'));

        expect(metrics()).toBe('# TYPE orders gauge\norders{source="two",instance="box"} 1\n');
    });

    test('setReferences() takes the new counters and context', () => {
        const older = new ContextInfo();
        older.name = 'older';
        const newer = new ContextInfo();
        newer.name = 'newer';
        service.configure(ConfigParams.fromTuples('instance', ''));
        service.setReferences(
            referencesTo({
                'test:counters:prometheus:default:1.0': counting(new PrometheusCounters(), 'one'),
                'test:context-info:default:default:1.0': older,
            })
        );
        expect(metrics()).toBe('# TYPE one gauge\none{source="older"} 1\n');
        service.setReferences(
            referencesTo({
                'test:counters:cached:default:1.0': counting(new PlainCounters(), 'two'),
                'test:context-info:default:default:1.0': newer,
            })
        );

        expect(metrics()).toBe('# TYPE two gauge\ntwo{source="newer"} 1\n');
        service.setReferences(referencesTo({}));
        expect(metrics()).toBe('');
    });

    test.each(['closed', 'open'])('setReferences() registers once, and logs once, while it is %s', async (state) => {
        const logger = new RecordingLogger();
        const counters = new PrometheusCounters();
        jest.spyOn(counters, 'getAll').mockImplementation(() => {
            throw new Error('the store is gone');
        });
        const references = referencesTo({
            'test:counters:prometheus:default:1.0': counters,
            'test:logger:recording:default:1.0': logger,
        });
        service.setReferences(references);
        if (state === 'open') await service.open('test');
        service.setReferences(references);
        service.setReferences(references);
        metrics();

        expect(endpoint.registrations).toEqual([service]);
        expect(endpoint.routes).toHaveLength(4);
        expect(logger.lines).toMatchObject([{ level: LogLevel.Error, error: { message: 'the store is gone' } }]);
    });

    test('setReferences() moves to another endpoint while it is closed', () => {
        const former = endpoint;
        service.setReferences(referencesTo({}));
        endpoint = new MockEndpoint();
        service.setReferences(referencesTo({}));

        expect([former.registrations, endpoint.registrations]).toEqual([[], [service]]);
    });

    test('setReferences() stays at its endpoint while it is open', async () => {
        const former = endpoint;
        service.setReferences(referencesTo({}));
        await service.open('test');
        endpoint = new MockEndpoint();
        service.setReferences(referencesTo({}));

        expect([former.registrations, endpoint.registrations]).toEqual([[service], []]);
    });

    test('unsetReferences() takes the routes away', () => {
        service.setReferences(referencesTo({}));
        service.unsetReferences();

        expect(endpoint.registrations).toEqual([]);
        service.setReferences(referencesTo({}));
        expect(endpoint.registrations).toEqual([service]);
    });

    test('open() and close() register and log nothing', async () => {
        const logger = new RecordingLogger();
        service.setReferences(referencesTo({ 'test:logger:recording:default:1.0': logger }));
        for (let i = 0; i < 2; i++) {
            await service.open('test');
            await service.open('test');
            expect(service.isOpen()).toBe(true);
            await service.close('test');
            await service.close('test');
            expect(service.isOpen()).toBe(false);
        }

        expect(endpoint.registrations).toEqual([service]);
        expect(logger.lines).toEqual([]);
    });
});

describe('a connection of its own', () => {
    test.each<Record<string, string>>([
        { 'connection.port': '8080' },
        { 'connection.uri': 'http://127.0.0.1:8080' },
        { 'connections.one.port': '8080', 'connections.two.port': '8081' },
    ])('%j is warned of once, as the endpoint that was found is used', async (config) => {
        const logger = new RecordingLogger();
        service.configure(ConfigParams.fromValue(config));
        service.setReferences(referencesTo({ 'test:logger:recording:default:1.0': logger }));
        await service.open('test');
        await service.open('test');
        metrics();

        expect(logger.lines).toMatchObject([{ level: LogLevel.Warn, correlationId: 'test' }]);
        expect(logger.lines[0]?.message).toContain('connection');
    });
});
