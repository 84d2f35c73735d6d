import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

import { checkWholeNumbers, getText } from '../../src/common/options';
import { thrownBy } from '../fixtures/thrownBy';

describe('getText', () => {
    const config = ConfigParams.fromTuples('source', 'orders', 'instance', '', 'options.max_counters', 5);
    test.each([
        ['source', 'orders'],
        ['instance', ''],
        ['options.max_counters', '5'],
        ['options', undefined],
        ['Source', undefined],
        ['constructor', undefined],
        ['getAsLong', undefined],
        ['__proto__', undefined],
        ['', undefined],
    ])('%p', (key, expected) => {
        expect(getText(config, key)).toBe(expected);
    });

    test('a value of null is none', () => {
        expect(getText(ConfigParams.fromTuples('source', null), 'source')).toBeUndefined();
    });
});

describe('checkWholeNumbers', () => {
    test.each(['0', '1', '300000', ' 5 ', '5.0', '1e3', '', '   ', 7, 0, Number.MAX_SAFE_INTEGER])(
        'takes %p',
        (value) => {
            expect(() => {
                checkWholeNumbers(ConfigParams.fromTuples('interval', value), ['interval']);
            }).not.toThrow();
        }
    );

    test('takes an option that is not there, and any value of others', () => {
        const config = ConfigParams.fromTuples('interval', null, 'source', 'abc');
        expect(() => {
            checkWholeNumbers(config, ['interval', 'options.interval']);
        }).not.toThrow();
    });

    test.each([
        ['-1', '-1'],
        [-1, '-1'],
        ['abc', 'abc'],
        ['5s', '5s'],
        ['1,000', '1,000'],
        ['1.5', '1.5'],
        ['NaN', 'NaN'],
        ['Infinity', 'Infinity'],
        ['9007199254740992', '9007199254740992'],
        [true, 'true'],
        // Number() and the toolkit's converter read these differently
        ['0x10', '0x10'],
        ['0b11', '0b11'],
    ])('refuses %p', (value, text) => {
        const config = ConfigParams.fromTuples('options.retries', 3, 'interval', value);
        const error = thrownBy(() => {
            checkWholeNumbers(config, ['options.retries', 'interval']);
        });
        expect(error).toBeInstanceOf(ConfigException);
        expect(error).toMatchObject({
            code: 'WRONG_OPTION',
            message: `Option interval must be a non-negative integer, but is "${text}"`,
            details: { option: 'interval', value: text },
        });
    });

    test.each([[[5]], [{ ms: 5 }]])('refuses %j', (interval) => {
        const error = thrownBy(() => {
            checkWholeNumbers(ConfigParams.fromValue({ interval }), ['interval']);
        });
        expect(error).toMatchObject({
            code: 'WRONG_OPTION',
            message: 'Option interval must be a non-negative integer, but is "a list or a section"',
        });
    });
});
