import { formatLabels } from './labels';
import { Label, parseCounterName } from './names';
import { kindOf } from './Snapshot';

/** A metric family: the series that share one metric name, in the order in which they are written. */
export class MetricFamily {
    /** The labels of each series, as they stand in its line. */
    public readonly labels: string[] = [];
    /** The number of the sample that holds the value of each series. */
    public readonly samples: number[] = [];
    private readonly _identities = new Set<string>();

    public constructor(public readonly name: string) {}

    /** Adds a series; one that is there already keeps the sample that it has. */
    public add(labels: string, identity: string, sample: number): void {
        if (this._identities.has(identity)) return;
        this._identities.add(identity);
        this.labels.push(labels);
        this.samples.push(sample);
    }
}

/**
 * All of an exposition that does not change while the counters live: families, series and their labels.
 *
 * It only grows, at its end, so that a body that is being written is not disturbed by the next one.
 * It holds no counters, only their names.
 */
export class Layout {
    /** The families in the order of first appearance, and so of their first sample. */
    public readonly families: MetricFamily[] = [];
    private readonly _familiesByName = new Map<string, MetricFamily>();
    private readonly _names: string[] = [];
    private readonly _shapes: number[] = [];
    private _sampleCount = 0;

    /** @param common the labels that come first in every series. */
    public constructor(private readonly common: readonly Label[]) {}

    /** The number of counters that are laid out. */
    public get size(): number {
        return this._names.length;
    }

    /** Whether the counter at an index is laid out with this name and these samples. */
    public matches(index: number, name: string, shape: number): boolean {
        return this._names[index] === name && this._shapes[index] === shape;
    }

    /** Lays out a counter behind the ones that are there. */
    public add(name: string, shape: number): void {
        this._names.push(name);
        this._shapes.push(shape);
        if (shape === 0) return;

        const { metric, labels } = parseCounterName(name);
        const all = [...this.common, ...labels];
        const text = formatLabels(all);
        // An empty label value means the same as no label: Prometheus documentation, concepts/data_model.md
        const identity = all.some(([, value]) => value === '')
            ? formatLabels(all.filter(([, value]) => value !== ''))
            : text;
        kindOf(shape)?.suffixes.forEach((suffix, position) => {
            if ((shape & (1 << position)) === 0) return;
            this.family(metric + suffix).add(text, identity, this._sampleCount++);
        });
    }

    private family(name: string): MetricFamily {
        let family = this._familiesByName.get(name);
        if (family === undefined) {
            family = new MetricFamily(name);
            this._familiesByName.set(name, family);
            this.families.push(family);
        }
        return family;
    }
}
