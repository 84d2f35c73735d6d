import { Exemplar, FamilySet, MetricType } from '../exposition/families';
import { NO_MAPPING } from '../exposition/help';
import { formatLabel, joinLabels } from '../exposition/labels';
import { attempt, LeftOut, OnLeftOut } from './LeftOut';
import { readSample, Sample } from './readSample';
import { Series, SERIES_KINDS } from './series';

/** The grammar of names: Prometheus documentation, concepts/data_model.md. */
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

const TOTAL = '_total';

/** What is used of a metric of prom-client; each may be anything. */
type ForeignMetric = Partial<Record<'name' | 'help' | 'type' | 'values', unknown>>;

/** A series and the text of its labels. */
type LabeledSeries = readonly [labels: string, series: Series];

/**
 * Makes a metric family of a metric of a foreign registry, in the shape that prom-client gives. What is not legal is
 * left out; of a series that comes twice the first one counts.
 *
 * @param addsTotal     whether a counter gets the suffix `_total` if it does not have it.
 * @param onLeftOut     is told of what is left out.
 * @returns null if there are no series.
 */
export function readMetric(
    metric: unknown,
    addsTotal: boolean,
    onLeftOut: (metric: string, reason: string) => void
): FamilySet | null {
    const name = attempt(
        () => readName(metric),
        (reason) => onLeftOut('', reason)
    );
    if (name === null) return null;
    const report: OnLeftOut = (reason) => onLeftOut(name, reason);
    return attempt(() => readFamily(metric as ForeignMetric, name, addsTotal, report), report);
}

function readName(metric: unknown): string {
    const { name } = metric as ForeignMetric;
    if (typeof name === 'string' && METRIC_NAME.test(name)) return name;
    throw new LeftOut(`its name is not legal: ${String(name)}`);
}

function readFamily(
    { help, type: typeName, values }: ForeignMetric,
    name: string,
    addsTotal: boolean,
    onLeftOut: OnLeftOut
): FamilySet | null {
    if (values != null && !Array.isArray(values)) throw new LeftOut('its values are no list');
    const declared = readType(typeName);
    const samples = readSamples((values ?? []) as unknown[], name, declared, onLeftOut);
    // Only what goes up is a counter in OpenMetrics
    const type = declared === 'counter' && samples.some(({ value }) => !(value >= 0)) ? 'unknown' : declared;
    const series = makeSeries(samples, type, onLeftOut);
    const isTotal = declared !== 'counter' || !addsTotal || name.endsWith(TOTAL);
    return makeFamily(isTotal ? name : name + TOTAL, typeof help === 'string' && help !== '' ? help : null, series);
}

function readType(type: unknown): MetricType {
    return typeof type === 'string' && Object.hasOwn(SERIES_KINDS, type) ? (type as MetricType) : 'unknown';
}

function readSamples(values: readonly unknown[], name: string, type: MetricType, onLeftOut: OnLeftOut): Sample[] {
    const { boundLabel } = SERIES_KINDS[type];
    const illegal = new Set<string>();
    const samples = values.flatMap((value) => {
        const sample = attempt(() => readSample(value, name, boundLabel), onLeftOut);
        sample?.illegal.forEach((label) => illegal.add(label));
        return sample ?? [];
    });
    for (const label of illegal) onLeftOut(`the name of its label ${label} is not legal`);
    return samples;
}

/** Makes a series of all values that have the same labels, in any order. */
function makeSeries(samples: readonly Sample[], type: MetricType, onLeftOut: OnLeftOut): LabeledSeries[] {
    const groups = new Map<string, Sample[]>();
    for (const sample of samples) {
        const identity = sample.labels.map(formatLabel).sort().join(',');
        const group = groups.get(identity);
        if (group === undefined) groups.set(identity, [sample]);
        else group.push(sample);
    }
    return [...groups.values()].flatMap((group): LabeledSeries[] => {
        const series = attempt(() => SERIES_KINDS[type].make(group), onLeftOut);
        return series === null ? [] : [[joinLabels((group[0]?.labels ?? []).map(formatLabel)), series]];
    });
}

function makeFamily(name: string, help: string | null, all: readonly LabeledSeries[]): FamilySet | null {
    const [first] = all;
    if (first === undefined) return null;
    const numbers: number[] = [];
    const positions: number[] = [];
    const exemplars = new Map<number, Exemplar>();
    for (const [, series] of all) {
        const position = numbers.length;
        positions.push(position);
        numbers.push(...series.numbers);
        series.exemplars.forEach((exemplar, line) => exemplar && exemplars.set(position + line, exemplar));
    }
    const family = {
        name,
        metric: name,
        rule: first[1].rule,
        rules: all.map(([, { rule }]) => rule),
        mappingIndex: NO_MAPPING,
        help,
        labels: all.map(([labels]) => labels),
        positions,
        offset: 0,
    };
    return { families: [family], values: { numbers: new Float64Array(numbers), natives: [], exemplars } };
}
