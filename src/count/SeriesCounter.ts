import { Counter, CounterType } from 'pip-services3-components-nodex';

import { CounterSeries } from '../exposition/Exposition';
import { averageSum, Measured, sumOf } from '../exposition/measured';
import { Histogram } from './histogram/Histogram';
import { limit } from './limit';

/** The age of a value that was recorded here: newer than any take. A small integer, which takes no memory of its own. */
const RECORDED = 2 ** 30 - 1;

/** That a counter was written since that was looked at last. */
const WRITTEN = -1;

/** What is in a counter: any value may be missing, as all are at first. */
type Values = Partial<Counter>;

/**
 * What a plain counter got back: it is as old as its take as long as it is still there. The same number recorded anew
 * cannot be told from it, as a plain counter says nothing when it is written.
 */
interface RestoredValue {
    readonly age: number;
    readonly last: unknown;
    readonly time: unknown;
}

const restoredValues = new WeakMap<Counter, RestoredValue>();

/**
 * A counter that knows how values are added and merged.
 *
 * It looks like the toolkit's counter: what it keeps beside is hidden, so that lists of counters show the fields that they always
 * showed. What is beyond the range of numbers stays at its end, ±1.8e308: finite values never make an infinity.
 */
export class SeriesCounter extends Counter implements Measured {
    /** Of what was observed. The product of average and count is not it: that falls now and then, by its rounding. */
    #sum = 0;
    /** The count that belongs to the sum. The public one may be changed by whoever got the counter. */
    #summed = 0;
    #created = Date.now();
    #age = RECORDED;
    #series: CounterSeries | null;
    #histogram: Histogram | null;
    #idleSince = WRITTEN;

    /** @param series   the series that the counter is, if that is known already. */
    public constructor(name: string, type: CounterType, series: CounterSeries | null = null) {
        super(name, type);
        this.#series = series;
        this.#histogram = series?.kind.histogram ? new Histogram(series.kind.histogram) : null;
    }

    /** The series that the counter is; null if that is found out when it is exposed. */
    public get series(): CounterSeries | null {
        return this.#series;
    }

