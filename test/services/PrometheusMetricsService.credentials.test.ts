import { Descriptor } from 'pip-services3-commons-nodex';
import { CredentialParams, LogLevel, MemoryCredentialStore } from 'pip-services3-components-nodex';

import { httpRequest, HttpResponse } from '../fixtures/httpRequest';
import { Config, MetricsServer } from '../fixtures/MetricsServer';

const BASIC_CHALLENGE = 'Basic realm="metrics", charset="UTF-8"';
const BEARER_CHALLENGE = 'Bearer realm="metrics"';
const TEXT = '# TYPE orders gauge\norders 3\n';
const ROUTES = ['/metrics', '/metricsandreset'];

function basic(userPass: string): string {
    return `Basic ${Buffer.from(userPass).toString('base64')}`;
}

/** Starts a service with a counter. */
async function start(credential: Config, references: readonly unknown[] = []): Promise<MetricsServer> {
    const server = await MetricsServer.start({ config: { source: '', instance: '', ...credential }, references });
    server.counters.increment('orders', 3);
    return server;
}

/** Sends one request with a header `Authorization`, or with none. */
function ask(server: MetricsServer, route: string, authorization?: string, method = 'GET'): Promise<HttpResponse> {
    return httpRequest(server.url + route, authorization === undefined ? {} : { authorization }, method);
}

/** Sends requests to both routes, and checks that they get nothing but a challenge, and that nothing is cleared. */
async function expectRefused(server: MetricsServer, authorization: string | undefined, challenge: string) {
    for (const route of ROUTES) {
        for (const method of ['GET', 'HEAD']) {
            const { status, headers, body } = await ask(server, route, authorization, method);
            expect({ status, challenge: headers['www-authenticate'], body: body.toString() }).toEqual({
                status: 401,
                challenge,
                body: '',
            });
            expect(JSON.stringify(headers)).not.toContain('metrics=');
            expect(headers).not.toHaveProperty('content-type');
        }
    }
    expect(server.counters.getAll().map(({ name, count }) => [name, count])).toEqual([['orders', 3]]);
}

/** Sends requests to both routes, and checks that they get the metrics. */
async function expectLetIn(server: MetricsServer, authorization: string | undefined) {
    for (const route of ROUTES) {
        const { status, headers, body } = await ask(server, route, authorization);
        expect({ status, body: body.toString() }).toEqual({ status: 200, body: TEXT });
        expect(headers).not.toHaveProperty('www-authenticate');
    }
    server.counters.increment('orders', 3);
}

type Row = readonly [what: string, credential: Config, accepted: readonly string[], challenge: string];

describe.each<Row>([
    [
        'Basic',
        { 'credential.username': 'prom', 'credential.password': 'geheim' },
        [basic('prom:geheim'), basic('prom:geheim').replace('Basic', 'basic'), basic('prom:geheim').replace(' ', '  ')],
        BASIC_CHALLENGE,
    ],
    [
        'Basic, by the short names',
        { 'credential.user': 'prom', 'credential.pass': 'geheim' },
        [basic('prom:geheim')],
        BASIC_CHALLENGE,
    ],
    [
        'Basic, with a colon in the password',
        { 'credential.username': 'prom', 'credential.password': ':ge:heim:' },
        [basic('prom::ge:heim:')],
        BASIC_CHALLENGE,
    ],
    [
        'Basic, in UTF-8',
        { 'credential.username': 'J\u00fcrgen', 'credential.password': '\u{1f511}\u00df\u82b1' },
        [basic('J\u00fcrgen:\u{1f511}\u00df\u82b1')],
        BASIC_CHALLENGE,
    ],
    [
        'Bearer',
        { 'credential.access_key': 't0k.en-_~+/==' },
        ['Bearer t0k.en-_~+/==', 'bearer t0k.en-_~+/=='],
        BEARER_CHALLENGE,
    ],
    [
        'Bearer, from a file with a line end',
        { 'credential.access_key': 'token\r\n' },
        ['Bearer token'],
        BEARER_CHALLENGE,
    ],
    [
        'Basic, from files with a line end',
        { 'credential.username': 'prom\n', 'credential.password': 'geheim\n' },
        [basic('prom:geheim')],
        BASIC_CHALLENGE,
    ],
    ['Bearer, by the other name', { 'credential.client_key': 'token' }, ['Bearer token'], BEARER_CHALLENGE],
    ['Bearer, by the third name', { 'credential.secret_key': 'token' }, ['Bearer token'], BEARER_CHALLENGE],
    [
        'both',
        { 'credential.username': 'prom', 'credential.password': 'geheim', 'credential.access_key': 'token' },
        [basic('prom:geheim'), 'Bearer token'],
        `${BASIC_CHALLENGE}, ${BEARER_CHALLENGE}`,
    ],
    [
        'in a list of credentials',
        { 'credentials.one.username': 'prom', 'credentials.one.password': 'geheim' },
        [basic('prom:geheim')],
        BASIC_CHALLENGE,
    ],
])('%s', (_what, credential, accepted, challenge) => {
    let server: MetricsServer;

    beforeAll(async () => {
        server = await start(credential);
    });

    afterAll(() => server.close());

    test.each(accepted)('lets in with %s', async (authorization) => {
        await expectLetIn(server, authorization);
    });

    test.each([
        undefined,
        '',
        'Basic',
        'Basic ',
        'Bearer',
        'Bearer ',
        'Basic !!!!',
        'Basic cHJvbQ==',
        basic(''),
        basic(':'),
        basic('prom'),
        basic('prom:'),
        basic(':geheim'),
        basic('prom:wrong'),
        basic('prom:geheim '),
        basic('prom:geheim\0'),
        basic('Prom:geheim'),
        basic('wrong:geheim'),
        basic('undefined:undefined'),
        basic('null:null'),
        'prom:geheim',
        'Basic prom:geheim',
        'Bearer undefined',
        'Bearer null',
        'Bearer wrong',
        'Bearer token2',
        'Bearer token token',
        'Bearertoken',
        'Digest username="prom"',
        `Basic ${'A'.repeat(12_000)}`,
        `Bearer ${'a'.repeat(12_000)}`,
        `Basic ${' '.repeat(12_000)}`,
    ])('refuses %j', async (authorization) => {
        await expectRefused(server, authorization, challenge);
    });
});

