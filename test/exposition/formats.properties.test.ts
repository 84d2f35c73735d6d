import fc from 'fast-check';

import { compatibleRuns, ExpositionRun, idiomaticRuns } from '../fixtures/expositionRuns';
import { readProtobufSamples, readTextSamples } from '../fixtures/readSamples';
import { writeRun } from '../fixtures/writeRun';

const RUNS: [string, fc.Arbitrary<ExpositionRun>][] = [
    ['idiomatic', idiomaticRuns],
    ['compatible', compatibleRuns],
];

/** The lines that say which families there are. */
function typeLines(text: string): string[] {
    return text.split('\n').filter((line) => line.startsWith('# TYPE '));
}

describe.each(RUNS)('any configuration of the style %s, and any calls', (style, runs) => {
    test('give the same samples in all formats, each series once, and each family once', () => {
        fc.assert(
            fc.property(runs, (run) => {
                const { text, openMetrics, families } = writeRun(run);
                const samples = readTextSamples(text);
                const names = typeLines(text).map((line) => line.split(' ')[2]);
                expect(new Set(names).size).toBe(names.length);
                expect(readProtobufSamples(families)).toEqual(samples);

                const inOpenMetrics = readTextSamples(openMetrics);
                for (const [id, value] of inOpenMetrics) expect([id, samples.get(id)]).toEqual([id, value]);
                // Sums that may fall are no sums there
                const missing = [...samples.keys()].filter((id) => !inOpenMetrics.has(id));
                expect(missing.filter((id) => !/^\["\w+_(sum|count)"/.test(id))).toEqual([]);
            }),
            { numRuns: 600 }
        );
    });

    test('give families and series that do not depend on the order of the calls', () => {
        const shuffled = runs.chain((run) =>
            fc
                .shuffledSubarray([...run.calls], { minLength: run.calls.length })
                .map((calls) => [run, { ...run, calls }] as const)
        );
        fc.assert(
            fc.property(shuffled, ([run, other]) => {
                const [text, otherText] = [writeRun(run).text, writeRun(other).text];
                expect(new Set(readTextSamples(otherText).keys())).toEqual(new Set(readTextSamples(text).keys()));
                if (style === 'idiomatic') expect(typeLines(otherText)).toEqual(typeLines(text));
                else expect(typeLines(otherText).sort()).toEqual(typeLines(text).sort());
            }),
            { numRuns: 400 }
        );
    });
});
