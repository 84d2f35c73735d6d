import { readFileSync } from 'node:fs';

import {
    ApplicationException,
    ConfigException,
    ConfigParams,
    Descriptor,
    References,
} from 'pip-services3-commons-nodex';
import { MemoryCredentialStore, MemoryDiscovery } from 'pip-services3-components-nodex';

import { PushTarget, resolvePushTarget } from '../../src/push/PushTarget';
import { Certificates, makeCertificates } from '../fixtures/certificates';

type Config = Record<string, string | number>;

const GATEWAY = { 'connection.uri': 'http://gateway:9091' };

const DEFAULTS: PushTarget = {
    uri: 'http://gateway:9091',
    authorization: null,
    tls: null,
    proxy: null,
    connectTimeout: 10000,
    timeout: 10000,
    retries: 3,
};

const REFERENCES = References.fromTuples(
    new Descriptor('pip-services', 'discovery', 'memory', 'default', '1.0'),
    new MemoryDiscovery(
        ConfigParams.fromTuples(
            'gateway.host',
            'found',
            'gateway.port',
            9091,
            'tls_gateway.uri',
            'https://found/prefix/',
            'wrong_gateway.uri',
            'ftp://found'
        )
    ),
    new Descriptor('pip-services', 'credential-store', 'memory', 'default', '1.0'),
    new MemoryCredentialStore(
        ConfigParams.fromTuples('key.username', 'stored', 'key.password', 'secret', 'other.token', 'x')
    )
);

let certificates: Certificates;

beforeAll(async () => {
    certificates = await makeCertificates();
});

afterAll(() => certificates.remove());

function resolve(config: Config, references: References | null = null): Promise<PushTarget | null> {
    return resolvePushTarget('123', ConfigParams.fromValue(config), references);
}

async function failureOf(config: Config, references: References | null = null): Promise<ApplicationException> {
    const error: unknown = await resolve(config, references).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApplicationException);
    return error as ApplicationException;
}

function basic(user: string): string {
    return 'Basic ' + Buffer.from(user, 'utf8').toString('base64');
}

describe('without a connection', () => {
    test.each<[string, Config]>([
        ['nothing', {}],
        ['other parameters', { source: 'a', 'options.timeout': 1, 'credential.username': 'u' }],
        ['an empty URI', { 'connection.uri': '' }],
        ['empty parameters', { 'connections.a.host': '', 'connections.a.port': '' }],
    ])('gives null for %s', async (_title, config) => {
        expect(await resolve(config)).toBeNull();
    });
});

describe('a connection', () => {
    test.each<[string, Config, string]>([
        ['a URI', { 'connection.uri': 'http://gateway:9091' }, 'http://gateway:9091'],
        ['a URI with slashes at the end', { 'connection.uri': 'http://gateway:9091//' }, 'http://gateway:9091'],
        ['a URI with a path', { 'connection.uri': 'https://h/push/gate way/' }, 'https://h/push/gate%20way'],
        ['a URI with a query', { 'connection.uri': 'http://h:1/a/?b=c#d' }, 'http://h:1/a'],
        ['host and port', { 'connection.host': 'h', 'connection.port': 9091 }, 'http://h:9091'],
        ['one of several', { 'connections.a.host': 'h', 'connections.a.port': 9091 }, 'http://h:9091'],
        [
            'https without a key',
            { 'connection.protocol': 'https', 'connection.host': 'h', 'connection.port': 9091 },
            'https://h:9091',
        ],
        ['a discovered host', { 'connection.discovery_key': 'gateway' }, 'http://found:9091'],
        ['a discovered URI', { 'connection.discovery_key': 'tls_gateway' }, 'https://found/prefix'],
    ])('is %s', async (_title, config, uri) => {
        expect(await resolve(config, REFERENCES)).toEqual({ ...DEFAULTS, uri });
    });

    test.each<[string, Config, string, string]>([
        ['without a host', { 'connection.port': 9091 }, 'NO_HOST', 'Connection host is not set'],
        ['without a port', { 'connection.host': 'h' }, 'NO_PORT', 'Connection port is not set'],
        [
            'of another protocol',
            { 'connection.protocol': 'ftp', 'connection.host': 'h', 'connection.port': 1 },
            'WRONG_PROTOCOL',
            'The protocol of the connection must be http or https',
        ],
        [
            'with a URI without protocol',
            { 'connection.uri': 'gateway:9091' },
            'WRONG_PROTOCOL',
            'The URI of the connection must begin with http:// or https://',
        ],
        [
            'with a URI of another protocol that is discovered',
            { 'connection.discovery_key': 'wrong_gateway' },
            'WRONG_PROTOCOL',
            'The URI of the connection must begin with http:// or https://',
        ],
        [
            'with a URI that is none',
            { 'connection.uri': 'gateway' },
            'WRONG_URI',
            'The URI of the connection is invalid. It must be like http://host:9091',
        ],
        [
            'with a URI with a wrong port',
            { 'connection.uri': 'http://h:70000' },
            'WRONG_URI',
            'The URI of the connection is invalid. It must be like http://host:9091',
        ],
        [
            'that is not discovered',
            { 'connection.discovery_key': 'unknown' },
            'NO_CONNECTION',
            'No connection is found under the configured discovery_key',
        ],
    ])('%s is refused', async (_title, config, code, message) => {
        const error = await failureOf(config, REFERENCES);
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code, message });
    });

    test('to be discovered without a discovery is refused', async () => {
        expect(await failureOf({ 'connection.discovery_key': 'gateway' }, new References())).toMatchObject({
            code: 'REF_ERROR',
        });
    });
});

