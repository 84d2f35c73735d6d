/** What the documents give Prometheus to read, checked by promtool. */
import { Documents } from '../fixtures/Documents';
import { findBinary } from '../fixtures/findBinary';
import { Folder } from '../fixtures/Folder';
import { Snippet } from '../fixtures/Markdown';

const documents = new Documents();

describe('what Prometheus reads', () => {
    let folder: Folder;

    beforeEach(() => {
        folder = new Folder();
    });

    afterEach(() => {
        folder.remove();
    });

    function promtool(...args: string[]): string {
        const { status, output } = folder.run(findBinary('promtool', 'prometheus'), ...args);
        return status === 0 ? 'valid' : output;
    }

    test.each(documents.snippets('yaml prometheus'))('$place is valid', ({ text }: Snippet) => {
        for (const [, file = ''] of text.matchAll(/_file: '(.+)'/g)) folder.write(file, 'content');

        expect(promtool('check', 'config', folder.write('prometheus.yml', text))).toBe('valid');
        expect(promtool('check', 'config', folder.write('wrong.yml', `${text}\nunknown: 1\n`))).toMatch(
            'field unknown not found'
        );
    });

    test('the alerts fire when they should', () => {
        folder.write('rules.yml', documents.of('docs/pushing.md').takeOne('yaml rules', 'Alerts').text);
        const job = '{job="nightly-report"}';
        const day = 24 * 60 * 60;
        const tests = [
            {
                interval: '1h',
                input_series: [
                    { series: `push_time_seconds${job}`, values: '0x100' },
                    { series: `push_failure_time_seconds${job}`, values: `0x24 ${day}x70` },
                    { series: `nightly_report_success${job}`, values: '1x9 0x90' },
                ],
                alert_rule_test: [
                    alertAt('26h', 'NightlyReportIsLate', false),
                    alertAt('27h', 'NightlyReportIsLate', true),
                    alertAt('9h', 'NightlyReportFailed', false),
                    alertAt('10h', 'NightlyReportFailed', true),
                    alertAt('24h', 'PushIsRefused', false),
                    alertAt('25h', 'PushIsRefused', true),
                ],
            },
        ];

        expect(promtool('test', 'rules', folder.write('test.yml', ruleTest(tests, 'rules.yml')))).toBe('valid');
    });
});

function alertAt(time: string, alertname: string, fires: boolean): object {
    const alerts = fires ? [{ exp_labels: { job: 'nightly-report' } }] : [];
    return { eval_time: time, alertname, exp_alerts: alerts };
}

/** JSON is YAML too. */
function ruleTest(tests: object[], ...files: string[]): string {
    return JSON.stringify({ rule_files: files, evaluation_interval: '15s', tests });
}
