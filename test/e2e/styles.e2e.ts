/** What generated configurations and calls give, read by the parsers of others. */
import fc from 'fast-check';

import { compatibleRuns, ExpositionRun, idiomaticRuns } from '../fixtures/expositionRuns';
import { parseOpenMetrics } from '../fixtures/openMetricsParser';
import { findInvalid } from '../fixtures/promtool';
import { writeRun } from '../fixtures/writeRun';

jest.setTimeout(240_000);

test.each<[string, fc.Arbitrary<ExpositionRun>, number]>([
    ['idiomatic', idiomaticRuns, 600],
    ['compatible', compatibleRuns, 200],
])('promtool and the strict OpenMetrics parser take all of the style %s', async (_, runs, count) => {
    const bodies = fc.sample(runs, { seed: 1, numRuns: count }).map(writeRun);
    const texts = bodies.map(({ text }) => text).filter((text) => text !== '');
    expect(texts.length).toBeGreaterThan(count * 0.75);

    expect(await findInvalid(texts)).toEqual([]);
    const verdicts = await parseOpenMetrics(bodies.map(({ openMetrics }) => openMetrics));
    expect(bodies.filter((_body, index) => verdicts[index] !== null)).toEqual([]);
});
