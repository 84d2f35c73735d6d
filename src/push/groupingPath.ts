import { misconfigured } from './failures';

/**
 * Writes the path under which a Pushgateway keeps a group of metrics.
 *
 * Bytes that are not UTF-8 must never get into it: one such value makes the gateway refuse the pushes of everybody.
 *
 * @param job       the value of the grouping label `job`, which must not be empty.
 * @param instance  the value of the grouping label `instance`, which is left out when null or empty: the gateway takes
 *                  an empty value for a group of its own with the same series, and its page of metrics breaks.
 */
export function groupingPath(job: string, instance: string | null): string {
    if (job === '') {
        throw misconfigured('NO_SOURCE', 'Metrics cannot be pushed without a source. Configure "source"');
    }
    const path = '/metrics' + segments('job', job);
    return instance === null || instance === '' ? path : path + segments('instance', instance);
}

function segments(label: string, value: string): string {
    const text = value.toWellFormed();
    // A server reads these as parts of the path, percent-encoded or not
    if (text.includes('/') || text === '.' || text === '..') {
        return `/${label}@base64/${Buffer.from(text).toString('base64url')}`;
    }
    return `/${label}/${encodeURIComponent(text)}`;
}
