import { ConfigParams, IReferences } from 'pip-services3-commons-nodex';
import { CredentialParams, CredentialResolver } from 'pip-services3-components-nodex';

import { cutLineEnd, requireBearerToken } from '../common/secrets';
import { misconfigured } from './failures';

/** The parameters of a credential that are read. */
export const CREDENTIAL_PARAMETERS: readonly string[] = [
    'store_key',
    'username',
    'user',
    'password',
    'pass',
    'access_key',
    'client_key',
    'secret_key',
    'ssl_ca_file',
    'ssl_key_file',
    'ssl_crt_file',
    // Without it 1.0.1 takes no https connection
    'internal_network',
];

/**
 * Looks up the configured credential.
 *
 * @returns null if none is configured.
 * @throws ConfigException if what is stored has nothing that is read.
 */
export async function lookUpCredential(
    correlationId: string,
    config: ConfigParams,
    references: IReferences | null
): Promise<CredentialParams | null> {
    const resolver = new CredentialResolver(config);
    if (references !== null) resolver.setReferences(references);
    if (resolver.getAll().length === 0) return null;
    // The toolkit's typings do not tell that there may be none
    const credential = (await resolver.lookup(correlationId)) as CredentialParams | null;
    if (credential === null || !CREDENTIAL_PARAMETERS.some((parameter) => Object.hasOwn(credential, parameter))) {
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
    const username = cutLineEnd(credential?.getUsername() ?? '');
    const password = cutLineEnd(credential?.getPassword() ?? '');
    const key = credential?.getAccessKey() ?? '';
    if (username !== '' && password === '') {
        throw misconfigured('NO_PASSWORD', 'The credential has a username and no password');
    }
    if (password !== '' && username === '') {
        throw misconfigured('NO_USERNAME', 'The credential has a password and no username');
    }
    if (username !== '') return basic(username, password);
    if (key !== '') return `Bearer ${requireBearerToken(key)}`;
    return basicOfUserInfo(url);
}

/** Writes the header for the user info of a URL, or null if it has none. */
export function basicOfUserInfo({ username, password }: URL): string | null {
    if (username === '' && password === '') return null;
    return basic(decodeURIComponent(username), decodeURIComponent(password));
}

/** Rules: RFC 7617. */
function basic(username: string, password: string): string {
    if (username.includes(':')) {
        throw misconfigured('WRONG_USERNAME', 'A username with a colon cannot be sent with Basic authentication');
    }
    return 'Basic ' + Buffer.from(`${username}:${password}`).toString('base64');
}