describe('a credential', () => {
    const USER_INFO = { 'connection.uri': 'http://u%40d:p%3A%20%E2%82%AC@gateway:9091' };

    test.each<[string, Config, string]>([
        ['a user', { ...GATEWAY, 'credential.username': 'ü', 'credential.password': 'p:€ ' }, basic('ü:p:€ ')],
        ['a key', { ...GATEWAY, 'credential.access_key': 'ab.c-d=' }, 'Bearer ab.c-d='],
        [
            'a user rather than a key',
            { ...GATEWAY, 'credential.username': 'u', 'credential.password': 'p', 'credential.access_key': 'k' },
            basic('u:p'),
        ],
        ['a stored user', { ...GATEWAY, 'credential.store_key': 'key' }, basic('stored:secret')],
        ['the user info of a URI', USER_INFO, basic('u@d:p: €')],
        ['a user name in a URI', { 'connection.uri': 'http://u@gateway:9091' }, basic('u:')],
        [
            'a user rather than the user info',
            { ...USER_INFO, 'credential.username': 'u', 'credential.password': 'p' },
            basic('u:p'),
        ],
        ['a key rather than the user info', { ...USER_INFO, 'credential.access_key': 'k' }, 'Bearer k'],
        ['the user info beside TLS files', { ...USER_INFO, 'credential.ssl_ca_file': 'b' }, basic('u@d:p: €')],
        ['a user with line ends', { ...GATEWAY, 'credential.user': 'u\n', 'credential.pass': 'p\r\n' }, basic('u:p')],
        ['a key with a line end', { ...GATEWAY, 'credential.secret_key': 'k\n' }, 'Bearer k'],
    ])('is %s', async (_title, config, authorization) => {
        expect(await resolve(config, REFERENCES)).toEqual({ ...DEFAULTS, authorization });
    });

    test.each<[string, Config, string, string]>([
        [
            'without a password',
            { 'credential.username': 'u' },
            'NO_PASSWORD',
            'The credential has a username and no password',
        ],
        [
            'without a username',
            { 'credential.password': 'p' },
            'NO_USERNAME',
            'The credential has a password and no username',
        ],
        ...['s3\ncret', 's3 cret', 's3crét', '\n'].map<[string, Config, string, string]>((key) => [
            `with the key ${JSON.stringify(key)}`,
            { 'credential.access_key': key },
            'WRONG_ACCESS_KEY',
            'The access_key of the credential is empty or has a character that is not allowed in a bearer token: ' +
                'a blank, a line end, or one that is not ASCII',
        ]),
        [
            'with a colon in the username',
            { 'credential.username': 'u:v', 'credential.password': 'p' },
            'WRONG_USERNAME',
            'A username with a colon cannot be sent with Basic authentication',
        ],
        [
            'that is stored with nothing that is read',
            { 'credential.store_key': 'other' },
            'NO_CREDENTIAL',
            'No credential is stored under the configured store_key',
        ],
        [
            'that is not stored',
            { 'credential.store_key': 'unknown' },
            'NO_CREDENTIAL',
            'No credential is stored under the configured store_key',
        ],
        [
            'with user info that is not encoded',
            { 'connection.uri': 'http://u:100%@gateway:9091' },
            'WRONG_URI',
            'The user info in the URI of the connection is not percent-encoded',
        ],
    ])('%s is refused', async (_title, config, code, message) => {
        const error = await failureOf({ ...GATEWAY, ...config }, REFERENCES);
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code, message });
    });

    test('stays out of errors and warnings about the URI it is in', async () => {
        const warnings = jest.spyOn(process, 'emitWarning');
        for (const uri of ['http://u:secret@h:abc/', 'http://u:secret@a b', 'ftp://u:secret@h', 'u:secret@h']) {
            const error = await failureOf({ 'connection.uri': uri });
            expect(JSON.stringify([error, error.message, error.stack])).not.toContain('secret');
        }
        expect(warnings).not.toHaveBeenCalled();
        warnings.mockRestore();
    });
});

