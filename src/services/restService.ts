import { ConfigException } from 'pip-services3-commons-nodex';

/** Nested, so that it does not clash with a restify of another version that the application asks for itself. */
const OVERRIDE = '"overrides": { "pip-services3-rpc-nodex": { "restify": "^12.0.0" } }';

type RestServiceModule = typeof import('pip-services3-rpc-nodex/obj/src/services/RestService');

/** The toolkit's base class of services, by its deep path, as the package's index loads far more. */
export const RestService = loadRestService().RestService;

function loadRestService(): RestServiceModule {
    try {
        return requireRestService();
    } catch (error) {
        throw explain(error as Error);
    }
}

/** A function of its own, because rollup leaves a require() between try and catch as it is. */
function requireRestService(): RestServiceModule {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import could not be explained when it fails
    return require('pip-services3-rpc-nodex/obj/src/services/RestService') as RestServiceModule;
}

/** The restify 10 that the toolkit asks for uses a part of Node that is gone since Node 24. */
function explain(error: Error): Error {
    if (!error.message.includes('http_parser')) return error;
    return new ConfigException(
        undefined,
        'RESTIFY_TOO_OLD',
        `The restify that pip-services3-rpc-nodex installs does not load on Node ${process.version} (${error.message}). ` +
            `Put ${OVERRIDE} into the package.json of your application, and install again ` +
            '(with pnpm and Yarn the key is another one: see docs/installing.md of pip-services3-prometheus-nodex). ' +
            'Counters alone work without: require("pip-services3-prometheus-nodex/obj/src/count")'
    ).withCause(error);
}
