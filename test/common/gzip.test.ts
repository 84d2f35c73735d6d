import { gunzipSync } from 'node:zlib';

import fc from 'fast-check';

import { gzipPieces } from '../../src/common/gzip';

function gzip(pieces: Iterable<string | Uint8Array>): Buffer {
    return Buffer.concat([...gzipPieces(pieces)].map((chunk) => Buffer.from(chunk)));
}

describe('gzipPieces', () => {
    test.each<[string, (string | Uint8Array)[], string]>([
        ['nothing', [], ''],
        ['one piece', ['orders 3\n'], 'orders 3\n'],
        ['text beyond ASCII', ['b\u00fcy', '\u{1f600}'], 'b\u00fcy\u{1f600}'],
        ['bytes and texts', [Buffer.from('0123').subarray(1, 3), 'x'], '12x'],
    ])('makes one whole member of %s', (_title, pieces, expected) => {
        expect(gunzipSync(gzip(pieces)).toString()).toBe(expected);
    });

    test('gives back any pieces', () => {
        fc.assert(
            fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
                expect(gunzipSync(gzip(pieces)).equals(Buffer.concat(pieces))).toBe(true);
            })
        );
    });

    test('takes a piece only when it is asked for more, and passes on places to pause', () => {
        let taken = 0;
        function* pieces(): Generator<string> {
            for (const piece of ['one', '', 'two']) {
                taken++;
                yield piece;
            }
        }
        const seen: [number, boolean][] = [];
        for (const chunk of gzipPieces(pieces())) seen.push([taken, chunk === '']);

        const [header, one, pause, two, end] = [0, 1, 2, 3, 3];
        expect(seen).toEqual([
            [header, false],
            [one, false],
            [pause, true],
            [two, false],
            [end, false],
        ]);
    });

    test('compresses the text of metrics to less than a fifth', () => {
        const line = (index: number) => `exec_time_count{service="orders",command="get_${index}"} ${index}\n`;
        const text = Array.from({ length: 2000 }, (_, index) => line(index)).join('');
        expect(gzip([text.slice(0, 65536), text.slice(65536)]).length).toBeLessThan(text.length / 5);
    });
});
