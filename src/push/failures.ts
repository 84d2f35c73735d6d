import { ConfigException, ConnectionException, InvocationException } from 'pip-services3-commons-nodex';

import { redact } from './redact';

/** The statuses below 500 that may be gone at the next attempt: request timeout and too many requests. */
const PASSING_STATUSES = new Set([408, 429]);

/** A configuration that cannot be used. Its message must not have a part of a credential or a URI. */
export function misconfigured(code: string, message: string, cause?: Error): ConfigException {
    if (cause === undefined) return new ConfigException(undefined, code, message);
    const error = new ConfigException(undefined, code, `${message}: ${cause.message}`);
    error.cause = cause.message;
    return error;
}

/** A request that got no answer: the network failed, or it took too long. */
export function noResponse(
    method: string,
    url: string,
    cause: Error,
    secrets: readonly string[] = []
): ConnectionException {
    const reason = redact(reasonOf(cause), secrets);
    const error = new ConnectionException(undefined, 'NO_RESPONSE', `${method} ${url} got no response: ${reason}`);
    error.withDetails('method', method).withDetails('url', url);
    error.cause = reason;
    return error;
}

/** A request that was answered with a status other than 2xx. */
export function badStatus(method: string, url: string, status: number, body: string): InvocationException {
    const text = body === '' ? '' : `: ${body}`;
    const error = new InvocationException(undefined, 'BAD_STATUS', `${method} ${url} got status ${status}${text}`);
    error.withDetails('method', method).withDetails('url', url).withDetails('body', body).withStatus(status);
    return error;
}

/** Whether a request that failed so may succeed when it is sent again as it is. */
export function isRetryable(error: unknown): boolean {
    if (error instanceof ConnectionException) return true;
    return error instanceof InvocationException && (error.status >= 500 || PASSING_STATUSES.has(error.status));
}

/** The message of an error; that of several failed attempts to connect at once is empty, and its code says it. */
function reasonOf(error: NodeJS.ErrnoException): string {
    return error.message === '' ? (error.code ?? error.name) : error.message;
}
