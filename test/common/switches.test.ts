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

test.each<[object, string]>([
    [{ reset_enabled: false }, 'reset_enabled'],
    [{ option: { reset_enabled: false } }, 'option.reset_enabled'],
    [{ Options: { reset_enabled: false } }, 'Options.reset_enabled'],
    [{ options: { resetEnabled: false } }, 'options.resetEnabled'],
    [{ options: { 'reset-enabled': false } }, 'options.reset-enabled'],
    [{ options: { reset_enable: false } }, 'options.reset_enable'],
    [{ options: { reset_enabled: [false] } }, 'options.reset_enabled.0'],
    [{ options: { reset_enabled: { value: false } } }, 'options.reset_enabled.value'],
    [{ options: [{ reset_enabled: false }] }, 'options.0.reset_enabled'],
])('%j is refused, as nothing would read it', (config, option) => {
    const error = thrownBy(() => getSwitch(ConfigParams.fromValue(config), 'options.reset_enabled', true));
    expect(error).toBeInstanceOf(ConfigException);
    expect(error).toMatchObject({
        code: 'WRONG_OPTION',
        message: `Option ${option} is not known. There is options.reset_enabled, which is true or false`,
        details: { option },
    });
});

test('other options are left alone', () => {
    const config = ConfigParams.fromTuples(
        'options.reset_timeout',
        5,
        'reset',
        'a',
        'enabled',
        false,
        'push_enabled',
        0
    );
    expect(getSwitch(config, 'options.reset_enabled', true)).toBe(true);
});
