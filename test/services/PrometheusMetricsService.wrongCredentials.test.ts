import { ConfigException, ConfigParams, Descriptor } from 'pip-services3-commons-nodex';
import { CredentialParams, ICredentialStore, MemoryCredentialStore } from 'pip-services3-components-nodex';

import { PrometheusMetricsService } from '../../src/services';
import { freePort } from '../fixtures/freePort';
import { httpRequest, HttpResponse } from '../fixtures/httpRequest';
import { Config, MetricsServer } from '../fixtures/MetricsServer';

const STORE = new Descriptor('test', 'credential-store', 'memory', 'default', '1.0');

async function storeWith(...tuples: unknown[]): Promise<MemoryCredentialStore> {
    const store = new MemoryCredentialStore();
    await store.store('test', 'scraper', CredentialParams.fromTuples(...tuples));
    return store;
}

const WITH_STORE = { 'credential.store_key': 'scraper' };

type Row = readonly [what: string, credential: Config, store: () => Promise<ICredentialStore | null>, code: string];

const noStore = () => Promise.resolve(null);

describe.each<Row>([
    ['a user name without a password', { 'credential.username': 'prom' }, noStore, 'INCOMPLETE_CREDENTIAL'],
    ['a password without a user name', { 'credential.password': 'geheim' }, noStore, 'INCOMPLETE_CREDENTIAL'],
    [
        'a user name with an empty password',
        { 'credential.username': 'prom', 'credential.password': '' },
        noStore,
        'INCOMPLETE_CREDENTIAL',
    ],
    [
        'a password with an empty user name',
        { 'credential.username': '', 'credential.password': 'geheim' },
        noStore,
        'INCOMPLETE_CREDENTIAL',
    ],
    [
        'a user name without a password beside a token',
        { 'credential.username': 'prom', 'credential.access_key': 'token' },
        noStore,
        'INCOMPLETE_CREDENTIAL',
    ],
    [
        'a key that its store does not have',
        WITH_STORE,
        () => Promise.resolve(new MemoryCredentialStore()),
        'NO_CREDENTIAL',
    ],
    ['a key with half of a credential', WITH_STORE, () => storeWith('username', 'prom'), 'INCOMPLETE_CREDENTIAL'],
    ['a key with an empty credential', WITH_STORE, () => storeWith(), 'NO_CREDENTIAL'],
    ['a key with what no request can send', WITH_STORE, () => storeWith('access_id', 'prom'), 'NO_CREDENTIAL'],
    [
        'a key with the files of TLS and an empty token',
        WITH_STORE,
        () => storeWith('ssl_key_file', 'key.pem', 'access_key', ''),
        'NO_CREDENTIAL',
    ],
    ['an empty token', { 'credential.access_key': '' }, noStore, 'NO_CREDENTIAL'],
    ['an empty token by its third name', { 'credential.secret_key': '' }, noStore, 'NO_CREDENTIAL'],
    [
        'an empty user name and password',
        { 'credential.username': '', 'credential.password': '' },
        noStore,
        'NO_CREDENTIAL',
    ],
    [
        'an empty user name and password by their short names',
        { 'credential.user': '', 'credential.pass': '' },
        noStore,
        'NO_CREDENTIAL',
    ],
    [
        'an empty password by its short name',
        { 'credential.user': 'prom', 'credential.pass': '' },
        noStore,
        'INCOMPLETE_CREDENTIAL',
    ],
    ['a token with a blank', { 'credential.access_key': 'ge heim' }, noStore, 'WRONG_ACCESS_KEY'],
    ['a token with a blank at its end', { 'credential.access_key': 'geheim ' }, noStore, 'WRONG_ACCESS_KEY'],
    ['a token with a line end within', { 'credential.access_key': 'ge\nheim' }, noStore, 'WRONG_ACCESS_KEY'],
    ['a token that is not ASCII', { 'credential.client_key': 'geheim\u00e4' }, noStore, 'WRONG_ACCESS_KEY'],
    [
        'a key with a token that is not ASCII',
        WITH_STORE,
        () => storeWith('access_key', '\u{1f511}'),
        'WRONG_ACCESS_KEY',
    ],
    [
        'a password with a line end within',
        { 'credential.username': 'prom', 'credential.password': 'ge\nheim' },
        noStore,
        'WRONG_CREDENTIAL',
    ],
    [
        'a user name with a tab',
        { 'credential.username': 'p\trom', 'credential.password': 'geheim' },
        noStore,
        'WRONG_CREDENTIAL',
    ],
    [
        'an empty key of a store',
        { 'credential.store_key': '' },
        () => storeWith('access_key', 'token'),
        'NO_CREDENTIAL',
    ],
])('%s', (_what, credential, makeStore, code) => {
    let server: MetricsServer;

    beforeEach(async () => {
        const store = await makeStore();
        server = await MetricsServer.wire({ config: credential, references: store === null ? [] : [STORE, store] });
        server.counters.increment('orders', 3);
    });

    afterEach(() => server.close());

    test('does not open', async () => {
        const error: unknown = await server.service.open('test').catch((reason: unknown) => reason);

        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code });
        expect((error as Error).message).not.toMatch(/\bp.?rom\b|ge.?heim|(?<!bearer )token/s);
        expect(server.service.isOpen()).toBeFalsy();
    });

    test('requests never see metrics, and clear nothing', async () => {
        await server.service.open('test').catch(() => undefined);
        for (const route of ['/metrics', '/metricsandreset']) {
            for (const authorization of [
                undefined,
                'Basic Og==',
                'Basic cHJvbTo=',
                'Basic cHJvbTpudWxs',
                'Bearer null',
            ]) {
                const headers = authorization === undefined ? {} : { authorization };
                const { status, body } = await httpRequest(server.url + route, headers);
                expect([status, body.toString().includes('orders')]).toEqual([500, false]);
            }
        }
        expect(server.counters.getAll()).toHaveLength(1);
        expect(JSON.stringify(server.logger.lines)).not.toMatch(/geheim|token/);
    });
});

