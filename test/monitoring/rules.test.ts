/** That no rule is without a test of promtool, and no alert without a runbook. promtool runs in test/e2e. */
import { Markdown } from '../fixtures/Markdown';
import { readRules, readTestsOf, Rule, RULE_FILES } from '../fixtures/rules';

const RUNBOOK = /^https:\/\/github\.com\/.+\/blob\/HEAD\/(docs\/alerts\.md)#(.+)$/;

const alerts = readRules('alerts.yml');

function recordsOf(file: string): string[] {
    return readRules(file).map(({ record = '' }) => record);
}

test('the rules are in these files', () => {
    expect(RULE_FILES).toEqual([
        'alerts.yml',
        'recording-compatible.yml',
        'recording-idiomatic.yml',
        'recording-slo.yml',
    ]);
});

test('the compatible style records what the idiomatic one does, but for quantiles', () => {
    const missing = recordsOf('recording-idiomatic.yml').filter(
        (record) => !recordsOf('recording-compatible.yml').includes(record)
    );

    expect(missing.map((record) => record.split(':').slice(1).join(':'))).toEqual([
        'exec_time_seconds:p50_rate5m',
        'exec_time_seconds:p95_rate5m',
        'exec_time_seconds:p99_rate5m',
        'call_time_seconds:p95_rate5m',
    ]);
});

describe.each(RULE_FILES.filter((file) => file.startsWith('recording-')))('%s', (file) => {
    const tested = readTestsOf(file).flatMap(({ promql_expr_test: cases = [] }) => cases);

    test.each(recordsOf(file))('%s has a test that expects values', (record) => {
        const own = tested.filter(({ expr }) => expr.match(/[\w:]+/g)?.includes(record));

        expect(own.some(({ exp_samples: samples }) => samples.length > 0)).toBe(true);
    });
});

describe.each(alerts)('the alert $alert', ({ alert = '', expr, labels, annotations = {} }: Rule) => {
    const cases = readTestsOf('alerts.yml')
        .flatMap(({ alert_rule_test: tests = [] }) => tests)
        .filter(({ alertname }) => alertname === alert);

    test('has a test in which it fires, and one in which it stays silent', () => {
        expect(cases.some(({ exp_alerts: expected }) => expected.length > 0)).toBe(true);
        expect(cases.some(({ exp_alerts: expected }) => expected.length === 0)).toBe(true);
    });

    test('says what is wrong and how bad it is', () => {
        expect(annotations.summary).toBeTruthy();
        expect(annotations.description).toMatch(/\.$/);
        expect(['critical', 'warning']).toContain(labels?.severity);
    });

    test('leads to its section of the guide', () => {
        const [, file = '', anchor] = RUNBOOK.exec(annotations.runbook_url ?? '') ?? [];

        expect(anchor).toBe(alert.toLowerCase());
        expect(new Markdown(file).anchors()).toContain(anchor);
    });

    test('reads only series that are recorded, or that neither style names', () => {
        const recorded = RULE_FILES.flatMap(recordsOf);
        const read = expr.match(/[a-z]\w*:[\w:]+/g) ?? [];

        expect(read.filter((name) => !recorded.includes(name))).toEqual([]);
        expect(expr.replaceAll(/[a-z]\w*:[\w:]+/g, '')).not.toMatch(
            /\b(exec|call|queue|prometheus)_\w*(count|errors|time|total|messages|dropped)\b/
        );
    });
});
