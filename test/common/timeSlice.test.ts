import { hasTime, nextSlice } from '../../src/common/timeSlice';

let now = 0;

beforeEach(() => {
    // Later than all that was before, so that the last slice is forgotten
    now += 1_000_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => jest.restoreAllMocks());

test('a slice lasts 2 ms, and then another turn is needed', async () => {
    expect(hasTime()).toBe(true);
    now += 1.9;
    expect(hasTime()).toBe(true);
    now += 0.2;
    expect(hasTime()).toBe(false);

    await nextSlice();
    expect(hasTime()).toBe(true);
});

test('a slice that ended long ago is taken to be of another turn', () => {
    hasTime();
    now += 19;
    expect(hasTime()).toBe(false);
    now += 2;
    expect(hasTime()).toBe(true);
});

test('nobody is let in before those who wait, however long that takes, and each of them gets a turn', async () => {
    hasTime();
    now += 3;
    const order: string[] = [];
    const first = nextSlice().then(() => order.push('first'));
    const second = nextSlice().then(() => order.push('second'));
    now += 100;
    expect(hasTime()).toBe(false);

    await first;
    expect(order).toEqual(['first']);
    await second;
    expect(order).toEqual(['first', 'second']);
});

test('a clock that was set back begins a slice', () => {
    hasTime();
    now -= 5;
    expect(hasTime()).toBe(true);
});
