import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

/**
 * Gets a text from a configuration, also an empty one, which the toolkit's own getters take for a missing one.
 *
 * @returns undefined if the text is not configured.
 */
export function getText(config: ConfigParams, key: string): string | undefined {
    const value: unknown = Object.getOwnPropertyDescriptor(config, key)?.value;
    return typeof value === 'string' ? value : undefined;
}

/** The notation that the toolkit's converters read, unlike 0x10. */
const DECIMAL = /^\d+(\.\d+)?(e\+?\d+)?$/i;

/**
 * Checks that the given options are whole numbers from 0 on, if they are configured.
 *
 * @throws ConfigException with the code WRONG_OPTION, and the option and its value in the details.
 */
export function checkWholeNumbers(config: ConfigParams, keys: readonly string[]): void {
    for (const key of keys) {
        const value = hasKeysBelow(config, key) ? 'a list or a section' : (getText(config, key)?.trim() ?? '');
        if (value === '' || (DECIMAL.test(value) && Number.isSafeInteger(Number(value)))) continue;
        throw new ConfigException(
            undefined,
            'WRONG_OPTION',
            `Option ${key} must be a non-negative integer, but is "${value}"`
        )
            .withDetails('option', key)
            .withDetails('value', value);
    }
}

function hasKeysBelow(config: ConfigParams, key: string): boolean {
    return Object.keys(config).some((other) => other.startsWith(`${key}.`));
}
