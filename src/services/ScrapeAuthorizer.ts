import { createHash, timingSafeEqual } from 'node:crypto';

import { ConfigException, ConfigParams, IReferences } from 'pip-services3-commons-nodex';
import { CredentialParams, CredentialResolver } from 'pip-services3-components-nodex';

import { cutLineEnd, requireBearerToken } from '../common/secrets';

/** The parameters of a credential that ask for authentication; the others are about the endpoint's TLS. */
const AUTH_PARAMETERS = ['store_key', 'username', 'user', 'password', 'pass', 'access_key', 'client_key', 'secret_key'];

/** All parameters of a credential that the service or its endpoint reads. */
export const CREDENTIAL_PARAMETERS = [
    ...AUTH_PARAMETERS,
    'ssl_key_file',
    'ssl_crt_file',
    'ssl_ca_file',
    'internal_network',
];

/** How long, in ms, a failed look-up of the credentials stands for those that would follow. */
const RETRY_TIME = 5000;

/**
 * Finds the credentials in a configuration that requests are asked for. An empty one, as of an environment variable that
 * is not set, still asks: what was to be protected must not be open to all.
 */
export function findAuthCredentials(config: ConfigParams): CredentialParams[] {
    return CredentialParams.manyFromConfig(config).filter(requiresAuth);
}

function requiresAuth(credential: CredentialParams): boolean {
    return AUTH_PARAMETERS.some((parameter) => Object.hasOwn(credential, parameter));
}

/** What a request that is let in has in its header `Authorization`, and what others are told. */
interface Scheme {
    /** The scheme as it stands in the header `WWW-Authenticate`. */
    readonly challenge: string;
    /** Gets what the header holds that has to be secret, or undefined if the header is of another scheme. */
    readonly read: (header: string) => string | undefined;
    /** The digest of the secret that lets in. */
    readonly digest: Buffer;
}

/**
 * Lets in the requests that have the configured credentials: Basic, Bearer, or either of both.
 *
 * Schemes and headers: RFC 7617 (Basic) and RFC 6750 (Bearer).
 */
export class ScrapeAuthorizer {
    private readonly _resolver = new CredentialResolver();
    private _schemes: Promise<Scheme[]> | null = null;
    /** When the look-up failed, by performance.now(). */
    private _failedAt = Infinity;

    /**
     * @param credentials   the credentials that let in, or what is needed to look them up.
     * @param references    references to locate credential stores.
     */
    public constructor(credentials: readonly CredentialParams[], references: IReferences | null) {
        credentials.forEach((credential) => this._resolver.add(credential));
        if (references !== null) this._resolver.setReferences(references);
    }

    /**
     * Looks the credentials up, whether or not that was done before.
     *
     * @throws ConfigException if the credentials are incomplete, cannot be sent, or are not in their store.
     */
    public async load(): Promise<void> {
        this._schemes = null;
        await this.schemes();
    }

    /**
     * Checks the header `Authorization` of a request. If the credentials could not be looked up they are looked up again,
     * but not before some seconds have passed.
     *
     * @returns null if the request is let in, and else the headers `WWW-Authenticate` to answer.
     * @throws what the look-up throws, see {@link load}.
     */
    public async check(header: string | undefined): Promise<string[] | null> {
        const schemes = await this.schemes();
        if (schemes.length === 0) return null;
        const accepted = schemes.some(({ read, digest }) => {
            const secret = read(header ?? '');
            return secret !== undefined && timingSafeEqual(digestOf(secret), digest);
        });
        return accepted ? null : schemes.map(({ challenge }) => challenge);
    }

    private schemes(): Promise<Scheme[]> {
        if (this._schemes === null || performance.now() - this._failedAt >= RETRY_TIME) {
            this._failedAt = Infinity;
            this._schemes = this.lookUp();
        }
        return this._schemes;
    }

    private async lookUp(): Promise<Scheme[]> {
        try {
            return schemesOf(await this._resolver.lookup(''));
        } catch (error) {
            this._failedAt = performance.now();
            throw error;
        }
    }
}

function schemesOf(credential: CredentialParams | null): Scheme[] {
    if (credential === null) throw noCredential();
    const username = credential.getUsername() as string | null;
    const password = credential.getPassword() as string | null;
    const accessKey = credential.getAccessKey() as string | null;
    if ((username === null) !== (password === null)) {
        throw new ConfigException(
            undefined,
            'INCOMPLETE_CREDENTIAL',
            'credential.username and credential.password must be set together'
        );
    }
    const schemes: Scheme[] = [];
    if (username !== null && password !== null) {
        schemes.push({
            challenge: 'Basic realm="metrics", charset="UTF-8"',
            read: readBasic,
            digest: digestOf(`${requirePrintable(username)}:${requirePrintable(password)}`),
        });
    }
    if (accessKey !== null) {
        const digest = digestOf(requireBearerToken(accessKey));
        schemes.push({ challenge: 'Bearer realm="metrics"', read: readBearer, digest });
    }
    // What a store has may be meant for the TLS of the endpoint only, but must not be nothing at all
    const isForTls = Boolean(credential.getAsNullableString('ssl_key_file')) && !requiresAuth(credential);
    if (schemes.length === 0 && !isForTls) throw noCredential();
    return schemes;
}

function noCredential(): ConfigException {
    return new ConfigException(
        undefined,
        'NO_CREDENTIAL',
        'The credential of the metrics service has neither username and password nor access_key, or is not in its store'
    );
}

/** Checks a user name or password, which cannot have control characters (RFC 7617, 2), and cuts the line end of a file. */
function requirePrintable(secret: string): string {
    const text = cutLineEnd(secret);
    if (!/\p{Cc}/u.test(text)) return text;
    throw new ConfigException(
        undefined,
        'WRONG_CREDENTIAL',
        'The username or password of the credential has a control character, such as a line end, which no client can send'
    );
}

function readBasic(header: string): string | undefined {
    const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

function readBearer(header: string): string | undefined {
    return /^Bearer +(\S+)$/i.exec(header)?.[1];
}

/** Digests are of one length, so that comparing them takes the same time whatever the secrets are. */
function digestOf(secret: string): Buffer {
    return createHash('sha256').update(secret).digest();
}
