import { COMPATIBLE_EXPOSITION } from '../../src/exposition/Exposition';
import { OPEN_METRICS_FORMAT } from '../../src/exposition/textFormats';
import { Renderer } from '../../src/exposition/Renderer';
import { CounterSet, hostileSets, realisticSets } from '../fixtures/counterSets';
import { FIXTURES } from '../fixtures/fixtureSets';
import { parseOpenMetrics } from '../fixtures/openMetricsParser';

jest.setTimeout(120_000);

function openMetricsText({ counters, source, instance }: CounterSet): string {
    return [...new Renderer(COMPATIBLE_EXPOSITION, source, instance).render(counters, OPEN_METRICS_FORMAT)].join('');
}

test('the parser finds what is wrong', async () => {
    const verdicts = await parseOpenMetrics(['# EOF\n', '# TYPE a gauge\na 1\n', 'a{b="1",} 1\n\n# EOF\n']);
    expect(verdicts).toEqual([null, expect.stringContaining('Missing # EOF'), expect.stringContaining('ValueError')]);
});

test.each<[string, CounterSet[], number]>([
    ['all fixtures', Object.values(FIXTURES), 30],
    ['150 realistic sets', realisticSets(), 150],
    ['300 hostile sets', hostileSets(), 300],
])('the strict parser of the Python client accepts %s', async (_, sets, size) => {
    expect(sets).toHaveLength(size);
    const texts = sets.map(openMetricsText);
    const verdicts = await parseOpenMetrics(texts);
    expect(verdicts).toHaveLength(size);
    expect(texts.map((text, index) => [text, verdicts[index]]).filter(([, verdict]) => verdict !== null)).toEqual([]);
});
