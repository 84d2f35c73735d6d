import { ConfigParams } from 'pip-services3-commons-nodex';

import { checkCredential } from '../common/checkCredential';
import { checkWholeNumbers, getText } from '../common/options';
import { getSwitch } from '../common/switches';
import {
    ExpositionOptions,
    hasExpositionOptions,
    readExpositionOptions,
} from '../exposition/mapping/readExpositionOptions';
import { CREDENTIAL_PARAMETERS } from '../push/credentials';

const WHOLE_NUMBERS = [
    'interval',
    'options.interval',
    'reset_timeout',
    'options.reset_timeout',
    'options.max_counters',
    'options.retries',
    'options.connect_timeout',
    'options.timeout',
];

/** What a configuration says that neither the toolkit's counters read nor the push. */
export interface CounterOptions {
    readonly source: string | undefined;
    readonly instance: string | undefined;
    readonly pushEnabled: boolean;
    readonly deleteOnClose: boolean;
    readonly maxCounters: number;
    /** What becomes of names and types; null if nothing was said of that yet. */
    readonly exposition: ExpositionOptions | null;
}

export const DEFAULT_OPTIONS: CounterOptions = {
    source: undefined,
    instance: undefined,
    pushEnabled: true,
    deleteOnClose: false,
    maxCounters: 0,
    exposition: null,
};

/**
 * Reads the options of the counters, and checks those that others read.
 *
 * @param current   what counts for options that are not configured.
 * @throws ConfigException with the code WRONG_OPTION.
 */
export function readCounterOptions(config: ConfigParams, current: CounterOptions): CounterOptions {
    checkWholeNumbers(config, WHOLE_NUMBERS);
    checkCredential(config, CREDENTIAL_PARAMETERS);
    return {
        source: getText(config, 'source') ?? current.source,
        instance: getText(config, 'instance') ?? current.instance,
        pushEnabled: getSwitch(config, 'push_enabled', current.pushEnabled),
        deleteOnClose: getSwitch(config, 'options.delete_on_close', current.deleteOnClose),
        maxCounters: config.getAsLongWithDefault('options.max_counters', current.maxCounters),
        exposition: hasExpositionOptions(config) ? readExpositionOptions(config) : current.exposition,
    };
}
