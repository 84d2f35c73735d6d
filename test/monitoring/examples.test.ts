/**
 * That what cannot run here (Kubernetes, Docker, Grafana) fits together: names, ports, labels and paths that one file
 * takes from another.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Markdown } from '../fixtures/Markdown';
import { listMonitoring, MONITORING, readDocuments, readMonitoring } from '../fixtures/monitoringFiles';
import { readRuleFile } from '../fixtures/rules';
import { COMPOSE, GRAFANA, KUBERNETES, mismatches, Shape } from '../fixtures/shapes';

type Labels = Readonly<Record<string, string>>;

interface Probe {
    readonly httpGet: { readonly path: string; readonly port: string };
    readonly periodSeconds: number;
    readonly failureThreshold?: number;
}

interface Deployment {
    readonly spec: {
        readonly selector: { readonly matchLabels: Labels };
        readonly template: {
            readonly metadata: { readonly labels: Labels; readonly annotations: Labels };
            readonly spec: {
                readonly terminationGracePeriodSeconds: number;
                readonly containers: readonly [
                    {
                        readonly command: readonly string[];
                        readonly ports: readonly [{ readonly name: string; readonly containerPort: number }];
                        readonly startupProbe: Probe;
                        readonly readinessProbe: Probe;
                        readonly livenessProbe: Probe;
                        readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: string[] } } };
                    },
                ];
            };
        };
    };
}

interface Service {
    readonly metadata: { readonly labels: Labels };
    readonly spec: {
        readonly selector: Labels;
        readonly ports: readonly [{ readonly name: string; readonly targetPort: string }];
    };
}

interface Endpoint {
    readonly port: string;
    readonly path: string;
    readonly honorLabels: boolean;
}

interface Monitor {
    readonly spec: {
        readonly selector: { readonly matchLabels: Labels };
        readonly jobLabel: string;
        readonly endpoints?: readonly Endpoint[];
        readonly podMetricsEndpoints?: readonly Endpoint[];
    };
}

test.each(new Markdown('monitoring/README.md').links())('the link %s of the README leads somewhere', (link) => {
    expect(existsSync(join(MONITORING, link))).toBe(true);
});

describe('the shapes', () => {
    const files = listMonitoring('kubernetes', '.yml');

    test.each(Object.keys(KUBERNETES))('of Kubernetes: there is a %s, and it fits', (kind) => {
        const found = files.flatMap((file) => readDocuments(`kubernetes/${file}`).filter((one) => one.kind === kind));

        expect(found.map((document) => mismatches(document, KUBERNETES[kind] ?? ''))).toEqual([[]]);
    });

    test('of Docker Compose: the file fits', () => {
        expect(mismatches(readMonitoring('docker-compose.yml'), COMPOSE)).toEqual([]);
    });

    test.each(Object.entries(GRAFANA))('of Grafana: %s fits', (file, shape) => {
        expect(mismatches(readMonitoring(`grafana/provisioning/${file}`), shape)).toEqual([]);
    });

    test('find what is unknown, missing, or of another type', () => {
        const shape: Shape = { spec: { ports: [{ name: 'string', 'port?': 'number' }] } };
        const value = { spec: { ports: [{ name: 'http', port: '80' }, { nam: 'http' }] }, kind: 'Service' };

        expect(mismatches(value, shape)).toEqual([
            '$.spec.ports[0].port is not number',
            '$.spec.ports[1] has no name',
            '$.spec.ports[1].nam is unknown',
            '$.kind is unknown',
        ]);
    });
});

describe('for Kubernetes', () => {
    const { template, selector } = (readMonitoring('kubernetes/deployment.yml', 'Deployment') as Deployment).spec;
    const service = readMonitoring('kubernetes/deployment.yml', 'Service') as Service;
    const pods = template.metadata.labels;
    const [container] = template.spec.containers;
    const [port] = container.ports;

    test('the deployment and the service select the pods', () => {
        expect(pods).toEqual(expect.objectContaining(selector.matchLabels));
        expect(pods).toEqual(expect.objectContaining(service.spec.selector));
        expect(service.spec.ports[0].targetPort).toBe(port.name);
    });

    test('the annotations are those that the scrape configuration reads, with the port of the pod', () => {
        const config = JSON.stringify(readMonitoring('prometheus/kubernetes.yml'));
        const { annotations } = template.metadata;

        expect(annotations['prometheus.io/port']).toBe(String(port.containerPort));
        expect(annotations['prometheus.io/path']).toBe('/metrics');
        expect(
            Object.keys(annotations).filter(
                (name) => !config.includes(`__meta_kubernetes_pod_annotation_${name.replace(/\W/g, '_')}`)
            )
        ).toEqual([]);
    });

    test('each probe asks a route of the toolkit at the port of the pod', () => {
        for (const { httpGet } of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
            expect(httpGet).toEqual({ path: '/status', port: port.name });
        }
    });

    test('node gets SIGTERM, and has the time for the pause before it and the last push', () => {
        const [sleep, pause] = container.lifecycle.preStop.exec.command;

        expect([container.command[0], sleep]).toEqual(['node', 'sleep']);
        expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(pause) + 11);
    });

    test('the ServiceMonitor selects the service, and keeps the labels of the text', () => {
        const { spec } = readMonitoring('kubernetes/service-monitor.yml', 'ServiceMonitor') as Monitor;

        expect(service.metadata.labels).toEqual(expect.objectContaining(spec.selector.matchLabels));
        expect(service.metadata.labels).toHaveProperty([spec.jobLabel]);
        expect(spec.endpoints).toEqual([
            expect.objectContaining({ port: service.spec.ports[0].name, path: '/metrics', honorLabels: true }),
        ]);
    });

    test('the PodMonitor selects the pods, and keeps the labels of the text', () => {
        const { spec } = readMonitoring('kubernetes/pod-monitor.yml', 'PodMonitor') as Monitor;

        expect(pods).toEqual(expect.objectContaining(spec.selector.matchLabels));
        expect(pods).toHaveProperty([spec.jobLabel]);
        expect(spec.podMetricsEndpoints).toEqual([
            expect.objectContaining({ port: port.name, path: '/metrics', honorLabels: true }),
        ]);
    });

    test('the PrometheusRule has all groups of the rules', () => {
        const { spec } = readMonitoring('kubernetes/prometheus-rule.yml', 'PrometheusRule') as { spec: object };
        const files = ['recording-idiomatic.yml', 'recording-compatible.yml', 'recording-slo.yml', 'alerts.yml'];

        expect(spec).toEqual({ groups: files.flatMap((file) => readRuleFile(file).groups) });
    });
});

describe('for Prometheus', () => {
    test.each(listMonitoring('prometheus', '.yml'))('%s keeps the labels of the text in each job', (file) => {
        const { scrape_configs: jobs } = readMonitoring(`prometheus/${file}`) as {
            scrape_configs: { honor_labels?: boolean }[];
        };

        expect(jobs.length).toBeGreaterThan(0);
        expect(jobs.filter(({ honor_labels: honors }) => honors !== true)).toEqual([]);
    });
});

describe('for Docker Compose', () => {
    interface Container {
        readonly image: string;
        readonly command?: readonly string[];
        readonly environment?: Labels;
        readonly volumes?: readonly string[];
        readonly deploy?: { readonly replicas: number };
    }
    const { services } = readMonitoring('docker-compose.yml') as { services: Readonly<Record<string, Container>> };

    test('each image has a version, and each folder exists', () => {
        for (const { image, volumes = [] } of Object.values(services)) {
            expect(image).toMatch(/^[a-z/]+:v?\d[\w.-]*$/);
            for (const volume of volumes) expect(existsSync(join(MONITORING, volume.split(':')[0] ?? ''))).toBe(true);
        }
    });

    test('the demo has three replicas, and Prometheus finds them by its name and port', () => {
        const { scrape_configs: jobs } = readMonitoring('prometheus/dns.yml') as {
            scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
        };
        const [found] = jobs.flatMap(({ dns_sd_configs: discoveries }) => discoveries);

        expect(services.demo?.deploy?.replicas).toBe(3);
        expect(found).toEqual(
            expect.objectContaining({ names: ['demo'], port: Number(services.demo?.environment?.HTTP_PORT) })
        );
        expect(existsSync(join(MONITORING, '..', services.demo?.environment?.DEMO_CONFIG ?? ''))).toBe(true);
        expect(services.prometheus?.command).toContain('--config.file=/etc/prometheus/prometheus/dns.yml');
    });

    test('Grafana is given Prometheus and the folder of the dashboards', () => {
        const sources = (
            readMonitoring('grafana/provisioning/datasources/prometheus.yml') as {
                datasources: { url: string; type: string }[];
            }
        ).datasources;
        const [provider] = (
            readMonitoring('grafana/provisioning/dashboards/pip-services.yml') as {
                providers: { type: string; options: { path: string } }[];
            }
        ).providers;

        expect(sources.map(({ type, url }) => [type, url])).toEqual([['prometheus', 'http://prometheus:9090']]);
        expect(provider?.type).toBe('file');
        expect(services.grafana?.volumes).toEqual([
            './grafana/provisioning:/etc/grafana/provisioning:ro',
            `./dashboards:${provider?.options.path ?? ''}:ro`,
        ]);
    });
});
