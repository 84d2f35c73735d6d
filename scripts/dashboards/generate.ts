import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { buildDashboard } from './dashboard';
import { NODE_PROCESS } from './nodeProcess';
import { PUSH_AND_EXPORTER } from './pushAndExporter';
import { SERVICE_OVERVIEWS } from './serviceOverview';

const DASHBOARDS = [...SERVICE_OVERVIEWS, NODE_PROCESS, PUSH_AND_EXPORTER];

/** The rules that the Prometheus Operator gets. */
const RULE_FILES = ['recording-idiomatic.yml', 'recording-compatible.yml', 'recording-slo.yml', 'alerts.yml'];

/**
 * Makes the generated files of monitoring/: their paths in that folder, and their texts.
 * @param monitoring the folder, of which the rules are read.
 */
export function generate(monitoring: string): ReadonlyMap<string, string> {
    const dashboards = DASHBOARDS.map(
        (content) => [`dashboards/${content.file}.json`, buildDashboard(content)] as const
    );
    return new Map([...dashboards, ['kubernetes/prometheus-rule.yml', prometheusRule(monitoring)]]);
}

function prometheusRule(monitoring: string): string {
    const groups = RULE_FILES.flatMap((file) => {
        const rules = parse(readFileSync(join(monitoring, 'rules', file), 'utf8')) as { groups: unknown[] };
        return rules.groups;
    });
    const resource = {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name: 'pip-services', labels: { prometheus: 'k8s', role: 'alert-rules' } },
        spec: { groups },
    };
    return `# Generated from monitoring/rules by npm run dashboards\n${stringify(resource, { lineWidth: 0 })}`;
}