test('a key without any store does not open', async () => {
    const server = await MetricsServer.wire({ config: WITH_STORE });
    server.counters.increment('orders', 3);
    try {
        await expect(server.service.open('test')).rejects.toMatchObject({ code: 'REF_ERROR' });
        const { status, body } = await httpRequest(`${server.url}/metrics`);
        expect([status, body.toString().includes('orders')]).toEqual([500, false]);
    } finally {
        await server.close();
    }
});

test('opens once the credentials are in their store', async () => {
    const store = new MemoryCredentialStore();
    const server = await MetricsServer.wire({ config: WITH_STORE, references: [STORE, store] });
    try {
        await expect(server.service.open('test')).rejects.toMatchObject({ code: 'NO_CREDENTIAL' });
        await store.store('test', 'scraper', CredentialParams.fromTuples('access_key', 'token'));
        await server.service.open('test');

        const { status } = await httpRequest(`${server.url}/metrics`, { authorization: 'Bearer token' });
        expect(status).toBe(200);
    } finally {
        await server.close();
    }
});

describe('a store that fails once the service is open', () => {
    class FailingStore extends MemoryCredentialStore {
        public lookups = 0;
        public isBroken = false;

        public override async lookup(correlationId: string, key: string): Promise<CredentialParams> {
            this.lookups++;
            if (this.isBroken) throw new Error('cannot connect with password=geheim');
            return super.lookup(correlationId, key);
        }
    }

    let store: FailingStore;
    let server: MetricsServer;

    beforeEach(async () => {
        store = new FailingStore();
        await store.store('test', 'scraper', CredentialParams.fromTuples('access_key', 'token'));
        server = await MetricsServer.start({ config: WITH_STORE, references: [STORE, store] });
        store.isBroken = true;
        store.lookups = 0;
        server.service.configure(ConfigParams.fromTuples('credential.store_key', 'scraper'));
    });

    afterEach(async () => {
        jest.restoreAllMocks();
        await server.close();
    });

    function scrape(): Promise<HttpResponse> {
        return httpRequest(`${server.url}/metrics`, { authorization: 'Bearer token' });
    }

    test('tells those who ask nothing of the reason, which the log has', async () => {
        const { status, body } = await scrape();
        expect([status, body.toString()]).toEqual([500, 'The scrape failed, see the log\n']);
        expect(server.logger.lines.at(-1)?.error?.message).toContain('cannot connect');
    });

    test('is asked again only after some seconds, and then lets in', async () => {
        for (let request = 0; request < 5; request++) expect((await scrape()).status).toBe(500);
        expect(store.lookups).toBe(1);
        store.isBroken = false;
        expect((await scrape()).status).toBe(500);
        const now = performance.now();
        jest.spyOn(performance, 'now').mockImplementation(() => now + 6000);
        expect((await scrape()).status).toBe(200);
        expect((await scrape()).status).toBe(200);
        expect(store.lookups).toBe(2);
    });
});

test('credentials count also when they are configured after the references are set', async () => {
    const server = await MetricsServer.wire();
    try {
        server.counters.increment('orders', 3);
        server.service.configure(ConfigParams.fromTuples('credential.access_key', 'token'));
        // The endpoint takes up routes when it opens
        await server.endpoint.close('test');
        await server.endpoint.open('test');
        await server.service.open('test');

        expect((await httpRequest(`${server.url}/metrics`)).status).toBe(401);
    } finally {
        await server.close();
    }
});

test('credentials count also when they are configured while the service is open', async () => {
    const server = await MetricsServer.start();
    try {
        server.service.configure(ConfigParams.fromTuples('credential.access_key', 'token'));
        server.service.setReferences(server.references);

        expect((await httpRequest(`${server.url}/metrics`)).status).toBe(401);
        expect((await httpRequest(`${server.url}/metrics`, { authorization: 'Bearer token' })).status).toBe(200);
    } finally {
        await server.close();
    }
});

test('credentials count also when no references are set', async () => {
    const service = new PrometheusMetricsService();
    const port = await freePort();
    service.configure(ConfigParams.fromTuples('credential.access_key', 'token', 'connection.port', port));
    await service.open('test');
    try {
        expect((await httpRequest(`http://127.0.0.1:${port}/metrics`)).status).toBe(401);
    } finally {
        await service.close('test');
    }
});
