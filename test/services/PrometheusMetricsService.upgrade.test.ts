import { eventually } from '../fixtures/eventually';
import { MetricsServer } from '../fixtures/MetricsServer';
import { RawClient } from '../fixtures/RawClient';

const UPGRADE = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
const TEXT = '# TYPE a gauge\na 5\n';

let server: MetricsServer;

beforeEach(async () => {
    server = await MetricsServer.start({ endpoint: { 'options.protocol_upgrade_enabled': true } });
    server.counters.increment('a', 5);
});

afterEach(() => server.close());

test.each(['/metrics', '/metricsandreset'])('%s is answered as if no upgrade was asked for', async (path) => {
    const client = await RawClient.connect(server.url);
    client.get(path, UPGRADE);
    const answer = await client.readToEnd();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n');
    expect(answer).toContain('\r\nConnection: close\r\n');
    expect(answer.endsWith(`\r\n\r\n${TEXT}`)).toBe(true);
    expect(server.counters.getAll()).toHaveLength(path === '/metrics' ? 1 : 0);
});

test.each<readonly [how: string, leave: (client: RawClient) => void]>([
    ['hangs up', (client) => client.hangUp()],
    ['resets', (client) => client.reset()],
])('a reset whose client %s without reading is undone', async (_, leave) => {
    const client = await RawClient.connect(server.url);
    client.get('/metricsandreset', UPGRADE);
    await eventually(() => {
        expect(server.counters.getAll()).toEqual([]);
    });
    leave(client);
    await eventually(() => {
        expect(server.counters.getAll()).toMatchObject([{ name: 'a', count: 5 }]);
    }, 5000);
});

test('a refusal is answered properly too', async () => {
    await server.close();
    server = await MetricsServer.start({
        config: { 'credential.access_key': 'token' },
        endpoint: { 'options.protocol_upgrade_enabled': true },
    });
    const client = await RawClient.connect(server.url);
    client.get('/metricsandreset', UPGRADE);
    const answer = await client.readToEnd();
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(answer).toContain('\r\nwww-authenticate: Bearer realm="metrics"\r\n');
});
