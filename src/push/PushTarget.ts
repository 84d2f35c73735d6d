import { ConfigParams, IReferences } from 'pip-services3-commons-nodex';
import { ConnectionParams } from 'pip-services3-components-nodex';
// By its deep path, as the package's index loads restify
import { HttpConnectionResolver } from 'pip-services3-rpc-nodex/obj/src/connect/HttpConnectionResolver';

import { authorizationOf, lookUpCredential, readTlsFiles } from './credentials';
import { misconfigured } from './failures';
import { GatewayConnection } from './PushgatewayClient';
import { MAX_DELAY } from './timers';

/** The time limits, in ms, if none are configured. */
const DEFAULT_TIMEOUT = 10000;

/** Where measurements are pushed to, and how. */
export interface PushTarget extends GatewayConnection {
    /** How many times a request is repeated after a failure that may pass. */
    readonly retries: number;
}

/**
 * Finds out from a configuration where to push to.
 *
 * @returns null if no connection is configured.
 * @throws an exception with a code and a reason if what is configured cannot be used.
 */
export async function resolvePushTarget(
    correlationId: string,
    config: ConfigParams,
    references: IReferences | null
): Promise<PushTarget | null> {
    const connections = ConnectionParams.manyFromConfig(config);
    if (!connections.some((connection) => Object.values(connection).some((value) => value != null && value !== ''))) {
        return null;
    }
    // The resolver warns with the whole URI, password included, of one that is invalid. So it must not get to see such a one
    connections.forEach((connection) => parse(connection.getAsNullableString('uri')));

    const url = parse(await resolveUri(correlationId, config, references));
    if (url === null) throw misconfigured('NO_CONNECTION', 'The connection has no address');
    const credential = await lookUpCredential(correlationId, config, references);
    return {
        uri: url.origin + url.pathname.replace(/\/+$/, ''),
        authorization: authorizationOf(credential, url),
        tls: url.protocol === 'https:' ? await readTlsFiles(credential) : {},
        connectTimeout: timeout(config, 'options.connect_timeout'),
        timeout: timeout(config, 'options.timeout'),
        retries: config.getAsIntegerWithDefault('options.retries', 3),
    };
}

async function resolveUri(
    correlationId: string,
    config: ConfigParams,
    references: IReferences | null
): Promise<string | null> {
    // Its resolver of connections wants a client key for https unless the network is internal. Here a key is optional
    const connectionConfig = ConfigParams.fromTuples('credential.internal_network', true);
    connectionConfig.addSection('connection', config.getSection('connection'));
    connectionConfig.addSection('connections', config.getSection('connections'));

    const resolver = new HttpConnectionResolver();
    resolver.configure(connectionConfig);
    if (references !== null) resolver.setReferences(references);
    const connection = await resolver.resolve(correlationId);
    return connection.getAsNullableString('uri');
}

/** Parses a URI. No message has a part of it, as it may contain a password. */
function parse(uri: string | null): URL | null {
    if (uri == null || uri === '') return null;
    if (!URL.canParse(uri)) {
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

/** Reads a time limit. None at all would let a gateway that hangs hold a request for ever, so 0 is the default too. */
function timeout(config: ConfigParams, key: string): number {
    const value = config.getAsLong(key);
    return value > 0 ? Math.min(value, MAX_DELAY) : DEFAULT_TIMEOUT;
}
