import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

import { getSwitch } from '../../src/common/switches';
import { thrownBy } from '../fixtures/thrownBy';

function read(value: unknown, defaultValue: boolean): boolean {
    return getSwitch(ConfigParams.fromTuples('options.reset_enabled', value), 'options.reset_enabled', defaultValue);
}

test.each([true, 'true', 'True', ' TRUE ', 't', 'T', 'yes', 'Y', 'on', 'On', ' ON\n', 1, '1'])('%p is on', (value) => {
    expect(read(value, false)).toBe(true);
});

test.each([false, 'false', 'False', ' false', 'f', 'no', 'NO', 'n', 'off', 'Off', 'OFF ', 0, '0'])(
    '%p is off',
    (value) => {
        expect(read(value, true)).toBe(false);
    }
);

test.each([null, '', '  '])('%p is the default', (value) => {
    expect(read(value, true)).toBe(true);
    expect(read(value, false)).toBe(false);
});

test('an option that is not there is the default', () => {
    expect(getSwitch(new ConfigParams(), 'push_enabled', true)).toBe(true);
    expect(getSwitch(new ConfigParams(), 'constructor', false)).toBe(false);
});

test.each([
    ['disabled', 'disabled'],
    ['none', 'none'],
    [' of ', 'of'],
    [2, '2'],
    [-1, '-1'],
    ['null', 'null'],
    ['constructor', 'constructor'],
])('%p is refused', (value, text) => {
    const error = thrownBy(() => read(value, true));
    expect(error).toBeInstanceOf(ConfigException);
    expect(error).toMatchObject({
        code: 'WRONG_OPTION',
        message:
            'Option options.reset_enabled must be one of true, t, yes, y, on, 1, false, f, no, n, off, 0, ' +
            `but is "${text}"`,
        details: { option: 'options.reset_enabled', value: text },
    });
});
