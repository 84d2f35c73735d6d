import fc from 'fast-check';
import protobuf from 'protobufjs';

import { ByteWriter } from '../../../src/exposition/protobuf/ByteWriter';

function written(write: (writer: ByteWriter) => void): string {
    const writer = new ByteWriter();
    write(writer);
    return Buffer.from(writer.take()).toString('hex');
}

test.each([
    [0, '00'],
    [1, '01'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [16383, 'ff7f'],
    [16384, '808001'],
    [2 ** 31 - 1, 'ffffffff07'],
    [2 ** 31, '8080808008'],
    [2 ** 32 - 1, 'ffffffff0f'],
    [2 ** 32, '8080808010'],
    [2 ** 53 - 1, 'ffffffffffffff0f'],
])('the varint of %p is %s', (value, expected) => {
    expect(written((writer) => writer.varint(value))).toBe(expected);
});

test.each([
    [0, '00'],
    [-0, '00'],
    [-1, '01'],
    [1, '02'],
    [-64, '7f'],
    [64, '8001'],
    [-61, '79'],
    [-82, 'a301'],
    [2 ** 31 - 1, 'feffffff0f'],
    [-(2 ** 31), 'ffffffff0f'],
    [2 ** 52 - 1, 'feffffffffffff0f'],
    [-(2 ** 52), 'ffffffffffffff0f'],
])('the signed varint of %p is %s', (value, expected) => {
    expect(written((writer) => writer.signedVarint(value))).toBe(expected);
});

test.each([
    [1, '09000000000000f03f'],
    [-0, '090000000000000000'],
    [NaN, '09000000000000f87f'],
    [-Infinity, '09000000000000f0ff'],
])('the double %p in the field 1 is %s', (value, expected) => {
    expect(written((writer) => writer.double(1, value))).toBe(expected);
});

test.each([
    ['', '0a00'],
    ['up', '0a027570'],
    ['\u82b1\u{1f600}', '0a07e88ab1f09f9880'],
    ['a\ud800b\udc00', '0a0861efbfbd62efbfbd'],
])('the string %j in the field 1 is %s', (value, expected) => {
    expect(written((writer) => writer.string(1, value))).toBe(expected);
});

test.each([0, 1, 127, 128, 16383, 16384, 70000, 300000])(
    'a message of %p bytes in another one has its length before it',
    (size) => {
        const expected = protobuf.Writer.create().uint32(18).fork().uint32(10).bytes(new Uint8Array(size)).ldelim();
        const hex = written((writer) => {
            const outer = writer.begin(2);
            const inner = writer.begin(1);
            writer.encoded(new Uint8Array(size));
            writer.end(inner);
            writer.end(outer);
        });
        expect(hex === Buffer.from(expected.finish()).toString('hex')).toBe(true);
    }
);

test('grows within any kind of field', () => {
    for (let before = 64 * 1024 - 12; before <= 64 * 1024; before++) {
        const hex = written((writer) => {
            writer.encoded(new Uint8Array(before));
            writer.uint(1, 2 ** 53 - 1);
            writer.sint(2, -1);
            writer.double(3, 1);
            const message = writer.begin(4);
            writer.string(5, 'x'.repeat(130));
            writer.end(message);
        });
        const fields = '08ffffffffffffff0f' + '1001' + '19000000000000f03f' + '22' + '8501' + '2a8201';
        expect(hex.slice(2 * before)).toBe(fields + '78'.repeat(130));
    }
});

test('what was taken stays as it is, and what was taken back is gone', () => {
    const writer = new ByteWriter();
    writer.varint(1);
    const first = writer.take();
    writer.varint(2);
    writer.varint(3);
    writer.truncate(1);
    expect([...first, ...writer.take(), writer.length]).toEqual([1, 2, 0]);
});

test('protobufjs reads every safe integer back', () => {
    fc.assert(
        fc.property(fc.maxSafeNat(), fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 }), (unsigned, signed) => {
            const writer = new ByteWriter();
            writer.varint(unsigned);
            writer.signedVarint(signed);
            const reader = protobuf.Reader.create(writer.take());
            expect([Number(reader.uint64()), Number(reader.sint64())]).toEqual([unsigned, signed]);
        }),
        { numRuns: 1000 }
    );
});
