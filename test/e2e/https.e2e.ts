import { ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src/count';
import { PrometheusMetricsService } from '../../src/services';
import { Certificates, makeCertificates } from '../fixtures/certificates';
import { freePort } from '../fixtures/freePort';
import { Config, MetricsServer } from '../fixtures/MetricsServer';
import { Prometheus } from '../fixtures/Prometheus';

const TOKEN = 't0ken';

let certificates: Certificates;
let counters: PrometheusCounters;
let shared: MetricsServer;
let own: PrometheusMetricsService;
let prometheus: Prometheus;

function tls(): Config {
    return {
        'connection.protocol': 'https',
        'credential.ssl_key_file': certificates.server.keyFile,
        'credential.ssl_crt_file': certificates.server.certFile,
    };
}

beforeAll(async () => {
    certificates = await makeCertificates();
    shared = await MetricsServer.start({ endpoint: tls(), config: { source: 'shared', instance: '' } });
    shared.counters.increment('orders', 3);

    const port = await freePort();
    counters = new PrometheusCounters();
    counters.increment('orders', 5);
    own = new PrometheusMetricsService();
    const address = { 'connection.host': '127.0.0.1', 'connection.port': port };
    own.configure(ConfigParams.fromValue({ ...tls(), ...address, source: 'own', 'credential.access_key': TOKEN }));
    own.setReferences(
        References.fromTuples(new Descriptor('test', 'counters', 'prometheus', 'default', '1.0'), counters)
    );
    await own.open('test');

    const sharedTarget = { scheme: 'https', static_configs: [{ targets: [new URL(shared.url).host] }] };
    const ownTarget = { scheme: 'https', static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
    const trust = { tls_config: { ca_file: certificates.caFile } };
    prometheus = await Prometheus.start([
        { job_name: 'shared', ...sharedTarget, ...trust },
        { job_name: 'by-name', ...sharedTarget, tls_config: { ...trust.tls_config, server_name: 'localhost' } },
        { job_name: 'own', ...ownTarget, ...trust, authorization: { credentials: TOKEN } },
        { job_name: 'own-without-token', ...ownTarget, ...trust },
        { job_name: 'untrusted', ...sharedTarget },
        { job_name: 'http', ...sharedTarget, scheme: 'http' },
    ]);
}, 60_000);

afterAll(async () => {
    await prometheus.stop();
    await own.close('test');
    await shared.close();
    await certificates.remove();
}, 30_000);

test.each([
    ['shared', 'shared', '3'],
    ['by-name', 'shared', '3'],
    ['own', 'own', '5'],
])(
    'a scrape that trusts the CA is up: %s',
    async (job, source, value) => {
        await prometheus.untilUp(job);

        const samples = await prometheus.query(`orders{job="${job}"}`);
        expect(samples.map((sample) => [sample.metric.source, sample.value])).toEqual([[source, value]]);
    },
    60_000
);

test.each([
    ['untrusted', /x509/],
    ['http', /HTTP|EOF|malformed/],
    ['own-without-token', /401 Unauthorized/],
])(
    'others are down: %s',
    async (job, reason) => {
        const { lastError } = await prometheus.untilDown(job);

        expect(lastError).toMatch(reason);
        expect(await prometheus.query(`orders{job="${job}"}`)).toEqual([]);
    },
    60_000
);
