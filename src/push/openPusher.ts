import { hostname } from 'node:os';

import { ConfigParams, IReferences } from 'pip-services3-commons-nodex';
import { ILogger } from 'pip-services3-components-nodex';

import { findContextInfo } from '../common/references';
import { groupingPath } from './groupingPath';
import { PushgatewayClient } from './PushgatewayClient';
import { Pusher, PushSupplier } from './Pusher';
import { PushLog } from './PushLog';
import { resolvePushTarget } from './PushTarget';

/** What is needed to push. */
export interface PushSetup {
    readonly config: ConfigParams;
    readonly references: IReferences | null;
    /** The configured name of the service, if there is one. */
    readonly source: string | undefined;
    /** The configured name of the instance, empty for none in the group. */
    readonly instance: string | undefined;
    readonly supplier: PushSupplier;
    readonly logger: ILogger;
}

/**
 * Starts to push to the configured gateway. It never fails.
 *
 * @returns null if no connection is configured, or if it cannot be used, which is logged as a warning.
 */
export async function openPusher(correlationId: string, setup: PushSetup): Promise<Pusher | null> {
    const { config, references, source, instance, supplier } = setup;
    const log = new PushLog(setup.logger, references);
    try {
        const target = await resolvePushTarget(correlationId, config, references);
        if (target === null) return null;
        const info = findContextInfo(references);
        const path = groupingPath(source || info?.name || 'unknown', instance ?? (info?.contextId || hostname()));
        const pusher = new Pusher(new PushgatewayClient(target, path), supplier, log, target);
        pusher.start(correlationId);
        return pusher;
    } catch (error) {
        log.warn(correlationId, `Counters are not pushed: ${(error as Error).message}`);
        return null;
    }
}
