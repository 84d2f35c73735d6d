import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer, Server, Socket } from 'node:net';

import { ConfigException, ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';
import { CounterType, LogLevel } from 'pip-services3-components-nodex';

import { PrometheusCounters } from '../../src/count';
import { Certificates, makeCertificates } from '../fixtures/certificates';
import { eventually } from '../fixtures/eventually';
import { FakeGateway } from '../fixtures/FakeGateway';
import { RecordingLogger } from '../fixtures/RecordingLogger';
import { thrownBy } from '../fixtures/thrownBy';

type Config = Record<string, unknown>;

const LOGGER = new Descriptor('test', 'logger', 'recording', 'default', '1.0');
const DISCOVERY = new Descriptor('test', 'discovery', 'hanging', 'default', '1.0');
const STORE = new Descriptor('test', 'credential-store', 'hanging', 'default', '1.0');

let gateway: FakeGateway;
let counters: PrometheusCounters;
let logger: RecordingLogger;

beforeEach(async () => {
    gateway = await FakeGateway.start();
    counters = new PrometheusCounters();
    logger = new RecordingLogger();
});

afterEach(async () => {
    await counters.close('test');
    await gateway.stop();
});

function configure(config: Config = {}): void {
    const defaults = { 'connection.uri': gateway.uri, source: 'j', instance: '', interval: 0, 'options.retries': 0 };
    counters.configure(ConfigParams.fromTuples(...Object.entries({ ...defaults, ...config }).flat()));
}

async function open(config: Config = {}, ...references: unknown[]): Promise<void> {
    configure(config);
    counters.setReferences(References.fromTuples(LOGGER, logger, ...references));
    await counters.open('test');
}

function bodies(): string[] {
    return gateway.requests.map(({ body }) => body);
}

/** Pushes what is recorded, and waits until the gateway has answered. */
async function push(): Promise<void> {
    const request = gateway.nextRequest();
    counters.dump();
    await request;
}

function logged(): string[] {
    return logger.lines.map(({ message }) => message);
}

/** Everything that a log could show of what was logged. */
function everythingLogged(): string {
    return JSON.stringify(
        logger.lines.map(({ message, error }) => [message, error, error?.message, error?.stack, String(error?.cause)])
    );
}

describe('informational responses', () => {
    test.each([[[100]], [[102]], [[103]], [[100, 100, 103, 199]]])(
        '%j before 202 are passed over',
        async (statuses) => {
            gateway.answer = { informational: statuses, status: 202 };
            await open();
            counters.increment('a');
            await push();
            counters.increment('a');
            await counters.close('test');
            expect(bodies()).toEqual(['# TYPE a gauge\na 1\n', '# TYPE a gauge\na 2\n']);
            expect(logged()).toEqual([]);
        }
    );

    test.each([
        [100, 400],
        // The connection speaks another protocol after it, so it is the last response
        [101, 101],
    ])('%d is no success: status %d', async (informational, status) => {
        gateway.answer = { informational: [informational], status: 400, body: 'wrong' };
        await open();
        counters.increment('a');
        await counters.close('test');
        expect(logger.lines).toMatchObject([{ error: { code: 'BAD_STATUS', status } }]);
    });
});

describe('a clear', () => {
    const A = '# TYPE a gauge\na 1\n';

    test.each<[string, () => void]>([
        ['clearAll()', () => counters.clearAll()],
        ['clear() of the only counter', () => counters.clear('a')],
    ])('by %s replaces what was pushed by nothing', async (_title, clear) => {
        await open();
        counters.increment('a');
        await push();
        clear();
        await push();
        await counters.close('test');
        expect(gateway.requests.map(({ method, body }) => [method, body])).toEqual([
            ['PUT', A],
            ['PUT', ''],
        ]);
    });

    test('by reset_timeout is one, too, and nothing need be recorded', async () => {
        await open({ reset_timeout: 50, interval: 10 });
        counters.increment('a');
        await gateway.nextRequest();
        await gateway.nextRequest();
        expect(bodies()).toEqual([A, '']);
    });

    test('goes with close()', async () => {
        await open();
        counters.increment('a');
        await push();
        counters.clearAll();
        await counters.close('test');
        expect(bodies()).toEqual([A, '']);
    });

    test('goes after the counters were closed and opened again', async () => {
        await open();
        counters.increment('a');
        await counters.close('test');
        counters.clearAll();
        await counters.open('test');
        await counters.close('test');
        expect(bodies()).toEqual([A, '']);
    });

    test('that did not arrive goes again', async () => {
        await open();
        counters.increment('a');
        await push();
        gateway.answerNext({ status: 500 });
        counters.clearAll();
        await push();
        await eventually(() => {
            expect(logger.lines).toHaveLength(1);
        });
        await counters.close('test');
        expect(bodies()).toEqual([A, '', '']);
    });

    test('before anything was pushed sends nothing', async () => {
        await open({ interval: 5 });
        counters.clearAll();
        counters.clear('a');
        counters.dump();
        await counters.close('test');
        expect(gateway.requests).toEqual([]);
    });
});

test('a logger that throws costs nothing', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    jest.spyOn(logger, 'log').mockImplementation(() => {
        throw new Error('disk full');
    });
    gateway.answerNext({ status: 500 }, { status: 200 }, { status: 500 });
    await open();
    for (let value = 1; value <= 2; value++) {
        counters.increment('a');
        await push();
    }
    counters.increment('a');
    await counters.close('test');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(gateway.requests).toHaveLength(3);
    expect(rejections).toEqual([]);
    expect(counters.isOpen()).toBe(false);
});

