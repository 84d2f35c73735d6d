import { array, assert, constantFrom, oneof, property, string, tuple, uniqueArray } from 'fast-check';

import { LabelTexts } from '../../src/exposition/LabelTexts';
import { formatLabel, joinLabels } from '../../src/exposition/labels';
import { Label } from '../../src/exposition/names';
import { STYLES } from '../../src/exposition/styles';

const COMMON: readonly Label[] = [
    ['source', 'orders'],
    ['instance', 'pod "1"'],
];

test.each<[style: keyof typeof STYLES, own: Label[], written: string]>([
    ['compatible', [], '{source="orders",instance="pod \\"1\\""} '],
    [
        'compatible',
        [
            ['service', 'a'],
            ['command', 'b\n'],
        ],
        '{source="orders",instance="pod \\"1\\"",service="a",command="b\\n"} ',
    ],
    ['compatible', [['command', '']], '{source="orders",instance="pod \\"1\\"",command=""} '],
    ['compatible', [['source', 'mine']], '{instance="pod \\"1\\"",source="mine"} '],
    [
        'idiomatic',
        [
            ['service', 'a'],
            ['command', 'b'],
        ],
        '{command="b",instance="pod \\"1\\"",service="a",source="orders"} ',
    ],
    ['idiomatic', [['command', '']], '{instance="pod \\"1\\"",source="orders"} '],
    ['idiomatic', [['source', 'mine']], '{instance="pod \\"1\\"",source="mine"} '],
])('%s writes %j as %s', (style, own, written) => {
    const texts = new LabelTexts(STYLES[style], COMMON);

    expect(texts.write(own)).toBe(written);
    expect(texts.write(own)).toBe(written);
});

test('a series without any label has a blank', () => {
    expect(new LabelTexts(STYLES.compatible, []).write([])).toBe(' ');
    expect(new LabelTexts(STYLES.idiomatic, []).write([['command', '']])).toBe(' ');
});

const LABEL = tuple(constantFrom('a', 'b', 'c', 'source', 'instance'), oneof(constantFrom('', '"', '$&'), string()));
const LABELS = uniqueArray(LABEL, { selector: ([name]) => name, maxLength: 4 });

test.each(Object.entries(STYLES))('%s: what was written before makes no difference', (_, style) => {
    assert(
        property(LABELS, array(LABELS), (common, all) => {
            const texts = new LabelTexts(style, common);
            for (const own of all) {
                expect(texts.write(own)).toBe(joinLabels(style.joinLabels(common, own).map(formatLabel)));
            }
        })
    );
});
