import {
    GraphDrawStyle,
    LegendDisplayMode,
    LegendPlacement,
    ReduceDataOptionsBuilder,
    SortOrder,
    StackingConfigBuilder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
    VizLegendOptionsBuilder,
    VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source that is chosen at the top of a dashboard. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The units of Grafana that the panels use. */
export type Unit = 's' | 'ms' | 'ops' | 'percentunit' | 'bytes' | 'short' | 'none' | 'mps';

/** A line or several of a panel: what each is called, where `{{label}}` is the value of a label, and the query. */
export type Query = readonly [legend: string, expression: string];

/** What is said of a panel besides its queries. */
export interface About {
    readonly title: string;
    readonly description: string;
    readonly unit: Unit;
    /** The width in columns, of which there are 24. */
    readonly span?: number;
    /** That values may be below 0. */
    readonly signed?: boolean;
}

/** A panel of lines over time. */
export function graph(about: About, ...queries: readonly Query[]): TimeSeriesBuilder {
    const panel = new TimeSeriesBuilder()
        .title(about.title)
        .description(about.description)
        .unit(about.unit)
        .span(about.span ?? 12)
        .height(8)
        .datasource(DATA_SOURCE)
        .drawStyle(GraphDrawStyle.Line)
        .fillOpacity(5)
        .showPoints(VisibilityMode.Never)
        .legend(
            new VizLegendOptionsBuilder()
                .showLegend(true)
                .displayMode(LegendDisplayMode.Table)
                .placement(LegendPlacement.Bottom)
                .calcs(['lastNotNull', 'max'])
        )
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
    if (about.signed !== true) panel.min(0);
    queries.forEach((query, index) => panel.withTarget(target(query, index)));
    return panel;
}

/** A panel of areas on top of each other. */
export function stack(about: About, ...queries: readonly Query[]): TimeSeriesBuilder {
    return graph(about, ...queries)
        .fillOpacity(30)
        .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** A panel of one number. */
export function stat(about: About, expression: string): StatBuilder {
    return new StatBuilder()
        .title(about.title)
        .description(about.description)
        .unit(about.unit)
        .span(about.span ?? 6)
        .height(4)
        .datasource(DATA_SOURCE)
        .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
        .withTarget(target([about.title, expression], 0));
}

function target([legend, expression]: Query, index: number): DataqueryBuilder {
    return new DataqueryBuilder()
        .refId(String.fromCharCode('A'.charCodeAt(0) + index))
        .datasource(DATA_SOURCE)
        .expr(expression)
        .legendFormat(legend)
        .range();
}
