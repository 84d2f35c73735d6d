import { CounterType } from 'pip-services3-components-nodex';

import { CounterStore } from '../../src/count/CounterStore';
import { SeriesCounter } from '../../src/count/SeriesCounter';

const { Interval, Increment, LastValue, Statistics, Timestamp } = CounterType;
const HOSTILE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ' ', '\0', '\ud800', '1', '0'];

let store: CounterStore;

beforeEach(() => {
    store = new CounterStore();
});

function keys(): (readonly [string, CounterType])[] {
    return store.all().map(({ name, type }) => [name, type] as const);
}

describe('CounterStore', () => {
    test('is empty at first', () => {
        expect(store.size).toBe(0);
        expect(store.all()).toEqual([]);
        expect(store.find('a', Increment)).toBeUndefined();
    });

    test('finds what was added, by name and kind', () => {
        const types = [Interval, LastValue, Statistics, Timestamp, Increment];
        const added = types.map((type) => store.add('a', type) as SeriesCounter);
        expect(added.map(({ type }) => store.find('a', type))).toEqual(added);
        expect(new Set(added).size).toBe(5);
        expect(store.size).toBe(5);
        expect(store.find('b', Increment)).toBeUndefined();
    });

    test('adds counters without values', () => {
        expect(Object.entries(store.add('a', Statistics)).filter(([, value]) => value !== undefined)).toEqual([
            ['name', 'a'],
            ['type', Statistics],
        ]);
    });

    test('takes any string as a name', () => {
        for (const name of HOSTILE) expect(store.find(name, Increment)).toBeUndefined();
        const added = HOSTILE.map((name) => store.add(name, Increment));
        expect(HOSTILE.map((name) => store.find(name, Increment))).toEqual(added);
        expect(store.all()).toEqual(added);
        for (const name of HOSTILE) store.remove(name);
        expect(store.size).toBe(0);
        expect(Object.prototype).toEqual({});
    });

    test('keeps the order in which counters were added, numbers as names too', () => {
        store.add('2', Increment);
        store.add('b', Interval);
        store.add('1', Increment);
        store.add('b', Increment);
        store.add('a', LastValue);
        const expected = [
            ['2', Increment],
            ['b', Interval],
            ['1', Increment],
            ['b', Increment],
            ['a', LastValue],
        ];
        expect(keys()).toEqual(expected);
        store.remove('2');
        store.add('2', Increment);
        expect(keys()).toEqual([...expected.slice(1), ['2', Increment]]);
    });

    test('removes every kind of a name, and nothing else', () => {
        store.add('a', Increment);
        store.add('b', Increment);
        store.add('a', Interval);
        expect(store.remove('a')).toBe(true);
        expect(store.remove('a')).toBe(false);
        expect(store.remove('c')).toBe(false);
        expect(keys()).toEqual([['b', Increment]]);
        expect(store.size).toBe(1);
        expect(store.find('a', Interval)).toBeUndefined();
    });

    test('removes all', () => {
        expect(store.clear()).toBe(false);
        store.add('a', Increment);
        store.add('a', Interval);
        const before = store.all();
        expect(store.clear()).toBe(true);
        expect(before).toHaveLength(2);
        expect(store.all()).toEqual([]);
        expect(store.size).toBe(0);
        expect(store.find('a', Interval)).toBeUndefined();
        expect(store.clear()).toBe(false);
    });

    test('gives lists that later changes do not touch', () => {
        store.add('a', Increment);
        const before = store.all();
        store.add('b', Increment);
        store.remove('a');
        expect(before.map(({ name }) => name)).toEqual(['a']);
    });
});