describe('what never answers', () => {
    const never = (): Promise<never> => new Promise(() => undefined);

    test.each<[string, Config, unknown[]]>([
        ['a discovery', { 'connection.uri': '', 'connection.discovery_key': 'k' }, [DISCOVERY, { resolveOne: never }]],
        ['a credential store', { 'credential.store_key': 'k' }, [STORE, { lookup: never }]],
    ])('%s costs options.connect_timeout and a warning', async (_title, config, reference) => {
        await open({ ...config, 'options.connect_timeout': 50 }, ...reference);
        expect(counters.isOpen()).toBe(true);
        expect(logger.lines).toMatchObject([
            {
                level: LogLevel.Warn,
                message:
                    'Counters are not pushed: The discovery service or the credential store did not answer within ' +
                    'options.connect_timeout, 50 ms',
            },
        ]);
        counters.increment('a');
        await counters.close('test');
        expect(gateway.requests).toEqual([]);
    });

    test('does not hold a close() that is called meanwhile either', async () => {
        configure({ 'connection.uri': '', 'connection.discovery_key': 'k', 'options.connect_timeout': 50 });
        counters.setReferences(References.fromTuples(LOGGER, logger, DISCOVERY, { resolveOne: never }));
        const opened = counters.open('test');
        await counters.close('test');
        await opened;
        expect(counters.isOpen()).toBe(false);
    });
});

describe('open() and close() without await', () => {
    test.each<[string, boolean]>([
        ['open', true],
        ['open close', false],
        ['open close open', true],
        ['open open close close open', true],
        ['close open', true],
        ['close open close', false],
        ['open close open close open', true],
    ])('%s: open %s', async (calls, isOpen) => {
        await open();
        counters.increment('a');
        const all = calls.split(' ').map((call) => (call === 'open' ? counters.open('test') : counters.close('test')));
        await Promise.all(all);
        expect(counters.isOpen()).toBe(isOpen);

        gateway.requests.length = 0;
        counters.increment('b');
        counters.dump();
        await counters.close('test');
        expect(gateway.requests.map(({ body }) => body.includes('b 1'))).toEqual(isOpen ? [true] : []);
    });
});

