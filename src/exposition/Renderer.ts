import { Counter } from 'pip-services3-components-nodex';

import { Exposition } from './Exposition';
import { FamilySet, MetricFamily } from './families';
import { ExpositionFormat, Piece } from './formats';
import { Layout } from './Layout';
import { ForeignFamilies, leaveOutConflicts } from './leaveOutConflicts';
import { Label } from './names';
import { Snapshot } from './Snapshot';

/** How many counters are laid out between two places where the caller can pause. */
const LAYOUT_STEP = 256;

/**
 * Writes counters in a style, and remembers from one time to the next what does not change.
 */
export class Renderer {
    private readonly _common: readonly Label[];
    private _layout: Layout;

    /**
     * @param exposition   which families, series and labels there are.
     * @param source    the value of the label `source`, which is left out when null or empty.
     * @param instance  the value of the label `instance`, which is left out when null or empty.
     */
    public constructor(
        public readonly exposition: Exposition,
        public readonly source: string | null,
        public readonly instance: string | null
    ) {
        const labels: readonly (readonly [string, string | null])[] = [
            ['source', source],
            ['instance', instance],
        ];
        this._common = labels.filter((label): label is Label => label[1] != null && label[1] !== '');
        this._layout = new Layout(exposition, this._common, null);
    }

    /**
     * Takes the values of the counters at once, and writes them while it is iterated.
     *
     * @param foreign   what is written behind the counters.
     * @returns the body in pieces of about 64 KiB.
     */
    public render<P extends Piece>(
        counters: readonly (Counter | null)[],
        format: ExpositionFormat<P>,
        foreign: ForeignFamilies | null = null
    ): Generator<P | '', void, void> {
        return this.write(new Snapshot(counters, this.exposition.style), format, foreign);
    }

    private *write<P extends Piece>(
        snapshot: Snapshot,
        format: ExpositionFormat<P>,
        foreign: ForeignFamilies | null
    ): Generator<P | '', void, void> {
        const families = yield* this.layOut(snapshot);
        const own: FamilySet = { families, values: snapshot.values };
        yield* format.write(foreign === null ? [own] : [own, ...(yield* leaveOutConflicts(own, foreign))]);
    }

    /** Finds the families of a snapshot: in the last layout, grown by the counters that are new, or else in a fresh one. */
    private *layOut(snapshot: Snapshot): Generator<'', readonly MetricFamily[], void> {
        const { length } = snapshot.rules;
        // Fewer counters than before: what was kept of those that are gone goes with them
        if (length < this._layout.size) this._layout = this.succeed(this._layout);
        let layout = this._layout;
        for (let index = 0; index < length; index++) {
            if (index === layout.size) {
                layout.add(snapshot, index);
            } else if (!layout.matches(snapshot, index)) {
                layout = this._layout = this.succeed(layout);
                index = -1;
            }
            if (index % LAYOUT_STEP === 0) yield '';
        }
        return yield* layout.arrange();
    }

    private succeed(former: Layout): Layout {
        return new Layout(this.exposition, this._common, former);
    }
}
