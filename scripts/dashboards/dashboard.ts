import { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
    DashboardBuilder,
    DashboardCursorSync,
    DatasourceVariableBuilder,
    Panel,
    QueryVariableBuilder,
    RowBuilder,
    VariableRefresh,
    VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

import { DATA_SOURCE } from './panels';

/** The labels by which a dashboard can be narrowed. */
export type Variable = 'job' | 'service' | 'instance';

const LABELS: Readonly<Record<Variable, string>> = { job: 'Job', service: 'Service', instance: 'Instance' };

/** What a dashboard shows. */
export interface DashboardContent {
    /** The name of its file, and the end of its id. */
    readonly file: string;
    readonly title: string;
    readonly description: string;
    /** The metric whose labels the variables offer. */
    readonly metric: string;
    /** From the widest to the narrowest: each offers what there is of those before it. */
    readonly variables: readonly Variable[];
    readonly rows: readonly Row[];
}

export type Row = readonly [title: string, ...panels: Builder<Panel>[]];

/** Makes the JSON of a dashboard. */
export function buildDashboard(content: DashboardContent): string {
    const { file, title, description, metric, variables, rows } = content;
    // The successor of this schema is read by Grafana 12 and later only
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const builder = new DashboardBuilder(title)
        .uid(`pip-${file}`)
        .description(description)
        .tags(['pip-services', 'prometheus'])
        .timezone('browser')
        .time({ from: 'now-1h', to: 'now' })
        .refresh('30s')
        .editable()
        .tooltip(DashboardCursorSync.Crosshair)
        .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
    variables.forEach((name, index) => builder.withVariable(createVariable(name, metric, variables.slice(0, index))));
    for (const [row, ...panels] of rows) {
        builder.withRow(new RowBuilder(row));
        panels.forEach((panel) => builder.withPanel(panel));
    }
    const dashboard = builder.build();
    dashboard.panels?.forEach((panel, index) => (panel.id = index + 1));
    return `${JSON.stringify(dashboard, null, 2)}\n`;
}

/** The matchers of a query, for the variables that a dashboard has. */
export function matchers(variables: readonly Variable[]): string {
    return variables.map((name) => `${name}=~"$${name}"`).join(', ');
}

function createVariable(name: Variable, metric: string, before: readonly Variable[]): QueryVariableBuilder {
    const series = before.length === 0 ? metric : `${metric}{${matchers(before)}}`;
    const query = `label_values(${series}, ${name})`;
    return (
        new QueryVariableBuilder(name)
            .label(LABELS[name])
            .datasource(DATA_SOURCE)
            .query({ query, refId: name })
            .definition(query)
            .refresh(VariableRefresh.OnTimeRangeChanged)
            .sort(VariableSort.AlphabeticalAsc)
            .multi(true)
            .includeAll(true)
            // A series may be without the label
            .allValue('.*')
            .current({ text: 'All', value: '$__all' })
    );
}
