import { assert, double, property } from 'fast-check';

import { formatValue } from '../../src/exposition/formatValue';

test.each([
    [0, '0'],
    [-0, '0'],
    [7, '7'],
    [-7, '-7'],
    [0.1, '0.1'],
    [-1234.5678, '-1234.5678'],
    [2 ** 31 - 1, '2147483647'],
    [2 ** 31, '2147483648'],
    [-(2 ** 31), '-2147483648'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
])('writes %p as %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
});

test('finite values are written as JavaScript does', () => {
    assert(
        property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
            expect(formatValue(value)).toBe(String(value));
        })
    );
});
