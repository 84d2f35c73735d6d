import { compileRegex } from '../../../src/exposition/mapping/compileRegex';
import { expandName, expandTemplate, isName, isNameTemplate } from '../../../src/exposition/mapping/templates';

const CAPTURES = { groups: ['a.b-c.5', 'a', 'b-c', undefined, '5'], named: { code: '5', absent: undefined } };

test.each([
    ['', ''],
    ['text', 'text'],
    ['$1', 'a'],
    ['${1}', 'a'],
    ['$1$2', 'ab-c'],
    ['pre-$1-post', 'pre-a-post'],
    // A number ends where the digits end
    ['$1_total', 'a_total'],
    ['$1a', 'aa'],
    ['${1}0', 'a0'],
    ['$10', ''],
    ['$01', 'a'],
    ['$0', 'a.b-c.5'],
    ['${0}', 'a.b-c.5'],
    ['$code', '5'],
    ['${code}', '5'],
    // What stands for nothing
    ['<$3>', '<>'],
    ['<$9>', '<>'],
    ['<${9}>', '<>'],
    ['<$absent>', '<>'],
    ['<${other}>', '<>'],
    ['<$code_x>', '<>'],
    ['<${1a}>', '<>'],
    // Dollars
    ['$$', '$'],
    ['$$1', '$1'],
    ['$$$1', '$a'],
    ['$', '$'],
    ['5 $', '5 $'],
    ['$-', '$-'],
    ['${', '${'],
    ['${1', '${1'],
    ['${}', '${}'],
    ['{1}', '{1}'],
])('the template %j gives %j', (template, expected) => {
    expect(expandTemplate(template, CAPTURES)).toBe(expected);
});

test('without named groups a name stands for nothing', () => {
    expect(expandTemplate('<$code><${constructor}>', { groups: ['x'] })).toBe('<><>');
});

test('what is captured is no template', () => {
    expect(expandTemplate('$1', { groups: ['x', '$2 $& $$'] })).toBe('$2 $& $$');
});

test.each([
    ['Orders_$1', 'Orders_a'],
    ['$2', 'b_c'],
    ['$0', 'a_b_c_5'],
    ['$4xx', '_5xx'],
    ['$4', '_5'],
    ['$$', '_'],
    ['$3', ''],
])('the name %j becomes %j', (template, expected) => {
    expect(expandName(template, CAPTURES)).toBe(expected);
});

test('a code point is one _ in a name', () => {
    expect(expandName('x$1', { groups: ['', '\u{1f600}:\u00e4\ud800'] })).toBe('x____');
});

test.each(['a', 'A_9', '_', '$1', '${name}_x', '$$'])('%j is the template of a name', (template) => {
    expect(isNameTemplate(template)).toBe(true);
});

test.each(['', '9', '9$1', 'a.b', 'a b', 'a:b', '$', '${1', 'a$-', 'a\n', '\u00e4'])('%j is none', (template) => {
    expect(isNameTemplate(template)).toBe(false);
    expect(isName(template)).toBe(false);
});

describe('compileRegex', () => {
    test.each<[source: string, text: string, groups: (string | undefined)[]]>([
        ['^a\\.(.*)$', 'a.b.c', ['b.c']],
        ['b', 'abc', []],
        ['(\\w{2,3})$', 'x.500', ['500']],
        ['(?P<one>a)(?<two>b)?', 'a', ['a', undefined]],
        // A parenthesis that is escaped, or stands in a class, begins no group
        ['\\(?P<x>', '(P<x>', []],
        ['[(?P<]+', '?P', []],
        ['(?i)ORDERS', 'orders', []],
        ['(?s)a.b', 'a\nb', []],
        ['(?m)^b', 'a\nb', []],
        ['(?im)^B', 'a\nb', []],
        ['(?i)(?s)A.b', 'a\nB', []],
        ['(?i)(?i)A', 'a', []],
        // Punctuation that needs no escape
        ['a\\-b\\:c\\_d\\/e', 'a-b:c_d/e', []],
        ['[a\\-c]\\@\\"', '-@"', []],
        ['\\\\-', '\\-', []],
        ['\\p{L}+', '\u00e4', []],
        ['^.$', '\u{1f600}', []],
        ['', 'anything', []],
    ])('%j finds %j', (source, text, groups) => {
        expect(compileRegex(source).exec(text)?.slice(1)).toEqual(groups);
    });

    test.each([
        ['a.b', 'a\nb'],
        ['A', 'a'],
        ['^b', 'a\nb'],
        ['[a\\-c]', 'b'],
    ])('%j does not find %j', (source, text) => {
        expect(compileRegex(source).test(text)).toBe(false);
    });

    test('named groups are known by their names', () => {
        expect({ ...compileRegex('(?P<svc>\\w+)\\.(?P<code>\\d+)').exec('shop.500')?.groups }).toEqual({
            svc: 'shop',
            code: '500',
        });
    });

    test.each([
        '(',
        '[',
        '*a',
        'a**',
        '(?U)a',
        '(?x)a',
        'a(?i)b',
        '\\Aa',
        'a\\z',
        '\\Qa\\E',
        '[[:alpha:]]',
        '\\pL',
        'a{',
        '\\8',
    ])('refuses %j', (source) => {
        expect(() => compileRegex(source)).toThrow(SyntaxError);
    });
});
