import { setImmediate as nextTurn } from 'node:timers/promises';

import { FamilySet } from '../../src/exposition/families';
import { RegistryCollector } from '../../src/registries/RegistryCollector';
import { RegistryWarnings } from '../../src/registries/RegistryWarnings';
import { RecordingLogger } from '../fixtures/RecordingLogger';

const METRICS = [{ name: 'g', type: 'gauge', values: [{ value: 1, labels: {} }] }];

let logger: RecordingLogger;
let answer: () => unknown;
let asked: number;
let collector: RegistryCollector;

beforeEach(() => {
    logger = new RecordingLogger();
    answer = () => METRICS;
    asked = 0;
    const registry = {
        getMetricsAsJSON: () => {
            asked++;
            return answer();
        },
    };
    collector = new RegistryCollector(registry, 'a registry', new RegistryWarnings(logger));
});

async function names(collected: Promise<readonly FamilySet[]>): Promise<string[]> {
    return (await collected).flatMap(({ families }) => families.map(({ name }) => name));
}

function warnings(): string[] {
    return logger.lines.map(({ message }) => message);
}

test.each([
    [
        'throws',
        () => {
            throw new Error('broken');
        },
        'broken',
    ],
    ['rejects', () => Promise.reject(new Error('broken')), 'broken'],
    [
        'rejects with no error',
        () => ({ then: (_: unknown, reject: (reason: string) => void) => reject('broken') }),
        'broken',
    ],
    ['gives no list', () => Promise.resolve({}), 'getMetricsAsJSON() gave no list of metrics'],
])('a registry that %s is left out, with one warning for each streak', async (_, fail, reason) => {
    const warning = `The metrics of a registry are left out until it works again: ${reason}`;
    answer = fail;
    expect(await names(collector.collect(5000))).toEqual([]);
    expect(await names(collector.collect(5000))).toEqual([]);
    expect(warnings()).toEqual([warning]);

    answer = () => METRICS;
    expect(await names(collector.collect(5000))).toEqual(['g']);
    answer = fail;
    expect(await names(collector.collect(5000))).toEqual([]);
    expect(warnings()).toEqual([warning, warning]);
});

test('a registry that takes too long is left out, and not asked again before it is done', async () => {
    let finish: (metrics: unknown) => void = () => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    const first = collector.collect(50);
    const second = collector.collect(50);
    expect(await names(first)).toEqual([]);
    expect(await names(second)).toEqual([]);
    // Without waiting again
    expect(await names(collector.collect(50))).toEqual([]);
    expect(asked).toBe(1);
    expect(warnings()).toEqual([
        'The metrics of a registry are left out until it works again: ' +
            'It took longer than options.collect_timeout, which is 50 ms',
    ]);

    finish(METRICS);
    await nextTurn();
    answer = () => METRICS;
    expect(await names(collector.collect(50))).toEqual(['g']);
    expect(asked).toBe(2);
});

test('who asks meanwhile gets what the first one gets', async () => {
    let finish: (metrics: unknown) => void = () => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    const both = [collector.collect(50), collector.collect(50)];
    finish(METRICS);
    expect(await Promise.all(both.map(names))).toEqual([['g'], ['g']]);
    expect(asked).toBe(1);
});

test('what is left out of a metric is one warning for each reason', async () => {
    answer = () => [
        { name: 'a-b', values: [] },
        { name: 'g', values: [{ value: '1' }, { value: '2' }, { value: 1, labels: { 'x\n': 1 } }] },
    ];
    await collector.collect(50);
    await collector.collect(50);
    expect(warnings()).toEqual([
        'Metric  of a registry is left out, or a part of it: its name is not legal: a-b',
        'Metric g of a registry is left out, or a part of it: a value is no number',
        'Metric g of a registry is left out, or a part of it: the name of its label x\\u{a} is not legal',
    ]);
});
