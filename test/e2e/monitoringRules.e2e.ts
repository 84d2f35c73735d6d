/** The rules, their tests and the scrape configurations of monitoring/ by promtool, and what the guides configure. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { Documents } from '../fixtures/Documents';
import { findBinary } from '../fixtures/findBinary';
import { Folder } from '../fixtures/Folder';
import { listMonitoring, MONITORING, readMonitoring } from '../fixtures/monitoringFiles';
import { RULES } from '../fixtures/rules';

jest.setTimeout(180_000);

const documents = new Documents();

let folder: Folder;

beforeEach(() => {
    folder = new Folder();
});

afterEach(() => {
    folder.remove();
});

function promtool(...args: string[]): { status: number | null; output: string } {
    return folder.run(findBinary('promtool', 'prometheus'), ...args);
}

function rulesThat(ending: RegExp): string[] {
    const files = readdirSync(RULES).filter((file) => ending.test(file));
    return files.map((file) => join(RULES, file));
}

test('the rules are valid', () => {
    const { status, output } = promtool('check', 'rules', ...rulesThat(/^(?!.*\.test\.yml$)/));

    expect(output).not.toMatch(/FAILED|error/);
    expect(output.match(/SUCCESS/g)).toHaveLength(4);
    expect(status).toBe(0);
});

test.each(readdirSync(RULES).filter((file) => file.endsWith('.test.yml')))('%s passes', (file) => {
    const { status, output } = promtool('test', 'rules', join(RULES, file));

    expect(output).toContain('SUCCESS');
    expect(status).toBe(0);
});

// Debian's Prometheus is built without discovery in Kubernetes
test.each(listMonitoring('prometheus', '.yml').filter((file) => file !== 'kubernetes.yml'))('%s is valid', (file) => {
    const { status, output } = promtool('check', 'config', join(MONITORING, 'prometheus', file));

    expect(output).toContain('is valid prometheus config file');
    expect(status).toBe(0);
});

describe('kubernetes.yml', () => {
    interface Job {
        readonly job_name: string;
        readonly kubernetes_sd_configs: readonly { readonly role: string }[];
    }
    const META = '__meta_kubernetes_pod_';
    const POD = {
        __meta_kubernetes_namespace: 'shop',
        [`${META}name`]: 'orders-1',
        [`${META}phase`]: 'Running',
        [`${META}label_app_kubernetes_io_name`]: 'orders',
        [`${META}annotation_prometheus_io_scrape`]: 'true',
        [`${META}annotation_prometheus_io_port`]: '8080',
        [`${META}annotation_prometheus_io_path`]: '/metrics',
    };

    /** What becomes of a pod. The labels that discovery would give are given to a fixed address. */
    function relabel(labels: Record<string, string>): unknown {
        const { scrape_configs: jobs } = readMonitoring('prometheus/kubernetes.yml') as { scrape_configs: [Job] };
        const { kubernetes_sd_configs: discovery, ...job } = jobs[0];
        expect(discovery).toEqual([{ role: 'pod' }]);
        const found = { static_configs: [{ targets: ['10.0.0.1:9229'], labels }] };
        const file = folder.write('prometheus.yml', stringify({ scrape_configs: [{ ...job, ...found }] }));
        const { output } = promtool('check', 'service-discovery', '--timeout=1s', file, job.job_name);
        const [result] = JSON.parse(output.slice(output.indexOf('['))) as { labels: unknown }[];
        return result?.labels;
    }

    test('scrapes the port and path of the annotations, and labels what it finds', () => {
        expect(relabel(POD)).toEqual(
            expect.objectContaining({
                __address__: '10.0.0.1:8080',
                __metrics_path__: '/metrics',
                instance: '10.0.0.1:8080',
                job: 'orders',
                namespace: 'shop',
                pod: 'orders-1',
            })
        );
    });

    test.each([
        ['without the annotation', { [`${META}annotation_prometheus_io_scrape`]: '' }],
        ['that has ended', { [`${META}phase`]: 'Succeeded' }],
    ])('leaves a pod out %s', (_, change) => {
        expect(relabel({ ...POD, ...change })).toEqual({});
    });
});

describe('the guides', () => {
    test.each(documents.snippets('yaml rule-files'))('$place names the rules that there are', ({ text }) => {
        const file = folder.write('prometheus.yml', text);
        execFileSync('cp', ['-r', RULES, folder.path]);
        const { status, output } = promtool('check', 'config', file);

        expect(output.match(/SUCCESS: \d+ rules found/g)).toHaveLength(4);
        expect(status).toBe(0);
    });

    test.each(documents.snippets('yaml remote-write'))('$place is valid', ({ text }) => {
        expect(promtool('check', 'config', folder.write('prometheus.yml', text))).toEqual(
            expect.objectContaining({ status: 0 })
        );
    });

    test.each(documents.snippets('yaml alertmanager'))('$place is valid', ({ text }) => {
        const { status, output } = folder.run(
            findBinary('amtool', 'prometheus-alertmanager'),
            'check-config',
            folder.write('alertmanager.yml', text)
        );

        expect(output).toContain('SUCCESS');
        expect(status).toBe(0);
    });
});