test('Basic in Latin-1 is refused, as the challenge asks for UTF-8', async () => {
    const server = await start({ 'credential.username': 'prom', 'credential.password': '\u00fc' });
    try {
        await expectRefused(
            server,
            `Basic ${Buffer.from('prom:\u00fc', 'latin1').toString('base64')}`,
            BASIC_CHALLENGE
        );
    } finally {
        await server.close();
    }
});

test('a header larger than the server takes never reaches the metrics', async () => {
    const server = await start({ 'credential.access_key': 'token' });
    try {
        // The server answers and closes while the client is still sending, which may then see no more than that
        const seen = await ask(server, '/metricsandreset', `Bearer ${'a'.repeat(100_000)}`).then(
            ({ status, body }) => `${status} ${body.toString()}`,
            (error: unknown) => (error as NodeJS.ErrnoException).code
        );
        expect(seen).toMatch(/^(431 |ECONNRESET$|EPIPE$)/);
        expect(seen).not.toContain('orders');
        expect(server.counters.getAll()).toHaveLength(1);
    } finally {
        await server.close();
    }
});

test('a refusal is one debug line without a secret', async () => {
    const server = await start({
        'credential.username': 'prom',
        'credential.password': 'geheim',
        'credential.access_key': 'token',
    });
    try {
        server.logger.lines.length = 0;
        await ask(server, '/metrics', basic('prom:almost-geheim'));
        await ask(server, '/metricsandreset', 'Bearer almost-token');

        expect(server.logger.lines.map(({ level }) => level)).toEqual([LogLevel.Debug, LogLevel.Debug]);
        const [first, second] = server.logger.lines.map(({ message }) => message);
        expect(first).toContain('/metrics');
        expect(second).toContain('/metricsandreset');
        const log = JSON.stringify(server.logger.lines);
        for (const secret of ['geheim', 'token', basic('prom:almost-geheim').slice(6)]) {
            expect(log).not.toContain(secret);
        }
    } finally {
        await server.close();
    }
});

test('the secrets are not logged when the service opens, answers and closes', async () => {
    const server = await start({
        'credential.username': 'prom',
        'credential.password': 'geheim',
        'credential.access_key': 'token',
    });
    await ask(server, '/metrics', 'Bearer token');
    await server.close();

    expect(JSON.stringify(server.logger.lines)).not.toMatch(/geheim|token/);
});

describe('no credentials for requests', () => {
    test.each<readonly [what: string, credential: Config]>([
        ['none', {}],
        ['only the files of TLS', { 'credential.ssl_key_file': 'key.pem', 'credential.ssl_crt_file': 'crt.pem' }],
    ])('%s: everybody is let in', async (_what, credential) => {
        const server = await start(credential);
        try {
            await expectLetIn(server, undefined);
            await expectLetIn(server, basic('prom:geheim'));
        } finally {
            await server.close();
        }
    });
});

test.each<readonly [what: string, credential: Config]>([
    ['beside a token', { 'credential.ssl_key_file': 'key.pem', 'credential.access_key': 'token' }],
    ['ahead of a token', { 'credentials.1.ssl_key_file': 'key.pem', 'credentials.2.access_key': 'token' }],
])('TLS files %s do not stand in its way', async (_what, credential) => {
    const server = await start(credential);
    try {
        await expectRefused(server, undefined, BEARER_CHALLENGE);
        await expectLetIn(server, 'Bearer token');
    } finally {
        await server.close();
    }
});

describe('a credential store', () => {
    test('gives the credentials of a key', async () => {
        const store = new MemoryCredentialStore();
        await store.store('test', 'scraper', CredentialParams.fromTuples('username', 'prom', 'password', 'geheim'));
        const descriptor = new Descriptor('test', 'credential-store', 'memory', 'default', '1.0');
        const server = await start({ 'credential.store_key': 'scraper' }, [descriptor, store]);
        try {
            await expectRefused(server, undefined, BASIC_CHALLENGE);
            await expectRefused(server, basic('prom:scraper'), BASIC_CHALLENGE);
            await expectLetIn(server, basic('prom:geheim'));
        } finally {
            await server.close();
        }
    });

    test('may have only the files of TLS: everybody is let in', async () => {
        const store = new MemoryCredentialStore();
        await store.store('test', 'tls', CredentialParams.fromTuples('ssl_key_file', 'key.pem', 'ssl_crt_file', 'crt'));
        const descriptor = new Descriptor('test', 'credential-store', 'memory', 'default', '1.0');
        const server = await start({ 'credential.store_key': 'tls' }, [descriptor, store]);
        try {
            await expectLetIn(server, undefined);
        } finally {
            await server.close();
        }
    });
});
