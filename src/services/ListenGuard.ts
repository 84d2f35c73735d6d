import { ConnectionException } from 'pip-services3-commons-nodex';

import { RestifyServer } from './restify';

/** Notices that the server of an endpoint cannot listen, which the toolkit's endpoint waits for without end. */
export class ListenGuard {
    private _onError: ((error: Error) => void) | null = null;

    /** Watches the server that is opened right now, if there is one. */
    public watch(server: RestifyServer): void {
        if (this._onError !== null) server.once('error', this._onError);
    }

    /**
     * Opens an endpoint.
     *
     * @throws ConnectionException if its server cannot listen, and what the opening itself throws.
     */
    public async during(open: () => Promise<void>, correlationId: string): Promise<void> {
        const failure = new Promise<never>((_resolve, reject) => {
            this._onError = (error) => reject(cannotListen(correlationId, error));
        });
        try {
            await Promise.race([open(), failure]);
        } finally {
            this._onError = null;
        }
    }
}

function cannotListen(correlationId: string, cause: Error): ConnectionException {
    const message = `The metrics service cannot open its endpoint: ${cause.message}`;
    const error = new ConnectionException(correlationId, 'CANNOT_CONNECT', message);
    error.withCause(cause);
    return error;
}
