import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

import { getText } from './options';

/** The spellings of the toolkit's BooleanConverter, and those of YAML. */
const SPELLINGS = new Map([
    ...['true', 't', 'yes', 'y', 'on', '1'].map((text) => [text, true] as const),
    ...['false', 'f', 'no', 'n', 'off', '0'].map((text) => [text, false] as const),
]);

/**
 * Reads an option that is either on or off, in any case and with blanks around it.
 *
 * The toolkit's own getter takes whatever it does not know, `off` for one, for the default.
 *
 * @param defaultValue  what an option that is missing or empty means.
 * @throws ConfigException with the code WRONG_OPTION, and the option and its value in the details; also if the option is
 * written in another way or at another place, where nothing would read it.
 */
export function getSwitch(config: ConfigParams, key: string, defaultValue: boolean): boolean {
    refuseMisspelt(config, key);
    const value = getSwitchOrText(config, key, defaultValue);
    if (typeof value === 'boolean') return value;
    const allowed = [...SPELLINGS.keys()].join(', ');
    throw new ConfigException(undefined, 'WRONG_OPTION', `Option ${key} must be one of ${allowed}, but is "${value}"`)
        .withDetails('option', key)
        .withDetails('value', value);
}

/** Reads an option that is either on or off, or a text: any but the spellings of the two. */
export function getSwitchOrText(config: ConfigParams, key: string, defaultValue: boolean | string): boolean | string {
    const value = getText(config, key)?.trim() ?? '';
    return value === '' ? defaultValue : (SPELLINGS.get(value.toLowerCase()) ?? value);
}

function refuseMisspelt(config: ConfigParams, key: string): void {
    const name = simplify(key.slice(key.lastIndexOf('.') + 1));
    const misspelt = Object.keys(config).find(
        (other) => other !== key && other.split('.').some((part) => simplify(part) === name)
    );
    if (misspelt === undefined) return;
    throw new ConfigException(
        undefined,
        'WRONG_OPTION',
        `Option ${misspelt} is not known. There is ${key}, which is true or false`
    ).withDetails('option', misspelt);
}

/** What the spellings of one word have in common: resetEnabled, Reset_Enabled, reset-enable. */
function simplify(word: string): string {
    return word
        .toLowerCase()
        .replace(/[^a-z]/g, '')
        .replace(/enabled$/, 'enable');
}