describe('TLS files', () => {
    const HTTPS = { 'connection.uri': 'https://gateway:9091' };

    test('are read', async () => {
        const { caFile, client } = certificates;
        const target = await resolve({
            ...HTTPS,
            'credential.ssl_ca_file': caFile,
            'credential.ssl_key_file': client.keyFile,
            'credential.ssl_crt_file': client.certFile,
        });
        expect(target?.tls?.options).toEqual({
            ca: readFileSync(caFile),
            key: readFileSync(client.keyFile),
            cert: readFileSync(client.certFile),
        });
    });

    test('are not read for http', async () => {
        const config = { ...GATEWAY, 'credential.ssl_ca_file': certificates.missingFile };
        expect(await resolve(config)).toEqual(DEFAULTS);
    });

    test.each<[string, () => Config, string]>([
        ['a key alone', () => ({ 'credential.ssl_key_file': certificates.client.keyFile }), 'NO_SSL_CRT_FILE'],
        ['a certificate alone', () => ({ 'credential.ssl_crt_file': certificates.client.certFile }), 'NO_SSL_KEY_FILE'],
        ['a missing file', () => ({ 'credential.ssl_ca_file': certificates.missingFile }), 'CANNOT_READ_FILE'],
        [
            'a key that is none',
            () => ({
                'credential.ssl_key_file': certificates.garbageFile,
                'credential.ssl_crt_file': certificates.client.certFile,
            }),
            'WRONG_SSL_FILE',
        ],
        [
            'a key of another certificate',
            () => ({
                'credential.ssl_key_file': certificates.server.keyFile,
                'credential.ssl_crt_file': certificates.client.certFile,
            }),
            'WRONG_SSL_FILE',
        ],
        ['a CA that is none', () => ({ 'credential.ssl_ca_file': certificates.garbageFile }), 'WRONG_SSL_FILE'],
    ])('are refused: %s', async (_title, config, code) => {
        const error = await failureOf({ ...HTTPS, ...config() });
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({ code });
    });

    test('are named when they cannot be read', async () => {
        const { missingFile } = certificates;
        const error = await failureOf({ ...HTTPS, 'credential.ssl_ca_file': missingFile });
        expect(error.message).toBe(
            `The file ${missingFile}, which is ssl_ca_file of the credential, cannot be read: ` +
                `ENOENT: no such file or directory, open '${missingFile}'`
        );
    });
});

describe('options', () => {
    test.each<[string, Config, Partial<PushTarget>]>([
        [
            'as configured',
            { 'options.retries': 0, 'options.connect_timeout': 1, 'options.timeout': '2' },
            { retries: 0, connectTimeout: 1, timeout: 2 },
        ],
        ['by default where they are no numbers', { 'options.retries': 'x', 'options.timeout': 'x' }, {}],
        ['by default where a limit is 0', { 'options.connect_timeout': 0, 'options.timeout': 0 }, {}],
        ['by default where a limit is negative', { 'options.connect_timeout': -1, 'options.timeout': -1 }, {}],
        ['no longer than timers take', { 'options.timeout': 1e12 }, { timeout: 2147483647 }],
    ])('are taken %s', async (_title, config, expected) => {
        expect(await resolve({ ...GATEWAY, ...config })).toEqual({ ...DEFAULTS, ...expected });
    });
});

test.each(['connection', 'connections'])('a URI as %s itself is refused, and not shown', async (key) => {
    const error: unknown = await resolve({ [key]: 'http://user:s3cret@gateway:9091' }).catch(
        (reason: unknown) => reason
    );
    expect(error).toBeInstanceOf(ConfigException);
    expect(error).toMatchObject({
        code: 'WRONG_CONNECTION',
        message: `Option ${key} must have parameters. A URI goes into connection.uri`,
    });
});

test.each([[''], [' ']])('a connection of %j is none', async (connection) => {
    await expect(resolve({ connection })).resolves.toBeNull();
});
