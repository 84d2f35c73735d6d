import { escapeLabelValue, formatLabel, isFilled, joinLabels } from './labels';
import { Label } from './names';
import { Style } from './Style';

/** How labels of certain names are written. */
interface Template {
    readonly names: readonly string[];
    /** What stands before the first value, between two of them, and behind the last. */
    readonly texts: readonly string[];
    /** Which of the labels has each of the values. */
    readonly order: readonly number[];
}

/** Writes the labels of series, and remembers what those have in common that have labels of the same names. */
export class LabelTexts {
    private readonly _templates: Template[] = [];

    /** @param _common   the labels that all series have. */
    public constructor(
        private readonly _style: Pick<Style, 'joinLabels'>,
        private readonly _common: readonly Label[]
    ) {}

    /** Writes the common labels and those of one series as they stand between name and value. */
    public write(own: readonly Label[]): string {
        // The style decides whether an empty label is written
        if (!own.every(isFilled)) return joinLabels(this._style.joinLabels(this._common, own).map(formatLabel));
        const { texts, order } = this._templates.find(({ names }) => haveNames(own, names)) ?? this.addTemplate(own);
        const parts: string[] = [];
        for (let at = 0; at < order.length; at++) {
            parts.push(texts[at] ?? '', escapeLabelValue(own[order[at] ?? 0]?.[1] ?? ''));
        }
        parts.push(texts[order.length] ?? '');
        return parts.join('');
    }

    private addTemplate(own: readonly Label[]): Template {
        const names = own.map(([name]) => name);
        const labels = this._style.joinLabels(this._common, own);
        const texts: string[] = [];
        const order: number[] = [];
        let text = '{';
        for (const label of labels) {
            const index = names.indexOf(label[0]);
            if (index === -1) {
                text += `${formatLabel(label)},`;
            } else {
                texts.push(`${text}${label[0]}="`);
                order.push(index);
                text = '",';
            }
        }
        texts.push(labels.length === 0 ? ' ' : `${text.slice(0, -1)}} `);
        const template = { names, texts, order };
        this._templates.push(template);
        return template;
    }
}

function haveNames(labels: readonly Label[], names: readonly string[]): boolean {
    if (labels.length !== names.length) return false;
    for (let index = 0; index < names.length; index++) if (labels[index]?.[0] !== names[index]) return false;
    return true;
}
