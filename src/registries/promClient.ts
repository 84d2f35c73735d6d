import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';

import { ConfigException } from 'pip-services3-commons-nodex';

import { isRegistry, MetricsRegistry, requireRegistry } from './MetricsRegistry';

/** What is used of prom-client. */
export interface PromClient {
    readonly register: MetricsRegistry;
    readonly Registry: new () => MetricsRegistry;
    readonly collectDefaultMetrics: (options: { register: MetricsRegistry }) => void;
}

/** prom-client, and its successor. */
const PROM_CLIENTS = ['prom-client', '@prometheus-io/client'];

/**
 * Finds prom-client or its successor. Of several copies the one counts that is loaded already, seen from the file that
 * the process was started with and then from its working directory; else the one that this package finds.
 *
 * @param option    what needs it.
 * @throws ConfigException with the code PROM_CLIENT_MISSING if there is none.
 */
export function findPromClient(option: string): PromClient {
    const found =
        firstOf(PROM_CLIENTS, (name) => requireFromApplication(name, true)) ??
        requireOptional() ??
        firstOf(PROM_CLIENTS, (name) => requireFromApplication(name, false));
    if (found !== null) return found as PromClient;
    throw new ConfigException(
        undefined,
        'PROM_CLIENT_MISSING',
        `${option} needs prom-client, which is not installed. Run: npm install prom-client`
    ).withDetails('option', option);
}

/**
 * Finds the default registry of prom-client, or of a module of the application.
 *
 * @param module    the name of a module that exports `register` as prom-client does, or is a registry; true for prom-client.
 * @throws ConfigException if it cannot be loaded, or has no registry.
 */
export function findDefaultRegistry(module: string | true): MetricsRegistry {
    if (module === true) return findPromClient('options.prom_client').register;
    const found = requireFromApplication(module, false);
    if (found === null) {
        throw new ConfigException(
            undefined,
            'WRONG_OPTION',
            `Option options.prom_client must be true, false or a module that the application can load, but is "${module}"`
        )
            .withDetails('option', 'options.prom_client')
            .withDetails('value', module);
    }
    const { register } = found as Partial<PromClient>;
    return isRegistry(found) ? found : requireRegistry(register, `The export register of the module ${module}`);
}

/**
 * Loads what the package itself finds. Each name stands where bundlers see it, and between try and catch, which tells them
 * that it may be missing.
 */
function requireOptional(): unknown {
    try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be loaded in any case
        return require('prom-client') as unknown;
    } catch {
        try {
            // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
            return require('@prometheus-io/client') as unknown;
        } catch {
            return null;
        }
    }
}

/** Loads a module as a file of the application would. @returns null if it is not there, or not loaded and has to be. */
function requireFromApplication(name: string, mustBeLoaded: boolean): unknown {
    return firstOf(applicationFiles(), (file) => {
        const require = createRequire(file);
        const path = resolve(require, name);
        return path === null || (mustBeLoaded && require.cache[path] === undefined) ? null : (require(path) as unknown);
    });
}

function resolve(require: NodeJS.Require, name: string): string | null {
    try {
        return require.resolve(name);
    } catch {
        return null;
    }
}

/** Files that see the modules that the application sees. */
function applicationFiles(): string[] {
    const files = [process.argv[1], join(process.cwd(), 'index.js')];
    return files.filter((file) => file !== undefined && isAbsolute(file)) as string[];
}

function firstOf<T>(items: readonly T[], find: (item: T) => unknown): unknown {
    for (const item of items) {
        const found = find(item);
        if (found != null) return found;
    }
    return null;
}
