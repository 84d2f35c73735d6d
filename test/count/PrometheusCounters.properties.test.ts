import fc from 'fast-check';
import { CachedCounters, Counter, CounterType } from 'pip-services3-components-nodex';
import { PrometheusCounters as PublishedCounters } from 'pip-services3-prometheus-nodex-1.0.1';

import { PrometheusCounters } from '../../src/count';

const { Interval, Increment, LastValue, Statistics, Timestamp } = CounterType;

describe('beside 1.0.1', () => {
    const method = fc.constantFrom('increment', 'last', 'stats', 'endTiming');
    // Sums of larger ones are infinite in 1.0.1
    const value = fc.double({ noNaN: true, min: -1e306, max: 1e306 });

    test('the same values for the same measurements', () => {
        const calls = fc.array(fc.tuple(method, fc.constantFrom('a', 'b'), value), { maxLength: 50 });
        fc.assert(
            fc.property(calls, (sequence) => {
                const ours = new PrometheusCounters();
                const published: CachedCounters = new PublishedCounters();
                for (const [name, object, amount] of sequence) {
                    // 1.0.1 keeps one kind under a name
                    const counter = `${object}.${name}`;
                    record(ours, name, counter, amount);
                    record(published, name, counter, amount);
                }
                expect(ours.getAll().map(valuesOf)).toEqual(published.getAll().map(valuesOf));
            }),
            { numRuns: 500 }
        );
    });

    function record(counters: CachedCounters, name: string, counter: string, amount: number): void {
        if (name === 'increment') counters.increment(counter, amount);
        else if (name === 'last') counters.last(counter, amount);
        else if (name === 'stats') counters.stats(counter, amount);
        // 1.0.1 takes times below 0 as they are
        else counters.endTiming(counter, Math.abs(amount));
    }

    /** All values, and 0 for both zeros, which are written the same. */
    function valuesOf(counter: Counter): unknown[] {
        const { name, type, count, min, max, average, last } = counter;
        const plain = (number: number | undefined): number | undefined => (number === 0 ? 0 : number);
        return [name, type, plain(count), plain(min), plain(max), plain(average), plain(last)];
    }
});

/** What is kept of a counter: all that was recorded. */
interface Model {
    readonly name: string;
    readonly type: CounterType;
    readonly values: (number | Date)[];
}

type Step = (counters: PrometheusCounters, model: Map<string, Model>) => void;

describe('any sequence of calls', () => {
    const names = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '0', '1', 'é', '\ud800');
    const integers = fc.integer({ min: -1000, max: 1000 });

    function recording(
        type: CounterType,
        call: (counters: PrometheusCounters, name: string, value: number) => void,
        kept: (value: number) => number | Date = (value) => value
    ) {
        return fc.tuple(names, integers).map(([name, value]): Step => {
            return (counters, model) => {
                call(counters, name, value);
                entry(model, name, type).values.push(kept(value));
            };
        });
    }

    const steps: fc.Arbitrary<Step> = fc.oneof(
        recording(Increment, (counters, name, value) => counters.increment(name, value)),
        recording(LastValue, (counters, name, value) => counters.last(name, value)),
        recording(Statistics, (counters, name, value) => counters.stats(name, value)),
        recording(
            Interval,
            (counters, name, value) => counters.endTiming(name, value),
            (value) => Math.max(0, value)
        ),
        recording(
            Timestamp,
            (counters, name, value) => counters.timestamp(name, new Date(value)),
            (value) => new Date(value)
        ),
        names.map(
            (name): Step =>
                (counters) =>
                    counters.increment(name, NaN)
        ),
        names.map(
            (name): Step =>
                (counters) =>
                    counters.stats(name, Infinity)
        ),
        fc
            .tuple(names, fc.constantFrom(Increment, LastValue, Statistics, Interval, Timestamp))
            .map(([name, type]): Step => (counters, model) => {
                expect(counters.get(name, type)).toMatchObject({ name, type });
                entry(model, name, type);
            }),
        names.map((name): Step => {
            return (counters, model) => {
                counters.clear(name);
                for (const [key, counter] of model) if (counter.name === name) model.delete(key);
            };
        }),
        fc.constant<Step>((counters, model) => {
            counters.clearAll();
            model.clear();
        }),
        fc.constant<Step>((counters) => counters.dump())
    );

    test('gives what a list of all measurements gives', () => {
        fc.assert(
            fc.property(fc.array(steps, { maxLength: 100 }), (sequence) => {
                const counters = new PrometheusCounters();
                const model = new Map<string, Model>();
                for (const step of sequence) step(counters, model);
                expect(counters.getAll().map(stored)).toEqual([...model.values()].map(expected));
            }),
            { numRuns: 500 }
        );
    });

    function entry(model: Map<string, Model>, name: string, type: CounterType): Model {
        const key = JSON.stringify([name, type]);
        const known = model.get(key) ?? { name, type, values: [] };
        model.set(key, known);
        return known;
    }

    function stored(counter: Counter): unknown {
        const { name, type, count, min, max, last, time } = counter;
        // The sum that the average stands for is a whole number, but the average is rounded at every step
        const sum = (counter.average as number | undefined) === undefined ? undefined : counter.average * count;
        return { name, type, count, min, max, last, time, sum: sum === undefined ? undefined : Math.round(sum) };
    }

    function expected({ name, type, values }: Model): unknown {
        if (values.length === 0) return { name, type };
        if (type === Timestamp) return { name, type, time: values.at(-1) };
        const numbers = values as number[];
        const sum = numbers.reduce((total, value) => total + value, 0);
        if (type === Increment) return { name, type, count: sum };
        if (type === LastValue) return { name, type, last: numbers.at(-1) };
        const min = Math.min(...numbers);
        return { name, type, count: numbers.length, min, max: Math.max(...numbers), last: numbers.at(-1), sum };
    }
});
