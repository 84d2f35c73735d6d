import { formatLabel } from '../../src/exposition/labels';

describe('a label value', () => {
    test.each([
        ['', ''],
        ['plain', 'plain'],
        ['\\', '\\\\'],
        ['"', '\\"'],
        ['\n', '\\n'],
        ['\\n', '\\\\n'],
        ['\\"', '\\\\\\"'],
        ['O"Reilly & "Sons"', 'O\\"Reilly & \\"Sons\\"'],
        ['C:\\temp\\new', 'C:\\\\temp\\\\new'],
        ['two\nlines\n', 'two\\nlines\\n'],
        ['\r\n', '\r\\n'],
        // Nothing else is escaped
        ['\t\r\0\u2028\u2029\u0085\ufeff', '\t\r\0\u2028\u2029\u0085\ufeff'],
        ["a,b={c} #'", "a,b={c} #'"],
        ['\u82b1\u706b \u{1f600}', '\u82b1\u706b \u{1f600}'],
        // Lone surrogates
        ['a\ud800', 'a\ufffd'],
        ['\udc00b', '\ufffdb'],
        ['\udc00\ud800', '\ufffd\ufffd'],
        ['\ud800"', '\ufffd\\"'],
    ])('writes %j as %j', (value, expected) => {
        expect(formatLabel(['queue', value])).toBe(`queue="${expected}"`);
    });
});
