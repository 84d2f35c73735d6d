import fc from 'fast-check';
import { CounterType } from 'pip-services3-components-nodex';
import { PrometheusCounterConverter as PublishedConverter } from 'pip-services3-prometheus-nodex-1.0.1';

import { convert } from '../fixtures/convert';
import { last } from '../fixtures/counterOf';
import {
    CounterSet,
    hostileSet,
    hostileSets,
    realisticSet,
    realisticSets,
    wellFormedSet,
} from '../fixtures/counterSets';
import { naiveExposition } from '../fixtures/naiveExposition';
import { ParsedSample, parseExposition } from '../fixtures/parseExposition';

const GENERATED: [string, fc.Arbitrary<CounterSet>][] = [
    ['well-formed', wellFormedSet],
    ['realistic', realisticSet],
    ['hostile', hostileSet],
];

/** The numbers that a set holds in places that are exposed. */
function exposedNumbers({ counters }: CounterSet): Set<unknown> {
    const numbers = new Set<unknown>();
    for (const counter of counters) {
        if (counter?.type === CounterType.LastValue) numbers.add(counter.last);
        else if (counter)
            [counter.max, counter.min, counter.average, counter.count].forEach((value) => numbers.add(value));
    }
    return numbers;
}

/** The sample lines of each metric name, in their order. */
function sampleLines(text: string): Record<string, string[]> {
    const lines: Record<string, string[]> = {};
    for (const line of text.split('\n')) {
        const name = /^[a-z_][a-z0-9_]*/.exec(line)?.[0];
        if (name) (lines[name] ??= []).push(line);
    }
    return lines;
}

function publishedText({ counters, source, instance }: CounterSet): string {
    return PublishedConverter.toString(
        counters.filter((counter) => counter !== null),
        source ?? '',
        instance ?? ''
    );
}

describe.each(GENERATED)('the text of %s counters', (_, sets) => {
    test('is well-formed: each family has one TYPE line and then its samples, no series stands twice', () => {
        fc.assert(
            fc.property(sets, (set) => void parseExposition(convert(set))),
            { numRuns: 500 }
        );
    });

    test('is what the naive writer of the same rules gives', () => {
        fc.assert(
            fc.property(sets, (set) => {
                expect(convert(set)).toBe(naiveExposition(set.counters, set.source, set.instance));
            }),
            { numRuns: 500 }
        );
    });

    test('gives back exactly the values that were recorded', () => {
        fc.assert(
            fc.property(sets, (set) => {
                const recorded = exposedNumbers(set);
                const read = parseExposition(convert(set)).flatMap(({ samples }) => samples);
                // A Set takes -0 for 0, and finds NaN
                expect(read.filter(({ value }) => !recorded.has(value))).toEqual([]);
            })
        );
    });
});

describe('every finite value', () => {
    test('reads back exactly', () => {
        fc.assert(
            fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
                const set = { counters: [last('a', value)], source: null, instance: null };
                const [sample] = parseExposition(convert(set)).flatMap(
                    ({ samples }): readonly ParsedSample[] => samples
                );
                expect(sample?.value).toBe(value === 0 ? 0 : value);
            }),
            { numRuns: 2000 }
        );
    });
});

describe('beside 1.0.1', () => {
    test('the same sample lines in each family', () => {
        fc.assert(
            fc.property(wellFormedSet, (set) => {
                expect(sampleLines(convert(set))).toEqual(sampleLines(publishedText(set)));
            }),
            { numRuns: 500 }
        );
    });

    test('the same text, where 1.0.1 gives no family twice', () => {
        let compared = 0;
        for (const set of fc.sample(wellFormedSet, { seed: 7, numRuns: 1000 })) {
            const published = publishedText(set);
            const types = published.split('\n').filter((line) => line.startsWith('#'));
            if (new Set(types).size < types.length) continue;
            compared += published === '' ? 0 : 1;
            expect(convert(set)).toBe(published);
        }
        expect(compared).toBeGreaterThan(100);
    });
});

describe('the sets with a fixed seed', () => {
    test.each([
        ['realistic', realisticSets(), 150],
        ['hostile', hostileSets(), 300],
    ])('%s', (_, sets, size) => {
        expect(sets).toHaveLength(size);
        for (const set of sets) {
            const text = convert(set);
            parseExposition(text);
            expect(text).toBe(naiveExposition(set.counters, set.source, set.instance));
        }
    });
});