    /** Has the counter be another series. What was observed goes into the histogram that this one has, if it has one. */
    public set series(series: CounterSeries | null) {
        this.#series = series;
        const options = series?.kind.histogram ?? null;
        if (options === (this.#histogram?.options ?? null)) return;
        const histogram = options && new Histogram(options);
        if (histogram !== null) addObservations(histogram, this);
        this.#histogram = histogram;
    }

    public get histogram(): Histogram | null {
        return this.#histogram;
    }

    /** When the counter was made, in ms since the epoch; of those that were merged the earliest. */
    public get created(): number {
        return this.#created;
    }

    /** The sum of all observed values; undefined if there are none. If somebody else set the count, the average tells it. */
    public get sum(): number | undefined {
        return this.count === this.#summed ? limit(this.#sum) : averageSum(this);
    }

    /** Adds to the count. @returns false if the series does not go down, as this would make it. */
    public add(value: number): boolean {
        if (value < 0 && this.#series?.kind.goesDown === false) return false;
        this.count = this.count ? limit(this.count + value) : value;
        this.#idleSince = WRITTEN;
        return true;
    }

    /** Adds a value to the statistics. */
    public observe(value: number): void {
        const { max, min, average } = valuesOf(this);
        const sum = this.count === this.#summed ? this.#sum : (averageSum(this) ?? 0);
        const count = this.count ? this.count + 1 : 1;
        this.last = value;
        this.count = count;
        this.max = max == null || value > max ? value : max;
        this.min = min == null || value < min ? value : min;
        this.average = average == null || count === 1 ? value : addToAverage(average, count, value);
        this.#sum = count === 1 ? value : sum + value;
        this.#summed = count;
        this.#histogram?.observe(value);
        this.#age = RECORDED;
        this.#idleSince = WRITTEN;
    }

    /** Sets the last value. */
    public set(value: number): void {
        this.last = value;
        this.#age = RECORDED;
        this.#idleSince = WRITTEN;
    }

    /** Sets the timestamp. */
    public setTime(value: Date): void {
        this.time = value;
        this.#age = RECORDED;
        this.#idleSince = WRITTEN;
    }

    /**
     * Checks if nothing was written for longer than the series is kept. That takes two looks: the first one notes the time.
     *
     * @param now   the time in ms.
     */
    public isExpired(now: number): boolean {
        const ttl = this.#series?.kind.ttl ?? 0;
        if (ttl === 0) return false;
        if (this.#idleSince === WRITTEN) this.#idleSince = now;
        return now - this.#idleSince >= ttl;
    }

    /** Notes that somebody else may write the counter. */
    public touch(): void {
        this.#idleSince = WRITTEN;
    }

    /**
     * Adds the values of a counter that was taken out to those of the counter that took its place.
     * Either may be a counter of the toolkit.
     *
     * @param order     the place of the take among all: the last value and the timestamp of the later one stay.
     */
    public static merge(live: Counter, taken: Counter, order = RECORDED): void {
        const sum = combine(sumOf(live), sumOf(taken), add);
        if (live instanceof SeriesCounter && live.#histogram !== null) addObservations(live.#histogram, taken);
        mergeStatistics(live, taken);
        SeriesCounter.mergeLast(live, taken, Math.min(order, SeriesCounter.ageOf(taken)));
        if (!(live instanceof SeriesCounter)) return;
        if (sum !== undefined) {
            live.#sum = sum;
            live.#summed = live.count;
        }
        if (taken instanceof SeriesCounter) live.#created = Math.min(live.#created, taken.#created);
    }

    private static mergeLast(live: Counter, taken: Values, age: number): void {
        if (age <= SeriesCounter.ageOf(live)) return;
        if (taken.last != null) live.last = taken.last;
        if (taken.time != null) live.time = taken.time;
        if (live instanceof SeriesCounter) live.#age = age;
        else restoredValues.set(live, { age, last: live.last, time: live.time });
    }

    /** The take that the last value or the timestamp stems from, -Infinity if there is none. */
    private static ageOf(counter: Counter): number {
        const { last, time } = valuesOf(counter);
        if (last == null && time == null) return -Infinity;
        if (counter instanceof SeriesCounter) return counter.#age;
        const restored = restoredValues.get(counter);
        return restored && Object.is(restored.last, last) && restored.time === time ? restored.age : RECORDED;
    }
}

/** Adds to a histogram what another counter has observed; of one without a histogram only the highest value is known. */
function addObservations(histogram: Histogram, counter: Counter): void {
    const { max, count } = valuesOf(counter);
    const other = counter instanceof SeriesCounter ? counter.histogram : null;
    if (other !== null) histogram.merge(other);
    else if (Number.isSafeInteger(count) && Number.isFinite(max))
        histogram.add(max ?? 0, count ?? 0, sumOf(counter) ?? 0);
}

/** The toolkit declares that no value is ever missing. */
function valuesOf(counter: Counter): Values {
    return counter;
}

/** The average is worked out as in the toolkit, as it is part of the text. Only what that makes infinite is not. */
function addToAverage(average: number, count: number, value: number): number {
    const result = (average * (count - 1) + value) / count;
    return Number.isFinite(result) ? result : limit(average * ((count - 1) / count) + value / count);
}

function mergeStatistics(live: Values, taken: Values): void {
    const average = mergeAverages(live, taken);
    const count = combine(live.count, taken.count, add);
    const max = combine(live.max, taken.max, Math.max);
    const min = combine(live.min, taken.min, Math.min);
    // A value that is missing in both stays missing, so that the counter gets no further fields
    if (count !== undefined) live.count = count;
    if (max !== undefined) live.max = max;
    if (min !== undefined) live.min = min;
    if (average !== undefined) live.average = average;
}

function mergeAverages(live: Values, taken: Values): number | undefined {
    const liveCount = live.count ?? 0;
    const takenCount = taken.count ?? 0;
    const count = liveCount + takenCount;
    return combine(live.average, taken.average, (a, b) => {
        if (count === 0) return a;
        const result = (a * liveCount + b * takenCount) / count;
        return Number.isFinite(result) ? result : limit(a * (liveCount / count) + b * (takenCount / count));
    });
}

/** Combines two values of which one or both may be missing. */
function combine(
    a: number | null | undefined,
    b: number | null | undefined,
    merge: (a: number, b: number) => number
): number | undefined {
    if (a == null) return b ?? undefined;
    return b == null ? a : merge(a, b);
}

function add(a: number, b: number): number {
    return limit(a + b);
}
