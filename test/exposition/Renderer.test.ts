import fc from 'fast-check';
import { Counter } from 'pip-services3-components-nodex';

import { COMPATIBLE_EXPOSITION } from '../../src/exposition/Exposition';
import { OPEN_METRICS_FORMAT, TEXT_FORMAT } from '../../src/exposition/textFormats';
import { Renderer } from '../../src/exposition/Renderer';
import { increment, last, stats } from '../fixtures/counterOf';
import { CounterSet, hostileCounter, hostileSet, wellFormedSet } from '../fixtures/counterSets';
import { naiveExposition } from '../fixtures/naiveExposition';

type Counters = (Counter | null)[];

function render(renderer: Renderer, counters: Counters, format = TEXT_FORMAT): string {
    return [...renderer.render(counters, format)].join('');
}

function freshText(counters: Counters): string {
    return render(new Renderer(COMPATIBLE_EXPOSITION, 's', 'i'), counters);
}

describe('the formats', () => {
    test.each([
        ['nothing', [], '', '# EOF\n'],
        ['a counter', [increment('a', 1)], '# TYPE a gauge\na 1\n', '# TYPE a gauge\na 1\n# EOF\n'],
    ])('%s', (_, counters, text, openMetrics) => {
        expect(render(new Renderer(COMPATIBLE_EXPOSITION, null, null), counters, TEXT_FORMAT)).toBe(text);
        expect(render(new Renderer(COMPATIBLE_EXPOSITION, null, null), counters, OPEN_METRICS_FORMAT)).toBe(
            openMetrics
        );
    });

    test('OpenMetrics has the same lines and an end', () => {
        fc.assert(
            fc.property(fc.oneof(wellFormedSet, hostileSet), ({ counters, source, instance }: CounterSet) => {
                const renderer = new Renderer(COMPATIBLE_EXPOSITION, source, instance);
                const text = render(renderer, counters, TEXT_FORMAT);
                expect(render(renderer, counters, OPEN_METRICS_FORMAT)).toBe(text + '# EOF\n');
            })
        );
    });
});

describe('one renderer, again and again', () => {
    const renderer = new Renderer(COMPATIBLE_EXPOSITION, null, null);
    const requests = increment('a.b.exec_count', 1);
    const memory = stats('memory', { max: 4, min: 2 });
    const unset = last('temperature', undefined);
    const counters: Counters = [requests, memory, unset];

    test.each<[string, () => void, string]>([
        [
            'the first time',
            () => undefined,
            '# TYPE exec_count gauge\nexec_count{service="a",command="b"} 1\n' +
                '# TYPE memory_max gauge\nmemory_max 4\n# TYPE memory_min gauge\nmemory_min 2\n',
        ],
        [
            'other values',
            () => Object.assign(memory, { max: 7.5, min: -1 }),
            '# TYPE exec_count gauge\nexec_count{service="a",command="b"} 1\n' +
                '# TYPE memory_max gauge\nmemory_max 7.5\n# TYPE memory_min gauge\nmemory_min -1\n',
        ],
        [
            'more counters, one in a family that is there and one that folds to the same series',
            () => counters.push(increment('a.c.exec_count', 2), last('Memory.Max', 100)),
            '# TYPE exec_count gauge\nexec_count{service="a",command="b"} 1\nexec_count{service="a",command="c"} 2\n' +
                '# TYPE memory_max gauge\nmemory_max 7.5\n# TYPE memory_min gauge\nmemory_min -1\n',
        ],
        [
            'a value that was missing',
            () => (unset.last = 20),
            '# TYPE exec_count gauge\nexec_count{service="a",command="b"} 1\nexec_count{service="a",command="c"} 2\n' +
                '# TYPE memory_max gauge\nmemory_max 7.5\n# TYPE memory_min gauge\nmemory_min -1\n' +
                '# TYPE temperature gauge\ntemperature 20\n',
        ],
        [
            'without a counter in the middle: what it hid appears',
            () => counters.splice(1, 1),
            '# TYPE exec_count gauge\nexec_count{service="a",command="b"} 1\nexec_count{service="a",command="c"} 2\n' +
                '# TYPE temperature gauge\ntemperature 20\n# TYPE memory_max gauge\nmemory_max 100\n',
        ],
        [
            'without the last counters',
            () => (counters.length = 1),
            '# TYPE exec_count gauge\nexec_count{service="a",command="b"} 1\n',
        ],
        ['without any', () => (counters.length = 0), ''],
        ['with one', () => counters.push(unset), '# TYPE temperature gauge\ntemperature 20\n'],
    ])('%s', (_, change, expected) => {
        change();
        expect(render(renderer, counters)).toBe(expected);
        expect(render(renderer, counters)).toBe(expected);
        expect(render(new Renderer(COMPATIBLE_EXPOSITION, null, null), counters)).toBe(expected);
    });
});

/** A change of a list of counters; the number says where. */
const change = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), at: fc.nat(), counter: hostileCounter }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('values'), at: fc.nat(), counter: hostileCounter }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn'), at: fc.nat(), counter: hostileCounter }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), at: fc.nat(), counter: hostileCounter }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert'), at: fc.nat(), counter: hostileCounter }) }
);

