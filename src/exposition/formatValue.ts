/** Writes a value as JavaScript does, but the infinities as the text formats name them. */
export function formatValue(value: number): string {
    if (value === Infinity) return '+Inf';
    if (value === -Infinity) return '-Inf';
    return String(value);
}
