import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { generate } from '../../scripts/dashboards/generate';
import { queriesOf, readDashboards } from '../fixtures/dashboards';

const MONITORING = join(__dirname, '../../monitoring');

const dashboards = readDashboards();

test('the generated files are those that npm run dashboards writes', () => {
    const generated = generate(MONITORING);
    const committed = [...generated.keys()].map(
        (file) => [file, readFileSync(join(MONITORING, file), 'utf8')] as const
    );

    expect(new Map(committed)).toEqual(generated);
    expect(readdirSync(join(MONITORING, 'dashboards')).map((file) => `dashboards/${file}`)).toEqual(
        [...generated.keys()].filter((file) => file.startsWith('dashboards/')).sort()
    );
});

test('there is an overview for each way of recording, the process, and the way of the metrics', () => {
    expect([...dashboards.keys()].sort()).toEqual([
        'node-process',
        'push-and-exporter',
        'service-classic',
        'service-compatible',
        'service-native',
        'service-summary',
    ]);
    expect(new Set([...dashboards.values()].map(({ uid }) => uid)).size).toBe(dashboards.size);
});

describe.each([...dashboards])('the dashboard %s', (name, dashboard) => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row');

    test('has variables for the data source, the job, the instance, and the service if there is one', () => {
        const variables = dashboard.templating.list.map((variable) => variable.name);

        expect(variables).toEqual(
            name.startsWith('service-')
                ? ['datasource', 'job', 'service', 'instance']
                : ['datasource', 'job', 'instance']
        );
    });

    test('names no variable that it does not have', () => {
        const known = new Set(dashboard.templating.list.map((variable) => variable.name));
        const named = JSON.stringify(dashboard).match(/\$\{?[a-z_]+/g) ?? [];

        expect(named.length).toBeGreaterThan(10);
        expect(
            named.map((text) => text.replace(/\W/g, '')).filter((text) => !known.has(text) && !text.startsWith('__'))
        ).toEqual([]);
    });

    test.each(panels)('$title has a description, a unit, and legends', ({ description, fieldConfig, targets = [] }) => {
        expect(description).toMatch(/^[A-Z0-9].*\.$/);
        expect(fieldConfig?.defaults.unit).toMatch(/^[a-z_]+$/);
        expect(targets.length).toBeGreaterThan(0);
        expect(targets.filter(({ legendFormat }) => legendFormat === '')).toEqual([]);
    });

    test('has ids and places that no other panel has', () => {
        const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
            Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`)
        );

        expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
        expect(new Set(cells).size).toBe(cells.length);
        expect(Math.max(...dashboard.panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
    });

    test('substituting its variables leaves none', () => {
        const queries = queriesOf(dashboard, '1m');

        expect(queries.length).toBeGreaterThanOrEqual(panels.length);
        expect(queries.filter(({ expression }) => expression.includes('$'))).toEqual([]);
    });
});
