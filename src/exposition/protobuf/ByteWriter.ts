const INITIAL_SIZE = 64 * 1024;

/** The wire types that are used here. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/**
 * Writes fields of protobuf messages, with numbers up to 15, into a buffer that grows.
 *
 * The encoding: Protocol Buffers documentation, programming-guides/encoding.
 */
export class ByteWriter {
    private _length = 0;
    private _bytes: Buffer;
    private _view: DataView;

    /** @param size for how many bytes there is room at first. */
    public constructor(size = INITIAL_SIZE) {
        this._bytes = Buffer.allocUnsafe(size);
        this._view = viewOf(this._bytes);
    }

    /** The number of bytes that are written and not taken yet. */
    public get length(): number {
        return this._length;
    }

    /** Writes a field of an integer type; the value must be an integer from 0 to 2^53 - 1. */
    public uint(field: number, value: number): void {
        this.tag(field, VARINT);
        this.varint(value);
    }

    /** Writes a field of the type sint32 or sint64. */
    public sint(field: number, value: number): void {
        this.tag(field, VARINT);
        this.signedVarint(value);
    }

    /** Writes a field of the type double; 0 for -0, as the text formats do. */
    public double(field: number, value: number): void {
        this.reserve(9);
        this._bytes[this._length] = (field << 3) | FIXED64;
        // Adding 0 makes 0 of -0
        this._view.setFloat64(this._length + 1, value + 0, true);
        this._length += 9;
    }

    /** Writes a field of the type string; lone surrogates become U+FFFD. */
    public string(field: number, value: string): void {
        const size = Buffer.byteLength(value);
        this.tag(field, LENGTH_DELIMITED);
        this.varint(size);
        this.reserve(size);
        this._length += this._bytes.write(value, this._length);
    }

    /** Writes fields that are encoded already. */
    public encoded(fields: Uint8Array): void {
        this.reserve(fields.length);
        this._bytes.set(fields, this._length);
        this._length += fields.length;
    }

    /** Begins a field that is a message or packed numbers; all that is written until its end() is part of it. */
    public begin(field: number): number {
        this.tag(field, LENGTH_DELIMITED);
        this.reserve(1);
        return ++this._length;
    }

    /**
     * Ends what was begun last, and writes its length before it.
     *
     * @param start what begin() returned.
     */
    public end(start: number): void {
        const size = this._length - start;
        // There is one byte for the length
        if (size < 0x80) this._bytes[start - 1] = size;
        else this.insertLength(start, 1);
    }

    /**
     * Inserts the length of all bytes from a place on, before them.
     *
     * @param start the place.
     * @param free  how many bytes before it are there for the length.
     */
    public insertLength(start: number, free = 0): void {
        const size = this._length - start;
        const missing = varintSize(size) - free;
        this.reserve(missing);
        this._bytes.copyWithin(start + missing, start, this._length);
        this._length = start - free;
        this.varint(size);
        this._length += size;
    }

    /** Writes an integer from 0 to 2^53 - 1 alone. */
    public varint(value: number): void {
        this.reserve(8);
        let rest = value;
        for (; rest > 0x7fffffff; rest = Math.floor(rest / 0x80)) this._bytes[this._length++] = (rest % 0x80) | 0x80;
        // Shifting is several times as fast, and takes 31 bits
        let bits = rest | 0;
        for (; bits >= 0x80; bits >>= 7) this._bytes[this._length++] = (bits & 0x7f) | 0x80;
        this._bytes[this._length++] = bits;
    }

    /** Writes an integer of a packed field of the type sint32 or sint64, from -2^52 to 2^52. */
    public signedVarint(value: number): void {
        this.varint(value < 0 ? -2 * value - 1 : 2 * value);
    }

    /** Takes back what was written last. */
    public truncate(length: number): void {
        this._length = length;
    }

    /** Writes another double over one that is there. */
    public replaceDouble(at: number, value: number): void {
        this._view.setFloat64(at, value + 0, true);
    }

    /** Gets some of what is written, as it is until more is written. */
    public part(start: number, end: number): Uint8Array {
        return this._bytes.subarray(start, end);
    }

    /** Gets what is written, and begins anew. */
    public take(): Uint8Array {
        const written = Buffer.from(this.part(0, this._length));
        this._length = 0;
        return written;
    }

    private tag(field: number, wireType: number): void {
        this.reserve(1);
        this._bytes[this._length++] = (field << 3) | wireType;
    }

    private reserve(size: number): void {
        if (this._length + size > this._bytes.length) this.grow(this._length + size);
    }

    private grow(size: number): void {
        const larger = Buffer.allocUnsafe(Math.max(size, 2 * this._bytes.length));
        larger.set(this._bytes.subarray(0, this._length));
        this._bytes = larger;
        this._view = viewOf(larger);
    }
}

function viewOf(bytes: Buffer): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function varintSize(value: number): number {
    let size = 1;
    for (; value >= 0x80; value = Math.floor(value / 0x80)) size++;
    return size;
}
