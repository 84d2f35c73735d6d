/** Keeps a number within the range of finite ones, which ends at ±1.8e308. */
export function limit(value: number): number {
    if (value > Number.MAX_VALUE) return Number.MAX_VALUE;
    return value < -Number.MAX_VALUE ? -Number.MAX_VALUE : value;
}
