import { parseExposition } from '../fixtures/parseExposition';
import { checkMetrics } from '../fixtures/promtool';
import { Demo } from '../fixtures/Demo';
import { freePort } from '../fixtures/freePort';

jest.setTimeout(120_000);

const NPM_START = ['npm', 'start'] as const;
const NODE = [process.execPath, 'example/main.js'] as const;

let demo: Demo;

async function startDemo(command: readonly [string, ...string[]]): Promise<string> {
    // One round of work: the values stay as they are
    demo = Demo.start(command, { HTTP_PORT: String(await freePort()), DEMO_INTERVAL: '600000' });
    return demo.untilOpen();
}

async function get(url: string): Promise<string> {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return response.text();
}

describe('npm start', () => {
    afterEach(async () => {
        await demo.kill();
    });

    test('prints the addresses of both routes, which answer valid text', async () => {
        const address = await startDemo(NPM_START);
        expect(demo.output).toContain(`${address}\n`);
        expect(demo.output).toContain(`${address}andreset `);
        for (const url of [address, `${address}andreset`]) {
            const text = await get(url);
            expect((await checkMetrics(text)).exitCode).toBe(3);
            const samples = parseExposition(text).map(({ name, samples: { length } }) => `${name} ${length}`);
            expect(samples).toEqual([
                'exec_count 3',
                'exec_errors 3',
                'queue_sent_messages 1',
                'queue_received_messages 1',
                'queue_dead_messages 1',
                'call_errors 1',
                'exec_time_max 3',
                'exec_time_min 3',
                'exec_time_average 3',
                'exec_time_count 3',
                'orders_order_total_max 1',
                'orders_order_total_min 1',
                'orders_order_total_average 1',
                'orders_order_total_count 1',
                'call_count 1',
                'call_time_max 1',
                'call_time_min 1',
                'call_time_average 1',
                'call_time_count 1',
                'orders_open_orders 1',
            ]);
            expect(text).toMatch(
                /^exec_count\{source="orders-demo",instance=".+",service="orders",command="export_orders"\} 1$/m
            );
        }
        expect(await get(address.replace(/metrics$/, 'status'))).toContain('"name":"orders-demo"');
    });

    test('the commands differ in rate and time by more than chance, so that no line of a graph hides another', async () => {
        const text = await get(await startDemo(NODE));
        const of = (metric: string, command: string) =>
            parseExposition(text)
                .find(({ name }) => name === metric)
                ?.samples.find(({ labels }) => labels.some(([, value]) => value === command))?.value ?? NaN;

        expect(of('exec_count', 'get_orders')).toBeGreaterThan(of('exec_count', 'create_order'));
        expect(of('exec_count', 'create_order')).toBeGreaterThan(of('exec_count', 'export_orders'));
        expect(of('exec_time_max', 'get_orders')).toBeLessThan(of('exec_time_min', 'create_order'));
        expect(of('exec_time_max', 'create_order')).toBeLessThan(of('exec_time_min', 'export_orders'));
    });

    test.each<[string, NodeJS.Signals, 'signal' | 'signalGroup', readonly [string, ...string[]]]>([
        ['kill of npm', 'SIGTERM', 'signal', NPM_START],
        ['Ctrl+C', 'SIGINT', 'signalGroup', NPM_START],
        ['kill of node', 'SIGTERM', 'signal', NODE],
        ['Ctrl+C of node', 'SIGINT', 'signalGroup', NODE],
    ])('%s stops it cleanly', async (_, signal, send, command) => {
        const address = await startDemo(command);
        demo[send](signal);
        expect(await demo.untilEnded()).toBe(0);
        expect(demo.output).toMatch(
            new RegExp(`Stopping because of ${signal}[^]*orders-demo stopped[^]*Stopped\\.\n$`)
        );
        await expect(fetch(address)).rejects.toThrow();
    });

    test('a port that is taken is an error that says so', async () => {
        const address = await startDemo(NODE);
        const second = Demo.start(NODE, { HTTP_PORT: new URL(address).port });
        expect(await second.untilEnded()).toBe(1);
        expect(second.output).toContain('EADDRINUSE');
        expect(second.output).toContain('HTTP_PORT=8081 npm start');
    });
});
