/**
 * A set of series, each given by the text of its labels.
 *
 * Most metrics of a service have one series only, and then no Set is made.
 */
export class SeriesSet {
    private _all: Set<string> | null = null;

    /** @param _first   the first series. */
    public constructor(private readonly _first: string) {}

    /** Adds a series. @returns whether it was not there before. */
    public add(labels: string): boolean {
        if (this._all === null) {
            if (this._first === labels) return false;
            this._all = new Set([this._first]);
        }
        const before = this._all.size;
        return this._all.add(labels).size > before;
    }

    /** Makes another set of the same series. */
    public copy(): SeriesSet {
        const copy = new SeriesSet(this._first);
        copy._all = this._all && new Set(this._all);
        return copy;
    }
}
