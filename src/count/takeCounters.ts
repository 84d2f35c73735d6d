import { CachedCounters, Counter } from 'pip-services3-components-nodex';

/** The place of each take among all, by the list that it gave. */
const orders = new WeakMap<readonly Counter[], number>();
let lastOrder = 0;

/**
 * Takes all counters out of a store, which is empty then.
 *
 * @returns the counters. This very list is to be handed to {@link restoreCounters}, which tells by it what is newer.
 */
export function takeCounters(source: CachedCounters): Counter[] {
    const taken = source.getAll();
    source.clearAll();
    lastOrder++;
    orders.set(taken, lastOrder);
    return taken;
}

/** The place of a take among all; 0, before all others, for a list that was not taken here. */
export function takeOrder(taken: readonly Counter[]): number {
    return orders.get(taken) ?? 0;
}
