import { BASELINE } from './contestants.mjs';
import { judge } from './targets.mjs';

/** Formats a table in Markdown, with aligned columns so that it can be read on a terminal, too. */
export function formatTable(head, rows) {
    const widths = head.map((title, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
    const formatRow = (row) =>
        `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' | ')} |`;
    const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
    return [head, rule, ...rows].map(formatRow).join('\n');
}

/** One table for each suite; `formatCell` makes the cell of a measure and a contestant. */
function formatSuites(results, contestants, formatCell) {
    const rows = results.rows();
    const suites = new Set(rows.map(({ suite }) => suite));
    return [...suites].map((suite) =>
        formatTable(
            [suite, ...contestants],
            rows
                .filter((row) => row.suite === suite)
                .map((row) => [row.measure, ...contestants.map((name) => formatCell(row, name))])
        )
    );
}

/** Medians, and behind them how many times less than the baseline that is. */
export function formatMedians(results, contestants) {
    return formatSuites(results, contestants, ({ suite, measure, unit }, name) => {
        const value = results.value(suite, measure, name);
        if (value === undefined) return '-';
        const median = `${value < 100 ? value.toPrecision(3) : value.toFixed(0)} ${unit}`;
        const ratio = results.ratio(suite, measure, name);
        return name === BASELINE || ratio === undefined ? median : `${median} (${formatRatio(ratio)})`;
    }).join('\n\n');
}

/** Nothing but ratios: they are what can be compared between machines. */
export function formatRatios(results, contestants) {
    const others = contestants.filter((name) => name !== BASELINE);
    return formatSuites(results, others, ({ suite, measure }, name) => {
        const ratio = results.ratio(suite, measure, name);
        return ratio === undefined ? '-' : formatRatio(ratio);
    }).join('\n\n');
}

export function formatVerdicts(results) {
    return formatTable(['Target', 'wanted', 'measured', ''], judge(results));
}

function formatRatio(ratio) {
    return ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0);
}
