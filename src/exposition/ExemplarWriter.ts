import { Exemplar } from './families';
import { formatValue } from './formatValue';
import { formatLabel, joinLabels } from './labels';

/** Writes the exemplars of one family as text: OpenMetrics 1.0, "Exemplars". */
export class ExemplarWriter {
    /**
     * @param _exemplars    the exemplars by the places of their values.
     * @param _takesExemplar    whether the lines with a suffix can have one.
     */
    public constructor(
        private readonly _exemplars: ReadonlyMap<number, Exemplar>,
        private readonly _takesExemplar: (suffix: string) => boolean
    ) {}

    /** Writes what follows a value; nothing if it has no exemplar, or its line can have none. */
    public write(position: number, suffix: string): string {
        const exemplar = this._exemplars.get(position);
        if (exemplar === undefined || !this._takesExemplar(suffix)) return '';
        const { labels, value, time } = exemplar;
        const text = labels.length === 0 ? '{} ' : joinLabels(labels.map(formatLabel));
        return ` # ${text}${formatValue(value)}${time === undefined ? '' : ` ${time}`}`;
    }
}
