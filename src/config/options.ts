import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

/**
 * Gets a text from a configuration. An empty text is one too, which the toolkit's own getters take for a missing one.
 *
 * @returns undefined if the text is not configured.
 */
export function getText(config: ConfigParams, key: string): string | undefined {
    const value: unknown = Object.getOwnPropertyDescriptor(config, key)?.value;
    return typeof value === 'string' ? value : undefined;
}

/**
 * Checks that the given options are whole numbers from 0 on, if they are configured.
 *
 * @throws ConfigException with the code WRONG_OPTION, and the option and its value in the details.
 */
export function checkWholeNumbers(config: ConfigParams, keys: readonly string[]): void {
    for (const key of keys) {
        const value = getText(config, key);
        if (value === undefined || value.trim() === '') continue;
        const number = Number(value);
        if (Number.isSafeInteger(number) && number >= 0) continue;
        throw new ConfigException(
            undefined,
            'WRONG_OPTION',
            `Option ${key} must be a whole number from 0 on, but is "${value}"`
        )
            .withDetails('option', key)
            .withDetails('value', value);
    }
}
