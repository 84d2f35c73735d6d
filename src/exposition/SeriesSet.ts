/**
 * A set of series, each given by the text of its labels.
 *
 * Most metrics of a service have one series only, and then no Set is made.
 */
export class SeriesSet {
    private _only: string | null = null;
    private _all: Set<string> | null = null;

    /** Adds a series. @returns whether it was not there before. */
    public add(labels: string): boolean {
        if (this._all === null) {
            if (this._only === labels) return false;
            if (this._only === null) {
                this._only = labels;
                return true;
            }
            this._all = new Set([this._only]);
        }
        const before = this._all.size;
        return this._all.add(labels).size > before;
    }

    /** Makes another set of the same series. */
    public copy(): SeriesSet {
        const copy = new SeriesSet();
        copy._only = this._only;
        copy._all = this._all && new Set(this._all);
        return copy;
    }
}
