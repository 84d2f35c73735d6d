import { toChunks } from '../../src/common/toChunks';

async function collect(pieces: Iterable<string>): Promise<string[]> {
    const texts: string[] = [];
    for await (const bytes of toChunks(pieces)) texts.push(bytes.toString());
    return texts;
}

describe('toChunks', () => {
    afterEach(() => jest.restoreAllMocks());

    test.each<[string, string[], string[]]>([
        ['nothing', [], []],
        ['empty pieces only', ['', ''], []],
        ['pieces in their order', ['a', '', 'b', 'c'], ['a', 'b', 'c']],
        ['text beyond ASCII', ['€', '花火'], ['€', '花火']],
    ])('gives the bytes of %s', async (_title, pieces, expected) => {
        expect(await collect(pieces)).toEqual(expected);
    });

    test('lets the event loop turn each time 2 ms are used up, also on empty pieces', async () => {
        // The slice of this turn has begun by the time that is not mocked
        await new Promise((resolve) => setImmediate(resolve));
        let now = 0;
        jest.spyOn(performance, 'now').mockImplementation(() => now);
        let turns = 0;
        const turnsAtPiece: number[] = [];
        function* pieces(): Generator<string> {
            for (let index = 0; index < 9; index++) {
                turnsAtPiece.push(turns);
                now += 1;
                yield index % 2 === 0 ? 'x' : '';
            }
        }
        let running = true;
        const countTurns = (): void => {
            turns++;
            if (running) setImmediate(countTurns);
        };
        setImmediate(countTurns);

        await collect(pieces());
        running = false;

        expect(turnsAtPiece).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4]);
    });

    test('shares the time with other texts: many at once take no longer between two turns than one', async () => {
        await new Promise((resolve) => setImmediate(resolve));
        let now = 0;
        jest.spyOn(performance, 'now').mockImplementation(() => now);
        function* pieces(): Generator<string> {
            for (let index = 0; index < 10; index++) {
                now += 1;
                yield 'x';
            }
        }
        let longest = 0;
        let last = 0;
        let running = true;
        const look = (): void => {
            longest = Math.max(longest, now - last);
            last = now;
            if (running) setImmediate(look);
        };
        setImmediate(look);
        const all = Promise.all(Array.from({ length: 20 }, () => collect(pieces())));

        expect((await all).flat()).toHaveLength(200);
        running = false;

        expect(longest).toBe(2);
    });

    test('takes bytes as they are', async () => {
        const all = Buffer.from('0123456789');
        const chunks = [];
        for await (const bytes of toChunks([all.subarray(2, 4), new Uint8Array([65, 66]), 'c'])) chunks.push(bytes);

        expect(Buffer.concat(chunks).toString()).toBe('23ABc');
    });

    test('ends the iteration of the pieces when it is left early', async () => {
        let ended = false;
        function* pieces(): Generator<string> {
            try {
                for (;;) yield 'x';
            } finally {
                ended = true;
            }
        }

        for await (const bytes of toChunks(pieces())) {
            expect(bytes.toString()).toBe('x');
            break;
        }

        expect(ended).toBe(true);
    });

    test('passes on what the pieces throw', async () => {
        function* pieces(): Generator<string> {
            yield 'x';
            throw new Error('no more');
        }

        await expect(collect(pieces())).rejects.toThrow('no more');
    });
});
