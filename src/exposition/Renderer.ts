import { Counter } from 'pip-services3-components-nodex';

import { ExpositionFormat } from './formats';
import { Layout } from './Layout';
import { Label } from './names';
import { Snapshot } from './Snapshot';

/** How many characters a piece of text has before it is handed out. */
const PIECE_LENGTH = 64 * 1024;

/** How many counters are laid out between two places where the caller can pause. */
const LAYOUT_STEP = 256;

/**
 * Writes counters as text, and remembers from one time to the next what does not change.
 */
export class Renderer {
    private readonly _common: readonly Label[];
    private _layout: Layout;

    /**
     * @param source    the value of the label `source`, which is left out when null or empty.
     * @param instance  the value of the label `instance`, which is left out when null or empty.
     */
    public constructor(
        public readonly source: string | null,
        public readonly instance: string | null
    ) {
        const labels: readonly (readonly [string, string | null])[] = [
            ['source', source],
            ['instance', instance],
        ];
        this._common = labels.filter((label): label is Label => label[1] != null && label[1] !== '');
        this._layout = new Layout(this._common);
    }

    /**
     * Takes the values of the counters at once, and writes them while it is iterated.
     *
     * @returns the text in pieces of about 64 KiB. An empty piece is nothing but a place to pause.
     */
    public render(counters: readonly (Counter | null)[], format: ExpositionFormat): Generator<string, void, void> {
        return this.write(new Snapshot(counters), format);
    }

    private *write(snapshot: Snapshot, format: ExpositionFormat): Generator<string, void, void> {
        const { families, labels, next } = yield* this.layOut(snapshot);
        const { sampleCount, values } = snapshot;
        let piece = '';
        for (const { name, first } of families) {
            // A later snapshot may have added samples and families to the layout; they are not in this one
            if (first >= sampleCount) break;
            piece += `# TYPE ${name} gauge\n`;
            for (let sample = first; sample < sampleCount; sample = next[sample] ?? sampleCount) {
                piece += name + (labels[sample] ?? '') + formatValue(values[sample] ?? NaN) + '\n';
                if (piece.length >= PIECE_LENGTH) {
                    yield piece;
                    piece = '';
                }
            }
        }
        yield piece + format.end;
    }

    /** Finds the layout of a snapshot: the last one, grown by the counters that are new, or else a fresh one. */
    private *layOut(snapshot: Snapshot): Generator<string, Layout, void> {
        const { length } = snapshot.suffixes;
        // Fewer counters than before: what was kept of those that are gone goes with them
        if (length < this._layout.size) this._layout = new Layout(this._common);
        let layout = this._layout;
        for (let index = 0; index < length; index++) {
            if (index === layout.size) {
                layout.add(snapshot, index);
            } else if (!layout.matches(snapshot, index)) {
                layout = this._layout = new Layout(this._common);
                index = -1;
            }
            if (index % LAYOUT_STEP === 0) yield '';
        }
        return layout;
    }
}

/** Writes a value as JavaScript does, but the infinities as the formats name them. */
function formatValue(value: number): string {
    if (value === Infinity) return '+Inf';
    if (value === -Infinity) return '-Inf';
    return String(value);
}
