/** The CPU time of this process, all of its threads included, since a former process.cpuUsage(), in milliseconds. */
export function cpuSince(start) {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
}

/**
 * Collects what is left of the preparation, so that it does not fall into the measurement.
 * A full collection would also throw away compiled code, which is no part of any contestant's work.
 */
export function collectYoung() {
    globalThis.gc({ type: 'minor' });
}
