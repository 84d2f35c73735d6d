/**
 * Writes a value as JavaScript does, but the infinities as the text formats name them.
 *
 * The texts of all numbers are kept by V8 in a table, in which those of averages are hardly ever found again: to fill it takes
 * longer than to write them. JSON gives the same texts, and leaves the table alone.
 */
export function formatValue(value: number): string {
    if ((value | 0) === value) return String(value);
    if (Number.isFinite(value)) return JSON.stringify(value);
    if (Number.isNaN(value)) return 'NaN';
    return value > 0 ? '+Inf' : '-Inf';
}
