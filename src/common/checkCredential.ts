import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

/** Every key that is about credentials, also where the toolkit, which heeds the case, does not find it. */
const CREDENTIAL_KEY = /^credentials?(\.|$)/i;

/** Where the toolkit finds the parameters of a credential. */
const PARAMETER_KEY = /^(?:credential|credentials\.[^.]+)\.(.+)$/s;

/**
 * Checks that each key in `credential` and `credentials` is one that is read: what a misspelt one was to protect
 * would be open to all.
 *
 * @param parameters    the parameters that are read.
 * @throws ConfigException with the code WRONG_OPTION, and the option in the details. It does not have the value.
 */
export function checkCredential(config: ConfigParams, parameters: readonly string[]): void {
    for (const key of Object.keys(config)) {
        if (!CREDENTIAL_KEY.test(key)) continue;
        const parameter = PARAMETER_KEY.exec(key)?.[1];
        if (parameter !== undefined && parameters.includes(parameter)) continue;
        throw new ConfigException(
            undefined,
            'WRONG_OPTION',
            `Option ${key} is not known. A credential is written as credential.<parameter> or ` +
                `credentials.<name>.<parameter>, and the parameters are ${parameters.join(', ')}`
        ).withDetails('option', key);
    }
}

/** The last word of a key that looks as if it protected something. */
const SECRET_KEY =
    /(?:^|[^a-z])(?:user_?name|pass(?:word|wd)?|(?:access|secret|client|api)_?key|secret|token|authorization)$/i;

/**
 * Checks that nothing that looks like a credential stands outside of `credential` and `credentials`, where it is not read.
 *
 * @throws ConfigException with the code WRONG_OPTION, and the option in the details. It does not have the value.
 */
export function refuseStrayCredential(config: ConfigParams): void {
    const stray = Object.keys(config).find((key) => !CREDENTIAL_KEY.test(key) && SECRET_KEY.test(key));
    if (stray === undefined) return;
    throw new ConfigException(
        undefined,
        'WRONG_OPTION',
        `Option ${stray} is not known. What protects the routes is written as credential.<parameter>`
    ).withDetails('option', stray);
}
