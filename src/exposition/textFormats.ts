import { ExemplarWriter } from './ExemplarWriter';
import { FamilyRule, FamilySet, isIn, Line, MetricFamily, SampleValues, SINGLE_LINE } from './families';
import { ExpositionFormat } from './formats';
import { formatValue } from './formatValue';
import { escapeText } from './labels';
import { OpenMetricsNames } from './OpenMetricsNames';

/** How many characters a piece of text has before it is handed out. */
const PIECE_LENGTH = 64 * 1024;

/** The types as the text formats call them, with what stands around them: making it anew takes as long as all the rest. */
const TYPE_ENDS = {
    counter: ' counter\n',
    gauge: ' gauge\n',
    histogram: ' histogram\n',
    summary: ' summary\n',
    unknown: ' unknown\n',
    untyped: ' untyped\n',
} as const;

export type TextType = keyof typeof TYPE_ENDS;

const NO_LINE: Line = { suffix: '', label: '' };

/** The names and types of families where they are described. */
export interface MetadataNames {
    nameOf(family: MetricFamily): string;
    typeOf(family: MetricFamily): TextType;
}

/** What the text formats do not have in common. */
interface TextDialect {
    /** Makes what finds the name and the type in the metadata lines of a family, with places to pause. */
    readonly createNames: (sets: readonly FamilySet[]) => Generator<'', MetadataNames, void>;
    /** The characters that are escaped in HELP. */
    readonly escapedInHelp: RegExp;
    /** Whether a line must be left out of a series with negative values. */
    readonly omitsIfNegative: (rule: FamilyRule, suffix: string, value: number) => boolean;
    /** Whether a line can have an exemplar, by the type that the family is written with. */
    readonly takesExemplar: (type: string, suffix: string) => boolean;
    /** What follows the last line. */
    readonly end: string;
}

const TEXT_NAMES: MetadataNames = {
    nameOf: ({ name }) => name,
    typeOf: ({ rule }) => (rule.type === 'unknown' ? 'untyped' : rule.type),
};

/** Prometheus text format: Prometheus documentation, instrumenting/exposition_formats.md. */
export const TEXT_FORMAT: ExpositionFormat<string> = {
    mediaType: 'text/plain',
    parameters: { version: '0.0.4' },
    isExplicit: false,
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    write: writerOf({
        *createNames() {
            yield '';
            return TEXT_NAMES;
        },
        escapedInHelp: /[\\\n]/g,
        omitsIfNegative: () => false,
        takesExemplar: () => false,
        end: '',
    }),
};

/** OpenMetrics 1.0.0: Prometheus documentation, specs/om/open_metrics_spec.md. */
export const OPEN_METRICS_FORMAT: ExpositionFormat<string> = {
    mediaType: 'application/openmetrics-text',
    parameters: { version: '1.0.0' },
    isExplicit: false,
    contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    write: writerOf({
        createNames: (sets) => OpenMetricsNames.create(sets),
        escapedInHelp: /[\\"\n]/g,
        // "Histogram" and "Summary": a sum that may fall is no sum, there is no count of a histogram without its sum, and
        // no quantile is negative
        omitsIfNegative: ({ type }, suffix, value) =>
            suffix === '_sum' || (suffix === '_count' && type === 'histogram') || (suffix === '' && value < 0),
        // "Exemplars"
        takesExemplar: (type, suffix) => type === 'counter' || (type === 'histogram' && suffix === '_bucket'),
        end: '# EOF\n',
    }),
};

function writerOf(dialect: TextDialect): ExpositionFormat<string>['write'] {
    return function* (sets) {
        const names = yield* dialect.createNames(sets);
        let piece = '';
        for (const { families, values } of sets) {
            for (const family of families) {
                const { positions, offset } = family;
                if (!isIn(values, positions[0])) continue;
                piece += writeMetadata(family, names, dialect);
                const exemplars = exemplarsOf(family, values, names, dialect);
                for (let index = 0; index < positions.length; index++) {
                    const position = positions[index];
                    if (!isIn(values, position)) break;
                    piece += writeSeries(family, index, values, position + offset, dialect, exemplars);
                    if (piece.length >= PIECE_LENGTH) {
                        yield piece;
                        piece = '';
                    }
                }
            }
        }
        yield piece + dialect.end;
    };
}

function writeMetadata(family: MetricFamily, names: MetadataNames, { escapedInHelp }: TextDialect): string {
    const { help, rule } = family;
    const name = names.nameOf(family);
    const type = '# TYPE ' + name + TYPE_ENDS[names.typeOf(family)];
    return help === null ? type : `# HELP ${name} ${escapeText(help + rule.helpSuffix, escapedInHelp)}\n${type}`;
}

function exemplarsOf(
    family: MetricFamily,
    { exemplars }: SampleValues,
    names: MetadataNames,
    { takesExemplar }: TextDialect
): ExemplarWriter | undefined {
    if (exemplars === undefined) return undefined;
    const type = names.typeOf(family);
    return new ExemplarWriter(exemplars, (suffix) => takesExemplar(type, suffix));
}

function writeSeries(
    { name, rule, rules, labels }: MetricFamily,
    index: number,
    values: SampleValues,
    position: number,
    dialect: TextDialect,
    exemplars: ExemplarWriter | undefined
): string {
    const text = labels[index] ?? ' ';
    if (rule.lines === SINGLE_LINE) {
        const exemplar = exemplars === undefined ? '' : exemplars.write(position, '');
        return name + text + formatValue(values.numbers[position] ?? NaN) + exemplar + '\n';
    }
    return writeLines(name, rules?.[index] ?? rule, text, values, position, dialect, exemplars);
}

function writeLines(
    name: string,
    rule: FamilyRule,
    labels: string,
    { numbers }: SampleValues,
    position: number,
    dialect: TextDialect,
    exemplars: ExemplarWriter | undefined
): string {
    const { lines, extras } = rule;
    const isNegative = extras.negative !== undefined && numbers[position + extras.negative] === 1;
    // The labels up to where a further one can be added; most lines have all before that in common
    const start = labels === ' ' ? '{' : labels.slice(0, -2) + ',';
    let text = '';
    let headSuffix = '';
    let head = '';
    for (let line = 0; line < lines.length; line++) {
        const { suffix, label } = lines[line] ?? NO_LINE;
        const value = numbers[position + line] ?? NaN;
        if (isNegative && dialect.omitsIfNegative(rule, suffix, value)) continue;
        if (label !== '' && (head === '' || suffix !== headSuffix)) {
            headSuffix = suffix;
            head = name + suffix + start;
        }
        text += (label === '' ? name + suffix + labels : head + label) + formatValue(value);
        if (exemplars !== undefined) text += exemplars.write(position + line, suffix);
        text += '\n';
    }
    return text;
}