describe('certificate files', () => {
    let certificates: Certificates;
    let others: Certificates;

    beforeAll(async () => {
        [certificates, others] = await Promise.all([makeCertificates(), makeCertificates()]);
    });

    afterAll(() => Promise.all([certificates.remove(), others.remove()]));

    function tlsOf({ server, caFile }: Certificates): Promise<{ cert: Buffer; key: Buffer; ca: Buffer }> {
        return Promise.all([readFile(server.certFile), readFile(server.keyFile), readFile(caFile)]).then(
            ([cert, key, ca]) => ({ cert, key, ca })
        );
    }

    test('that are replaced on disk are read again', async () => {
        const { caFile, client, garbageFile } = certificates;
        const saved = await Promise.all([caFile, client.keyFile, client.certFile].map((file) => readFile(file)));
        await gateway.stop();
        gateway = await FakeGateway.start({ ...(await tlsOf(certificates)), requestCert: true });
        await open({
            'credential.ssl_ca_file': caFile,
            'credential.ssl_key_file': client.keyFile,
            'credential.ssl_crt_file': client.certFile,
        });
        counters.increment('a');
        await push();

        await gateway.stop();
        await copyFile(others.caFile, caFile);
        await copyFile(others.client.keyFile, client.keyFile);
        // One that is not whole yet is no reason to stop
        await copyFile(garbageFile, client.certFile);
        gateway = await FakeGateway.start({ ...(await tlsOf(others)), requestCert: true }, gateway.port);
        counters.increment('a');
        counters.dump();
        await eventually(() => {
            expect(logger.lines).toHaveLength(1);
        });
        await copyFile(others.client.certFile, client.certFile);
        counters.dump();
        await counters.close('test');
        expect(gateway.requests).toMatchObject([{ body: '# TYPE a gauge\na 2\n', client: 'test-client' }]);

        await writeFile(caFile, saved[0] ?? '');
        await writeFile(client.keyFile, saved[1] ?? '');
        await writeFile(client.certFile, saved[2] ?? '');
    });

    const BROKEN = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

    test.each<[string, (pem: string) => string | Buffer]>([
        ['in DER', (pem) => Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64')],
        ['with a broken certificate between two', (pem) => pem + BROKEN + pem],
        ['with a broken certificate at the end', (pem) => pem + BROKEN],
        ['that ends within a certificate', (pem) => pem + pem.slice(0, pem.length / 2)],
        ['with a BEGIN that is misspelt', (pem) => pem + pem.replace('BEGIN', 'BEGN')],
        ['with a mark of byte order', (pem) => `\ufeff${pem}${pem}`],
        ['with a key only', () => readSync(certificates.client.keyFile)],
        ['that is empty', () => ''],
    ])('a ssl_ca_file %s is refused at open', async (_title, change) => {
        const file = certificates.garbageFile;
        await writeFile(file, change(readSync(certificates.caFile)));
        await open({ 'connection.uri': 'https://127.0.0.1:1', 'credential.ssl_ca_file': file });
        expect(logger.lines).toHaveLength(1);
        expect(logged()[0]).toMatch(/^Counters are not pushed: .*ssl_ca_file of the credential/);
    });

    test('a ssl_ca_file with several certificates and text between is taken', async () => {
        const pem = readSync(certificates.caFile);
        await writeFile(certificates.garbageFile, `# ours\n${pem}\n# others\r\n${pem.replaceAll('\n', '\r\n')}end`);
        await open({
            'connection.uri': 'https://127.0.0.1:1',
            'credential.ssl_ca_file': ` ${certificates.garbageFile}\n`,
        });
        expect(logged()).toEqual([]);
    });

    test.each<[string, (pem: string) => string]>([
        ['the PEM', (pem) => pem],
        ['the PEM on one line', (pem) => pem.replaceAll('\n', '\\n')],
        ['the base64 of the PEM', (pem) => pem.replace(/-----.*-----/g, '').trim()],
        ['the base64 of the PEM on one line', (pem) => pem.replace(/-----.*-----|\s/g, '')],
    ])('a ssl_key_file that holds %s is refused without being shown', async (_title, change) => {
        const key = change(readSync(certificates.client.keyFile));
        await open({
            'connection.uri': 'https://127.0.0.1:1',
            'credential.ssl_key_file': key,
            'credential.ssl_crt_file': certificates.client.certFile,
        });
        expect(logged()).toEqual([
            'Counters are not pushed: ssl_key_file of the credential must be the path of a file, and seems to be its content',
        ]);
    });
});

describe('a connection', () => {
    test.each<[string, (port: number) => Config]>([
        ['a host with blanks', (port) => ({ host: ' 127.0.0.1 ', port })],
        ['a port with blanks', (port) => ({ host: '127.0.0.1', port: ` ${port}\n` })],
        ['a protocol in upper case', (port) => ({ protocol: ' HTTP', host: '127.0.0.1', port })],
        ['a URI with blanks', (port) => ({ uri: ` http://127.0.0.1:${port}\n` })],
        ['a URI in upper case', (port) => ({ uri: `HTTP://127.0.0.1:${port}` })],
        ['an ip', (port) => ({ ip: '127.0.0.1', port })],
    ])('with %s is one', async (_title, connection) => {
        await open(connectionOf(connection(gateway.port)));
        counters.increment('a');
        await counters.close('test');
        expect(bodies()).toEqual(['# TYPE a gauge\na 1\n']);
        expect(logged()).toEqual([]);
    });

    const HOST =
        'The host of the connection must be a host name or an IP address. ' +
        'Its port goes into connection.port, and a whole URI into connection.uri';
    const PORT = 'The port of the connection must be an integer from 1 to 65535';
    const PROTOCOL = 'The protocol of the connection must be http or https';
    const URI = 'The URI of the connection is invalid. It must be like http://host:9091';

    test.each<[Config, string]>([
        [{ host: 'http://x', port: 9091 }, HOST],
        [{ host: 'http://u:s3cret@x', port: 9091 }, HOST],
        [{ host: 'u:s3cret@x', port: 9091 }, HOST],
        [{ host: 'x/', port: 9091 }, HOST],
        [{ host: 'x/push', port: 9091 }, HOST],
        [{ host: '127.0.0.1:9091', port: 9091 }, HOST],
        [{ host: '127.0.0.1:9091' }, HOST],
        [{ host: '[::1', port: 9091 }, HOST],
        [{ host: 'a b', port: 9091 }, HOST],
        [{ host: 'x?y', port: 9091 }, HOST],
        [{ host: '1.2.3.4.5', port: 9091 }, HOST],
        [{ host: ' ', port: 9091 }, 'Connection host is not set'],
        [{ host: 'x', port: ' ' }, 'Connection port is not set'],
        [{ host: 'x', port: -1 }, PORT],
        [{ host: 'x', port: 0 }, PORT],
        [{ host: 'x', port: 99999 }, PORT],
        [{ host: 'x', port: 'abc' }, PORT],
        [{ host: 'x', port: '80a' }, PORT],
        [{ host: 'x', port: '1.5' }, PORT],
        [{ protocol: 'ftp', host: 'x', port: 9091 }, PROTOCOL],
        [{ protocol: 'http://', host: 'x', port: 9091 }, PROTOCOL],
        [{ uri: 'http://a b:9091' }, URI],
        [{ uri: 'http://x:0' }, URI],
        [{ uri: 'http://x:-1' }, URI],
        [{ uri: 'http://x:99999' }, URI],
        [{ uri: 'x:9091' }, 'The URI of the connection must begin with http:// or https://'],
    ])('%j is one warning, and the component opens passive', async (connection, reason) => {
        await open(connectionOf(connection));
        expect(counters.isOpen()).toBe(true);
        expect(logger.lines).toMatchObject([{ level: LogLevel.Warn, message: `Counters are not pushed: ${reason}` }]);
        counters.increment('a');
        await counters.close('test');
        expect(logger.lines).toHaveLength(1);
    });

    function connectionOf(connection: Config): Config {
        const entries = Object.entries(connection).map(([key, value]) => [`connection.${key}`, value] as const);
        return { 'connection.uri': '', ...Object.fromEntries(entries) };
    }
});

describe('a secret', () => {
    const PASSWORD = 'p"a<s>s\\wörd %2';
    const USER: Config = { 'credential.username': 'u', 'credential.password': PASSWORD };
    const BASE64 = Buffer.from(`u:${PASSWORD}`).toString('base64');
    const TOKEN: Config = { 'credential.access_key': 'tok+en/1234567890=' };

    test.each<[string, Config, (authorization: string) => string]>([
        ['the header', USER, (header) => `no ${header}`],
        ['the header in lower case', USER, (header) => `no ${header.replace('Basic', 'basic')}`],
        ['the base64', USER, () => `no ${BASE64}`],
        ['the base64 without its padding', USER, () => `no ${BASE64.replace(/=+$/, '')}.`],
        ['the user and the password', USER, () => `no u:${PASSWORD}.`],
        ['the password', USER, () => `no ${PASSWORD}.`],
        ['the password in JSON', USER, () => JSON.stringify({ error: PASSWORD })],
        ['the password in a URL', USER, () => `/?p=${encodeURIComponent(PASSWORD)}`],
        ['the password in HTML', USER, () => 'no p&#34;a&lt;s&gt;s\\wörd %2.'],
        ['the password at the end of what is read', USER, () => 'x'.repeat(505) + PASSWORD + 'y'.repeat(600)],
        ['many passwords', USER, () => `${PASSWORD} `.repeat(100)],
        ['the bearer header', TOKEN, (header) => header],
        ['the token', TOKEN, () => 'no tok+en/1234567890=.'],
        ['the token at the end of what is read', TOKEN, () => 'x'.repeat(500) + 'tok+en/1234567890='],
    ])('does not get into the log when the gateway repeats %s', async (_title, credential, repeat) => {
        gateway.answer = { status: 401, body: ({ headers }) => repeat(headers.authorization ?? '') };
        await open(credential);
        counters.increment('a');
        await counters.close('test');
        expect(logger.lines).toMatchObject([{ error: { code: 'BAD_STATUS', status: 401 } }]);
        const log = everythingLogged();
        for (const trace of [
            'wörd',
            'w%C3%B6rd',
            BASE64.slice(0, 10),
            BASE64.slice(-10, -2),
            'p\\"a',
            'tok+',
            'tok%2B',
        ])
            expect(log).not.toContain(trace);
        expect(log).toContain('***');
    });

    test('does not get into the log when the gateway repeats its start and hangs', async () => {
        gateway.answer = { status: 401, body: 'no u:p"a<s>s', endless: true };
        await open({ ...USER, 'options.timeout': 100 });
        counters.increment('a');
        await counters.close('test');
        expect(logger.lines[0]?.error?.message).toMatch(/got status 401: no$/);
    });

    test('of the URI does not either', async () => {
        gateway.answer = { status: 401, body: 'wrong: s3cret' };
        await open({ 'connection.uri': gateway.uri.replace('//', '//u:s3cret@') });
        counters.increment('a');
        await counters.close('test');
        expect(everythingLogged()).not.toContain('s3cret');
        expect(logger.lines[0]?.error?.message).toMatch(/got status 401: wrong: \*\*\*$/);
    });
});

describe('without a logger', () => {
    let lines: string[];

    beforeEach(() => {
        lines = [];
        jest.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    });

    afterEach(() => jest.restoreAllMocks());

    test.each([null, new References()])(
        'what is lost at close() is one line on stderr (references: %j)',
        async (references) => {
            await gateway.stop();
            configure();
            if (references !== null) counters.setReferences(references);
            await counters.open(null);
            counters.increment('a');
            await counters.close(null);
            expect(lines).toEqual([
                'prometheus-counters: Failed to push counters, they stay unsent: ' +
                    `PUT ${gateway.uri}/metrics/job/j got no response: connect ECONNREFUSED 127.0.0.1:${gateway.port}\n`,
            ]);
        }
    );

    test('what is misconfigured is one line, too', async () => {
        configure({ 'connection.uri': 'x' });
        await counters.open(null);
        await counters.close(null);
        expect(lines).toEqual([
            'prometheus-counters: Counters are not pushed: The URI of the connection is invalid. ' +
                'It must be like http://host:9091\n',
        ]);
    });

    test('what works says nothing, nor does anything if there is a logger', async () => {
        configure();
        await counters.open(null);
        counters.increment('a');
        await counters.close(null);
        await gateway.stop();
        await open();
        counters.increment('a');
        await counters.close('test');
        expect(logger.lines).toHaveLength(1);
        expect(lines).toEqual([]);
    });
});

describe('a gateway that is never connected to', () => {
    let silent: Server;
    const sockets: Socket[] = [];

    beforeEach(async () => {
        silent = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
        await once(silent, 'listening');
    });

    afterEach(async () => {
        sockets.splice(0).forEach((socket) => socket.destroy());
        silent.close();
        await once(silent, 'close');
    });

    test('is left when close() has waited for options.timeout and a second', async () => {
        const { port } = silent.address() as { port: number };
        await open({ 'connection.uri': `https://127.0.0.1:${port}`, 'options.timeout': 200 });
        counters.increment('a');
        const connected = once(silent, 'connection');
        counters.dump();
        const [socket] = (await connected) as [Socket];
        const left = once(socket.resume(), 'close');
        await counters.close('test');
        await left;
        expect(logger.lines).toHaveLength(1);
    });
});

describe('options', () => {
    test.each(['off', 'Off', ' FALSE ', 'no', '0'])('push_enabled %j pushes nothing', async (value) => {
        await open({ push_enabled: value });
        counters.increment('a');
        await counters.close('test');
        expect(gateway.requests).toEqual([]);
    });

    test.each(['off', 'no', 'False '])('options.delete_on_close %j deletes nothing', async (value) => {
        await open({ 'options.delete_on_close': value });
        counters.increment('a');
        await counters.close('test');
        expect(gateway.requests.map(({ method }) => method)).toEqual(['PUT']);
    });

    test.each(['on', ' On', 'YES', '1'])('options.delete_on_close %j deletes', async (value) => {
        await open({ 'options.delete_on_close': value });
        await counters.close('test');
        expect(gateway.requests.map(({ method }) => method)).toEqual(['DELETE']);
    });

    test.each<[string, unknown]>([
        ['push_enabled', 'disabled'],
        ['push_enabled', 'none'],
        ['options.delete_on_close', 'ofF!'],
        ['credential.token', 's3cret'],
        ['credential.accessKey', 's3cret'],
        ['credential.Username', 's3cret'],
        ['credential.0', 's3cret'],
        ['credentials.0.access_token', 's3cret'],
    ])('%s of %j is refused, and changes nothing', (option, value) => {
        configure({ interval: 7 });
        const error = thrownBy(() => configure({ interval: 8, [option]: value }));
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code: 'WRONG_OPTION', details: { option } });
        expect(JSON.stringify([error, (error as Error).message])).not.toContain('s3cret');
        expect(counters.getInterval()).toBe(7);
    });

    test.each(['s3 cret', 's3\ncret', 's3crét'])('an access_key of %j is one warning at open()', async (key) => {
        await open({ 'credential.access_key': key });
        expect(logged()).toHaveLength(1);
        expect(logged()[0]).toMatch(/^Counters are not pushed: The access_key of the credential /);
        expect(everythingLogged()).not.toContain('s3');
    });

    test.each<[Config, string]>([
        [{ 'credential.access_key': 'k\n' }, 'Bearer k'],
        [{ 'credential.username': 'u\n', 'credential.password': 'p\r\n' }, 'Basic dTpw'],
        [{ 'credentials.gateway.username': 'u', 'credentials.gateway.password': 'p' }, 'Basic dTpw'],
    ])('%j is sent as %s', async (credential, authorization) => {
        await open(credential);
        counters.increment('a');
        await counters.close('test');
        expect(gateway.requests.map(({ headers }) => headers.authorization)).toEqual([authorization]);
    });
});

test('counters that have no samples are no reason for an error', async () => {
    await open();
    counters.get('a', CounterType.Interval);
    await counters.close('test');
    expect(bodies()).toEqual(['']);
    expect(logged()).toEqual([]);
});

function readSync(file: string): string {
    return readFileSync(file, 'utf8');
}
