/**
 * Writes a number as the labels `le` and `quantile` have it: the shortest digits that say it exactly, with an exponent
 * below 0.0001 and from 1000000 on, and `.0` where it would look like an integer.
 *
 * Prometheus writes it so from OpenMetrics and protobuf; any other spelling is another series. The rules: OpenMetrics
 * 1.0, "Canonical Numbers", and FormatFloat(x, 'g', -1, 64) of Go.
 */
export function formatBound(bound: number): string {
    if (!Number.isFinite(bound)) return Number.isNaN(bound) ? 'NaN' : bound > 0 ? '+Inf' : '-Inf';
    if (bound === 0) return '0.0';

    const [digits = '', exponent = ''] = bound.toExponential().split('e');
    const power = Number(exponent);
    if (power < -4 || power >= 6) {
        return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
    }
    return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
