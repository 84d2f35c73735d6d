import { ConfigParams, IReferences } from 'pip-services3-commons-nodex';
import { ILogger } from 'pip-services3-components-nodex';

import { groupingPath } from './groupingPath';
import { PushgatewayClient } from './PushgatewayClient';
import { Pusher, PushSupplier } from './Pusher';
import { resolvePushTarget } from './PushTarget';

/** What is needed to push. */
export interface PushSetup {
    readonly config: ConfigParams;
    readonly references: IReferences | null;
    readonly job: string;
    /** The instance in the group, or empty for none. */
    readonly instance: string;
    readonly source: PushSupplier;
    readonly logger: ILogger;
}

/**
 * Starts to push to the configured gateway.
 *
 * @returns null if no connection is configured, or if it cannot be used, which is logged as a warning.
 */
export async function openPusher(correlationId: string, setup: PushSetup): Promise<Pusher | null> {
    try {
        const target = await resolvePushTarget(correlationId, setup.config, setup.references);
        if (target === null) return null;
        const client = new PushgatewayClient(target, groupingPath(setup.job, setup.instance));
        const pusher = new Pusher(client, setup.source, setup.logger, target);
        pusher.start(correlationId);
        return pusher;
    } catch (error) {
        setup.logger.warn(correlationId, 'Counters are not pushed: %s', (error as Error).message);
        return null;
    }
}
