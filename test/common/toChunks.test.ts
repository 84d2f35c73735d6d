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
