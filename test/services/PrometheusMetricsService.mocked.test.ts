import { ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src/count';
import { PrometheusMetricsService } from '../../src/services';
import { TEXT } from '../fixtures/acceptHeaders';
import { MockEndpoint, MockHandler, MockResponse } from '../fixtures/MockEndpoint';

const BODY = '# TYPE orders gauge\norders{source="shop",instance="box"} 3\n';

/** More than is written in one piece. */
const MANY = 20_000;

let endpoint: MockEndpoint;
let counters: PrometheusCounters;
let service: PrometheusMetricsService;

function wire(endpointMock: object): void {
    service = new PrometheusMetricsService();
    service.configure(ConfigParams.fromTuples('source', 'shop', 'instance', 'box'));
    service.setReferences(
        References.fromTuples(
            new Descriptor('pip-services', 'endpoint', 'http', 'default', '1.0'),
            endpointMock,
            new Descriptor('pip-services', 'counters', 'prometheus', 'default', '1.0'),
            counters
        )
    );
}

beforeEach(() => {
    endpoint = new MockEndpoint();
    counters = new PrometheusCounters();
    counters.increment('orders', 3);
    wire(endpoint);
    endpoint.performRegistrations();
});

afterEach(() => jest.restoreAllMocks());

function expectAnswered(response: MockResponse): void {
    expect(response).toMatchObject({
        statusCode: 200,
        headers: { 'content-type': TEXT, 'content-length': BODY.length },
        bodies: [BODY],
    });
}

test('both routes are registered once for each method', () => {
    expect(endpoint.routes.map(({ method, path }) => [method, path.replace(/^\//, '')]).sort()).toEqual([
        ['get', 'metrics'],
        ['get', 'metricsandreset'],
        ['head', 'metrics'],
        ['head', 'metricsandreset'],
    ]);
    expect(endpoint.registrations).toEqual([service]);
});

describe.each(['metrics', 'metricsandreset'])('%s', (path) => {
    test.each([
        [{}],
        [null],
        [undefined],
        [{ headers: {} }],
        [{ headers: { accept: 'text/html' } }],
        [{ method: 'GET', url: path }],
    ])('answers the request %j before its promise resolves', async (request) => {
        const response = new MockResponse();
        const done = endpoint.handlerOf('get', path)(request, response);

        expectAnswered(response);
        await done;
        expect(response.bodies).toHaveLength(1);
        expect(counters.getAll()).toHaveLength(path === 'metrics' ? 1 : 0);
    });

    test('answers OpenMetrics to a mock that asks for it', () => {
        const response = new MockResponse();
        void endpoint.handlerOf('get', path)({ headers: { accept: 'application/openmetrics-text' } }, response);

        expect(response.bodies).toEqual([`${BODY}# EOF\n`]);
    });

    test('answers HEAD without a body, and clears nothing', () => {
        const response = new MockResponse();
        void endpoint.handlerOf('head', path)({ method: 'HEAD' }, response);

        expect(response).toMatchObject({ statusCode: 200, bodies: [''] });
        expect(counters.getAll()).toHaveLength(1);
    });

    test('ends a large response once, with all of it', async () => {
        counters.clearAll();
        let expected = '# TYPE exec_count gauge\n';
        for (let i = 0; i < MANY; i++) {
            counters.increment(`shop.command_${i}.exec_count`, i);
            expected += `exec_count{source="shop",instance="box",service="shop",command="command_${i}"} ${i}\n`;
        }
        const response = new MockResponse();
        await endpoint.handlerOf('get', path)({}, response);

        expect(response.bodies).toHaveLength(1);
        expect(response.bodies[0] === expected).toBe(true);
        expect(counters.getAll()).toHaveLength(path === 'metrics' ? MANY : 0);
    });

    test('answers nothing recorded with an empty body', () => {
        counters.clearAll();
        const response = new MockResponse();
        void endpoint.handlerOf('get', path)({}, response);

        expect(response.bodies).toEqual(['']);
    });
});

test('a failure is answered with 500', async () => {
    jest.spyOn(counters, 'getAll').mockImplementation(() => {
        throw new Error('the store is gone');
    });
    const response = new MockResponse();
    await endpoint.handlerOf('get', 'metrics')({}, response);

    expect(response).toMatchObject({
        statusCode: 500,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        bodies: ['The scrape failed, see the log\n'],
    });
});

describe('mocks that keep one handler for each path', () => {
    const keepFirst = (handlers: Map<string, MockHandler>, path: string, handler: MockHandler) => {
        if (!handlers.has(path)) handlers.set(path, handler);
    };
    const keepLast = (handlers: Map<string, MockHandler>, path: string, handler: MockHandler) => {
        handlers.set(path, handler);
    };

    test.each([
        ['the first', keepFirst],
        ['the last', keepLast],
    ])('%s', (_what, keep) => {
        const handlers = new Map<string, MockHandler>();
        // Some register at once, some when the endpoint opens
        const mock = {
            register: (registration: PrometheusMetricsService) => registration.register(),
            unregister: () => undefined,
            registerRoute: (_method: string, path: string, _schema: unknown, handler: MockHandler) =>
                keep(handlers, path, handler),
        };
        wire(mock);
        for (const path of ['metrics', 'metricsandreset']) {
            const response = new MockResponse();
            void handlers.get(path)?.({}, response);
            expectAnswered(response);
        }
        expect(counters.getAll()).toEqual([]);
    });
});

test('opens and closes on a mock', async () => {
    await service.open('test');
    expect(service.isOpen()).toBe(true);
    await service.close('test');
    expect(service.isOpen()).toBe(false);
});

test('register() can be called by hand', () => {
    const routes = endpoint.routes.length;
    service.register();

    expect(endpoint.routes).toHaveLength(2 * routes);
});
