import { isIPv6 } from 'node:net';

import { ConnectionParams } from 'pip-services3-components-nodex';

import { getText } from '../common/options';
import { misconfigured } from './failures';

/** What no name of a host has, but a URI or a host with its port. */
const NO_HOST_NAME = /[\s/\\:@?#[\]]/;

const LARGEST_PORT = 65535;

/** Whether a connection has any parameter. */
export function hasParameters(connection: ConnectionParams): boolean {
    return Object.keys(connection).some((key) => textOf(connection, key) !== '');
}

/**
 * Gets the URL of a gateway from a connection that is not to be discovered: its `uri`, or else its `protocol`, `host`
 * and `port`.
 *
 * @throws ConfigException if it is not a URL. No message has a part of it, as it may contain a password.
 */
export function gatewayUrl(connection: ConnectionParams): URL {
    const uri = textOf(connection, 'uri');
    return uri === '' ? compose(connection) : parse(uri);
}

function compose(connection: ConnectionParams): URL {
    const protocol = textOf(connection, 'protocol').toLowerCase() || 'http';
    if (protocol !== 'http' && protocol !== 'https') {
        throw misconfigured('WRONG_PROTOCOL', 'The protocol of the connection must be http or https');
    }
    const host = requireHost(textOf(connection, 'host') || textOf(connection, 'ip'));
    return parse(`${protocol}://${host}:${requirePort(textOf(connection, 'port'))}`);
}

function requireHost(text: string): string {
    if (text === '') throw misconfigured('NO_HOST', 'Connection host is not set');
    if (isIPv6(text)) return `[${text}]`;
    if (/^\[.+\]$/.test(text) && isIPv6(text.slice(1, -1))) return text;
    if (!NO_HOST_NAME.test(text) && URL.canParse(`http://${text}`)) return text;
    throw misconfigured(
        'WRONG_HOST',
        'The host of the connection must be a host name or an IP address. ' +
            'Its port goes into connection.port, and a whole URI into connection.uri'
    );
}

function requirePort(text: string): number {
    if (text === '') throw misconfigured('NO_PORT', 'Connection port is not set');
    const port = /^\d+$/.test(text) ? Number(text) : 0;
    if (port >= 1 && port <= LARGEST_PORT) return port;
    throw misconfigured('WRONG_PORT', `The port of the connection must be an integer from 1 to ${LARGEST_PORT}`);
}

function parse(uri: string): URL {
    if (!URL.canParse(uri) || new URL(uri).port === '0') {
        throw misconfigured('WRONG_URI', 'The URI of the connection is invalid. It must be like http://host:9091');
    }
    const url = new URL(uri);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw misconfigured('WRONG_PROTOCOL', 'The URI of the connection must begin with http:// or https://');
    }
    if (!isEncoded(url.username) || !isEncoded(url.password)) {
        throw misconfigured('WRONG_URI', 'The user info in the URI of the connection is not percent-encoded');
    }
    return url;
}

function isEncoded(text: string): boolean {
    try {
        decodeURIComponent(text);
        return true;
    } catch {
        return false;
    }
}

function textOf(connection: ConnectionParams, key: string): string {
    return getText(connection, key)?.trim() ?? '';
}
