import { convert } from '../fixtures/convert';
import { hostileSets, realisticSets } from '../fixtures/counterSets';
import { FIXTURES } from '../fixtures/fixtureSets';
import { findInvalid } from '../fixtures/promtool';

jest.setTimeout(120_000);

test('promtool finds what is wrong', async () => {
    const invalid = await findInvalid(['a 1\n', 'a-b 1\n', '', '# TYPE a gauge\na 1\n# TYPE a gauge\na 2\n']);
    expect(invalid.map(({ text }) => text)).toEqual(['a-b 1\n', '# TYPE a gauge\na 1\n# TYPE a gauge\na 2\n']);
});

describe('promtool accepts', () => {
    test.each(Object.entries(FIXTURES))('%s', async (_, set) => {
        expect(await findInvalid([convert(set)])).toEqual([]);
    });

    test.each([
        ['150 realistic sets', realisticSets(), 150],
        ['300 hostile sets', hostileSets(), 300],
    ])('%s', async (_, sets, size) => {
        expect(sets).toHaveLength(size);
        expect(await findInvalid(sets.map(convert))).toEqual([]);
    });
});
