/** A graph that is worth a look. */
export interface Graph {
    readonly title: string;
    readonly expression: string;
}

export const GRAPHS: readonly Graph[] = [
    { title: 'Calls per second of each replica', expression: 'sum by (replica) (rate(exec_total[30s]))' },
    {
        title: 'Share of errors of each replica',
        expression: 'sum by (replica) (rate(exec_errors_total[30s])) / sum by (replica) (rate(exec_total[30s]))',
    },
    {
        title: '95th percentile of each command, over all replicas',
        expression: 'histogram_quantile(0.95, sum by (command) (rate(exec_time_seconds[30s])))',
    },
    { title: 'Memory of each replica', expression: 'process_resident_memory_bytes' },
];

/** The address of a graph of the last three minutes in Prometheus. */
export function linkTo(prometheus: string, { expression }: Graph): string {
    const parameters = { 'g0.expr': expression, 'g0.tab': '0', 'g0.range_input': '3m' };
    return `${prometheus}/graph?${new URLSearchParams(parameters).toString()}`;
}
