import { ConfigException, ConfigParams } from 'pip-services3-commons-nodex';

import { getText } from '../../common/options';

/** Whether a key holds one value or further keys; of a key that has no effect it does not matter. */
export type Shape = 'value' | 'section' | 'any';

/**
 * The options under one key of a configuration, in which they stand flat: `mappings.0.labels.method`.
 * An option that is null is not set.
 */
export class ConfigSection {
    /**
     * @param key       the flat key of this section, empty for the whole configuration.
     * @param entries   the options, with their keys below this section.
     */
    public constructor(
        public readonly key: string,
        private readonly entries: ReadonlyMap<string, string>
    ) {}

    /** Takes a whole configuration. */
    public static of(config: ConfigParams): ConfigSection {
        const entries = Object.keys(config).flatMap((key): [string, string][] => {
            const value = getText(config, key);
            return value === undefined ? [] : [[key, value]];
        });
        return new ConfigSection('', new Map(entries));
    }

    /** Gets a value as it stands, undefined if it is not set. */
    public get(name: string): string | undefined {
        return this.entries.get(name);
    }

    /** Gets a value, in which blanks around it do not count, and which is empty if it is not set. */
    public text(name: string): string {
        return this.entries.get(name)?.trim() ?? '';
    }

    /** Gets the options below a key. */
    public section(name: string): ConfigSection {
        return this.sections().get(name) ?? new ConfigSection(this.flatKey(name), new Map());
    }

    /** Gets the options below each key; a value that stands at the key itself has an empty name there. */
    public sections(): ReadonlyMap<string, ConfigSection> {
        const groups = new Map<string, Map<string, string>>();
        for (const [key, value] of this.entries) {
            const [name = '', ...rest] = key.split('.');
            const group = groups.get(name) ?? new Map<string, string>();
            groups.set(name, group);
            if (rest.length > 0 || !isNothing(value)) group.set(rest.join('.'), value);
        }
        return new Map([...groups].map(([name, group]) => [name, new ConfigSection(this.flatKey(name), group)]));
    }

    /** Checks if anything is set here. */
    public isEmpty(): boolean {
        return this.entries.size === 0;
    }

    /** Gets all options, in their order. */
    public all(): ReadonlyMap<string, string> {
        return this.entries;
    }

    /**
     * Checks that all keys are known, and that those hold one value or further keys as they should.
     *
     * @param hints     what to say of keys that are known to be wrong.
     * @throws ConfigException with the code WRONG_OPTION.
     */
    public check(shapes: Readonly<Record<string, Shape>>, hints: ReadonlyMap<string, string> = new Map()): void {
        const known = new Map(Object.entries(shapes));
        for (const [key, value] of this.entries) {
            const name = key.split('.', 1)[0] ?? '';
            const shape = known.get(name);
            if (key === '' || (shape === 'section' && key === name && !isNothing(value)))
                throw this.wrong(key, 'must have options of its own', value);
            if (shape === undefined) {
                const hint = hints.get(name) ?? `There are: ${[...known.keys()].join(', ')}`;
                throw this.wrong(key, `is not known. ${hint}`);
            }
            if (shape === 'value' && key !== name) throw this.wrong(key, `is not known, as ${name} is a single value`);
        }
    }

    /**
     * Gets one of several texts.
     *
     * @throws ConfigException with the code WRONG_OPTION.
     */
    public choice<T extends string, D>(name: string, allowed: readonly T[], defaultValue: D): T | D {
        const value = this.text(name);
        if (value === '') return defaultValue;
        const chosen = allowed.find((text) => text === value);
        if (chosen === undefined) throw this.wrong(name, `must be one of ${allowed.join(', ')}`, value);
        return chosen;
    }

    /** Makes the exception for an option: its flat key, what is wrong with it, and, if it helps, its value. */
    public wrong(name: string, problem: string, value?: string): ConfigException {
        const key = name === '' ? this.key : this.flatKey(name);
        const found = value === undefined ? '' : `, but is ${JSON.stringify(value)}`;
        const exception = new ConfigException(undefined, 'WRONG_OPTION', `Option ${key} ${problem}${found}`);
        exception.withDetails('option', key);
        if (value !== undefined) exception.withDetails('value', value);
        return exception;
    }

    private flatKey(name: string): string {
        return this.key === '' ? name : `${this.key}.${name}`;
    }
}

/** Checks for the text that an empty list or object arrives as, from a file or from ConfigParams.fromValue. */
function isNothing(value: string): boolean {
    return value === '' || value === '[object Object]';
}
