import { createRequire } from 'node:module';

import { ConfigException } from 'pip-services3-commons-nodex';

const PATH = 'pip-services3-rpc-nodex/obj/src/services/RestService';

type RestServiceModule = typeof import('pip-services3-rpc-nodex/obj/src/services/RestService');

/** The toolkit's base class of services, by its deep path, as the package's index loads far more. */
export const RestService = loadRestService().RestService;

function loadRestService(): RestServiceModule {
    try {
        return createRequire(__filename)(PATH) as RestServiceModule;
    } catch (error) {
        throw explain(error as Error);
    }
}

/** The restify 10 that the toolkit asks for uses a part of Node that is gone since Node 24. */
function explain(error: Error): Error {
    if (!error.message.includes('http_parser')) return error;
    return new ConfigException(
        undefined,
        'RESTIFY_TOO_OLD',
        `The restify that pip-services3-rpc-nodex installs does not load on Node ${process.version} (${error.message}). ` +
            'Put "overrides": { "restify": "^12.0.0" } into the package.json of your application, and install again. ' +
            'Counters alone work without: require("pip-services3-prometheus-nodex/obj/src/count")'
    ).withCause(error);
}
