/** The longest time, in ms, that Node's timers take. They take a longer one for 1 ms. */
export const MAX_DELAY = 2 ** 31 - 1;
