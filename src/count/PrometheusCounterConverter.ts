/** @module count */
import { Counter } from 'pip-services3-components-nodex';

import { COMPATIBLE_EXPOSITION } from '../exposition/Exposition';
import { TEXT_FORMAT } from '../exposition/textFormats';
import { Renderer } from '../exposition/Renderer';

/** The renderers of the lists that were converted before, each by the first counter of its list and only as long as that lives. */
const renderers = new WeakMap<Counter, Renderer>();

/**
 * Converts performance counters into the Prometheus text format 0.0.4.
 *
 * The text is what {@link PrometheusMetricsService} answers and what {@link PrometheusCounters} pushes in the style compatible.
 * Counters that were recorded for the style idiomatic are converted as those of the other style, too.
 * Converting the same counters again is several times faster than the first time, as only their values are written anew.
 *
 * @see {@link PrometheusCounters}
 * @see {@link PrometheusMetricsService}
 *
 * ### Example ###
 *
 *     let counters = new PrometheusCounters();
 *     counters.increment("beacons.get_beacons.exec_count", 1);
 *
 *     let text = PrometheusCounterConverter.toString(counters.getAll(), "my-service", "host-1");
 *     // # TYPE exec_count gauge
 *     // exec_count{source="my-service",instance="host-1",service="beacons",command="get_beacons"} 1
 */
export class PrometheusCounterConverter {
    /**
     * Converts the given counters to Prometheus text.
     *
     * Null counters, counters without a name and missing values are left out; a series that appears twice is written once.
     *
     * @param counters  a list of counters to convert, may be null.
     * @param source    a source (context) name, left out when null or empty.
     * @param instance  a unique instance name (usually a host name), left out when null or empty.
     * @returns the text, or an empty string if there is nothing to write.
     */
    public static toString(counters: Counter[] | null, source: string | null, instance: string | null): string {
        if (counters == null) return '';
        let text = '';
        for (const piece of findRenderer(counters, source, instance).render(counters, TEXT_FORMAT)) {
            text += piece;
        }
        return text;
    }
}

function findRenderer(counters: readonly Counter[], source: string | null, instance: string | null): Renderer {
    const first = counters.find((counter: Counter | null) => counter != null);
    const known = first && renderers.get(first);
    if (known?.source === source && known.instance === instance) return known;

    const renderer = new Renderer(COMPATIBLE_EXPOSITION, source, instance);
    if (first) renderers.set(first, renderer);
    return renderer;
}
