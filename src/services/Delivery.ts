/**
 * What a reset has taken out of a store and handed to a client. It is kept until it is known whether the client has it.
 */
export class Delivery {
    /** Resolves when it is known, and what the client did not get is in the store again. */
    public readonly settled: Promise<void>;
    private _isWritten = false;
    private _resolve: ((restored?: Promise<void>) => void) | null = null;

    /** @param restore   puts back what was taken. */
    public constructor(private readonly _restore: () => Promise<void>) {
        this.settled = new Promise((resolve) => (this._resolve = resolve));
    }

    /** Whether the whole answer is handed over to the operating system. */
    public get isWritten(): boolean {
        return this._isWritten;
    }

    /** Notes that the whole answer is handed over to the operating system. */
    public markWritten(): void {
        this._isWritten = true;
    }

    /** The client has it: it is dropped. Only the first of both verdicts counts. */
    public confirm(): void {
        this._resolve?.();
        this._resolve = null;
    }

    /** The client does not have it: it is put back. Only the first of both verdicts counts. */
    public rollBack(): void {
        const resolve = this._resolve;
        this._resolve = null;
        resolve?.(this._restore());
    }
}
