import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

import { ConfigParams, IReferences } from 'pip-services3-commons-nodex';
import { CredentialParams, CredentialResolver } from 'pip-services3-components-nodex';

import { misconfigured } from './failures';

/** The contents of the files that a credential names, as TLS takes them. */
interface TlsFiles {
    ca?: Buffer;
    key?: Buffer;
    cert?: Buffer;
}

/** The parameters that name files. */
const TLS_PARAMETERS: Readonly<Record<string, keyof TlsFiles>> = {
    ssl_ca_file: 'ca',
    ssl_key_file: 'key',
    ssl_crt_file: 'cert',
};

/**
 * Looks up the configured credential.
 *
 * @returns null if none is configured.
 */
export async function lookUpCredential(
    correlationId: string,
    config: ConfigParams,
    references: IReferences | null
): Promise<CredentialParams | null> {
    const resolver = new CredentialResolver(config);
    if (references !== null) resolver.setReferences(references);
    // The toolkit's typings do not tell that there may be none
    const credential = (await resolver.lookup(correlationId)) as CredentialParams | null;
    if (credential === null && resolver.getAll().length > 0) {
        throw misconfigured('NO_CREDENTIAL', 'No credential is stored under the configured store_key');
    }
    return credential;
}

/**
 * Writes the header `Authorization` out of a credential, or else out of the user info of a URL.
 *
 * @returns null if there is neither.
 */
export function authorizationOf(credential: CredentialParams | null, url: URL): string | null {
    const username = credential?.getUsername();
    const password = credential?.getPassword();
    const key = credential?.getAccessKey();
    if (username && !password) {
        throw misconfigured('NO_PASSWORD', 'The credential has a username and no password');
    }
    if (password && !username) {
        throw misconfigured('NO_USERNAME', 'The credential has a password and no username');
    }
    if (username && password) return basic(username, password);
    if (key) return bearer(key);
    if (url.username === '' && url.password === '') return null;
    return basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
}

/** Reads the certificates that a credential names. */
export async function readTlsFiles(credential: CredentialParams | null): Promise<TlsFiles> {
    const options: TlsFiles = {};
    for (const [parameter, option] of Object.entries(TLS_PARAMETERS)) {
        const path = credential?.getAsNullableString(parameter);
        if (path) options[option] = await read(parameter, path);
    }
    if (options.key !== undefined && options.cert === undefined) {
        throw misconfigured('NO_SSL_CRT_FILE', 'The credential has ssl_key_file and no ssl_crt_file');
    }
    if (options.cert !== undefined && options.key === undefined) {
        throw misconfigured('NO_SSL_KEY_FILE', 'The credential has ssl_crt_file and no ssl_key_file');
    }
    try {
        createSecureContext(options);
        // Of a file without a certificate the context would just make an empty list
        if (options.ca !== undefined) new X509Certificate(options.ca);
    } catch (error) {
        throw misconfigured(
            'WRONG_SSL_FILE',
            'The certificates or the key of the credential are invalid',
            error as Error
        );
    }
    return options;
}

async function read(parameter: string, path: string): Promise<Buffer> {
    try {
        return await readFile(path);
    } catch (error) {
        throw misconfigured(
            'CANNOT_READ_FILE',
            `The file ${path}, which is ${parameter} of the credential, cannot be read`,
            error as Error
        );
    }
}

function basic(username: string, password: string): string {
    return 'Basic ' + Buffer.from(`${username}:${password}`).toString('base64');
}

function bearer(key: string): string {
    if (!/^[\x21-\x7e]+$/.test(key)) {
        throw misconfigured(
            'WRONG_ACCESS_KEY',
            'The access_key of the credential has a character that is not allowed in a bearer token, such as a line end'
        );
    }
    return `Bearer ${key}`;
}