function apply(counters: Counter[], { kind, at, counter }: { kind: string; at: number; counter: Counter }): void {
    const index = counters.length === 0 ? 0 : at % counters.length;
    const known = counters[index];
    if (kind === 'add') counters.push(counter);
    else if (kind === 'turn') counters.push(...counters.splice(0, index));
    else if (kind === 'insert') counters.splice(index, 0, counter);
    else if (kind === 'remove') counters.splice(index, 1);
    else if (known) Object.assign(known, counter, { name: known.name });
}

describe('any history of a list', () => {
    test('leaves no trace in the text', () => {
        fc.assert(
            fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
                const renderer = new Renderer(COMPATIBLE_EXPOSITION, 's', 'i');
                const counters: Counter[] = [];
                for (const each of changes) {
                    apply(counters, each);
                    const text = render(renderer, counters);
                    expect(text).toBe(freshText(counters));
                    expect(text).toBe(naiveExposition(counters, 's', 'i'));
                }
            }),
            { numRuns: 300 }
        );
    });
});

/** A list that takes several pieces of text and some hundred places to pause. */
function longList(size: number): Counter[] {
    return Array.from({ length: size }, (_, index) =>
        index % 2 === 0
            ? stats(`service-${index}.memory.exec_time`, { max: index, min: 0, average: index / 2, count: 9 })
            : increment(`service-${index}.get_something.exec_count`, index)
    );
}

describe('a body that is being written', () => {
    test('comes in pieces of about 64 KiB, with places to pause', () => {
        const counters = longList(4000);
        const pieces = [...new Renderer(COMPATIBLE_EXPOSITION, 's', 'i').render(counters, TEXT_FORMAT)];
        const lengths = pieces.map(({ length }) => length).filter((length) => length > 0);
        expect(pieces.join('')).toBe(naiveExposition(counters, 's', 'i'));
        expect(lengths.length).toBeGreaterThan(5);
        expect(Math.max(...lengths)).toBeLessThan(65 * 1024);
        expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThanOrEqual(64 * 1024);
        expect(pieces.filter((piece) => piece === '').length).toBeGreaterThanOrEqual(4000 / 256);
    });

    test('goes on as it began when other counters join its families', () => {
        const counters = longList(3000);
        const expected = freshText(counters);
        const renderer = new Renderer(COMPATIBLE_EXPOSITION, 's', 'i');
        const later = [...counters, increment('exec_time_max', 5), stats('a.b.exec_time', { max: 1 })];
        const body = renderer.render(counters, TEXT_FORMAT);
        let text = '';
        let isJoined = false;
        for (const piece of body) {
            text += piece;
            if (text.length < 100_000 || isJoined) continue;
            isJoined = true;
            expect(render(renderer, later)).toBe(naiveExposition(later, 's', 'i'));
        }

        expect(isJoined).toBe(true);
        expect(text).toBe(expected);
    });

    test('takes the values when it is asked for, not when it is written', () => {
        const counters = longList(3000);
        const expected = freshText(counters);
        const body = new Renderer(COMPATIBLE_EXPOSITION, 's', 'i').render(counters, TEXT_FORMAT);
        let text = '';
        for (const piece of body) {
            text += piece;
            for (const counter of counters) {
                counter.count += 1;
                counter.max = -1;
                counter.last = 5;
            }
        }
        expect(text).toBe(expected);
    });

    test('stays as it is when later bodies have new series, families and values, or fewer', () => {
        const renderer = new Renderer(COMPATIBLE_EXPOSITION, 's', 'i');
        const counters = longList(1500);
        const open: { body: Generator<string, void, void>; text: string; expected: string }[] = [];
        const changes = [
            () => counters.push(...longList(1800).slice(1500)),
            () => counters.push(last('a.new.family', 1), stats('and.another', { max: 1, count: 2 })),
            () => counters.forEach((counter) => (counter.count += 1)),
            () => counters.splice(700, 1),
            () => counters.push(...longList(2500).slice(1800)),
            () => counters.splice(0, 1000),
            () => counters.unshift(last('first', 1)),
            () => Object.assign(counters[5] ?? {}, { count: null }),
        ];
        const beginBody = () => {
            const list = [...counters];
            open.push({ body: renderer.render(list, TEXT_FORMAT), text: '', expected: freshText(list) });
        };
        const writeOne = (each: (typeof open)[number]) => {
            each.text += each.body.next().value ?? '';
        };

        beginBody();
        for (const make of changes) {
            for (let step = 0; step < 3; step++) open.forEach(writeOne);
            make();
            beginBody();
        }
        for (const each of open.toReversed()) {
            for (const piece of each.body) each.text += piece;
        }
        expect(open.map(({ text }) => text)).toEqual(open.map(({ expected }) => expected));
    });

    test('stays as it is in any order of changes and writing', () => {
        const step = fc.oneof(change, fc.record({ kind: fc.constant('write'), at: fc.nat() }));
        fc.assert(
            fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
                const renderer = new Renderer(COMPATIBLE_EXPOSITION, 's', 'i');
                const counters: Counter[] = [];
                const open: { body: Generator<string, void, void>; text: string; expected: string }[] = [];
                for (const each of steps) {
                    if ('counter' in each) {
                        apply(counters, each);
                        const list = [...counters];
                        open.push({ body: renderer.render(list, TEXT_FORMAT), text: '', expected: freshText(list) });
                    } else {
                        const body = open[each.at % (open.length || 1)];
                        if (body) body.text += body.body.next().value ?? '';
                    }
                }
                for (const { body, text, expected } of open) expect([text, ...body].join('')).toBe(expected);
            }),
            { numRuns: 300 }
        );
    });
});
