import { ConfigException } from 'pip-services3-commons-nodex';

/** Cuts the line ends at the end of a secret, which one that was read from a file often has. */
export function cutLineEnd(secret: string): string {
    return secret.replace(/[\r\n]+$/, '');
}

/**
 * Checks that an access key can be sent as a bearer token, and cuts the line ends at its end.
 *
 * @throws ConfigException with the code WRONG_ACCESS_KEY. It does not have the key.
 */
export function requireBearerToken(accessKey: string): string {
    const token = cutLineEnd(accessKey);
    // The characters of a header without blanks. RFC 6750 allows fewer, but gateways are known to take them
    if (/^[\x21-\x7e]+$/.test(token)) return token;
    throw new ConfigException(
        undefined,
        'WRONG_ACCESS_KEY',
        'The access_key of the credential is empty or has a character that is not allowed in a bearer token: ' +
            'a blank, a line end, or one that is not ASCII'
    );
}
