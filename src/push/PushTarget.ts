import { ConfigParams, IReferences } from 'pip-services3-commons-nodex';
import { ConnectionParams, ConnectionResolver } from 'pip-services3-components-nodex';

import { getText } from '../common/options';
import { MAX_DELAY } from '../common/timers';
import { authorizationOf, lookUpCredential } from './credentials';
import { misconfigured } from './failures';
import { findProxy } from './findProxy';
import { gatewayUrl, hasParameters } from './gatewayUrl';
import { GatewayConnection } from './PushgatewayClient';
import { TlsFiles } from './TlsFiles';

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
 * @throws an exception with a code and a reason if what is configured cannot be used, or if a discovery service or a
 * credential store does not answer within `options.connect_timeout`.
 */
export async function resolvePushTarget(
    correlationId: string,
    config: ConfigParams,
    references: IReferences | null
): Promise<PushTarget | null> {
    refuseBareConnection(config);
    if (!ConnectionParams.manyFromConfig(config).some(hasParameters)) return null;

    const connectTimeout = timeout(config, 'options.connect_timeout');
    return within(connectTimeout, async () => {
        const url = gatewayUrl(await resolveConnection(correlationId, config, references));
        const credential = await lookUpCredential(correlationId, config, references);
        return {
            uri: url.origin + url.pathname.replace(/\/+$/, ''),
            authorization: authorizationOf(credential, url),
            tls: url.protocol === 'https:' ? await TlsFiles.read(credential) : null,
            proxy: findProxy(url, process.env),
            connectTimeout,
            timeout: timeout(config, 'options.timeout'),
            retries: config.getAsIntegerWithDefault('options.retries', 3),
        };
    });
}

/** A text in the place of the parameters is not read by the toolkit. It may be a URI with a password. */
function refuseBareConnection(config: ConfigParams): void {
    const key = ['connection', 'connections'].find((name) => getText(config, name)?.trim());
    if (key === undefined) return;
    throw misconfigured('WRONG_CONNECTION', `Option ${key} must have parameters. A URI goes into connection.uri`);
}

async function resolveConnection(
    correlationId: string,
    config: ConfigParams,
    references: IReferences | null
): Promise<ConnectionParams> {
    const resolver = new ConnectionResolver(config);
    if (references !== null) resolver.setReferences(references);
    // The toolkit's typings do not tell that there may be none
    const connection = (await resolver.resolve(correlationId)) as ConnectionParams | null;
    if (connection === null) {
        throw misconfigured('NO_CONNECTION', 'No connection is found under the configured discovery_key');
    }
    return connection;
}

/** Does something that must not take longer than a time in ms. */
async function within<T>(time: number, action: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
            const message =
                'The discovery service or the credential store did not answer within options.connect_timeout, ' +
                `${time} ms`;
            reject(misconfigured('NO_ANSWER', message));
        }, time);
    });
    try {
        return await Promise.race([action(), expired]);
    } finally {
        clearTimeout(timer);
    }
}

/** Reads a time limit. None at all would let a gateway that hangs hold a request for ever, so 0 is the default too. */
function timeout(config: ConfigParams, key: string): number {
    const value = config.getAsLong(key);
    return value > 0 ? Math.min(value, MAX_DELAY) : DEFAULT_TIMEOUT;
}
