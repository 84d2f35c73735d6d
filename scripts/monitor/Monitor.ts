import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { Prometheus } from '../../test/fixtures/Prometheus';
import { Load, Replica } from './Replica';

/** What can be changed from outside. */
export interface MonitorOptions {
    /** The folder of the rules. */
    readonly rules: string;
    /** An Alertmanager as host:port, if alerts are to be sent. */
    readonly alertmanager?: string | undefined;
}

/** What may be known of a replica from outside. */
export type RunningReplica = Pick<Replica, 'name' | 'address' | 'pid'>;

const FIRST: readonly Load[] = [
    { name: 'steady', interval: 1000, errorFactor: 1 },
    { name: 'busy', interval: 500, errorFactor: 1 },
    { name: 'failing', interval: 1000, errorFactor: 5 },
];

/** Replicas of the demo, and a Prometheus that finds them by a file. */
export class Monitor {
    private readonly _replicas: Replica[] = [];
    private _prometheus: Prometheus | null = null;
    private _added = 0;

    private constructor(
        private readonly _root: string,
        private readonly _folder: string
    ) {}

    /**
     * Starts three replicas and a Prometheus, and waits until all answer.
     * @param root the folder of the package.
     */
    public static async start(root: string, options: MonitorOptions): Promise<Monitor> {
        const monitor = new Monitor(root, await mkdtemp(join(tmpdir(), 'monitor-')));
        try {
            await monitor.writeTargets();
            monitor._prometheus = await monitor.startPrometheus(options);
            await monitor.startReplicas(FIRST);
        } catch (error) {
            await monitor.stop();
            throw error;
        }
        return monitor;
    }

    /** The address of Prometheus. */
    public get url(): string {
        return this._prometheus?.url ?? '';
    }

    /** The replicas that there are, from the oldest to the youngest. */
    public get replicas(): readonly RunningReplica[] {
        return this._replicas;
    }

    /** Starts one more replica, and gives its name. */
    public async add(): Promise<string> {
        this._added++;
        const name = `added-${this._added}`;
        await this.startReplicas([{ name, interval: 1000, errorFactor: 1 }]);
        return name;
    }

    /** Stops the youngest replica, which Prometheus forgets, and gives its name; null if there is none. */
    public async remove(): Promise<string | null> {
        const replica = this._replicas.pop();
        if (replica === undefined) return null;
        await this.writeTargets();
        await replica.stop();
        return replica.name;
    }

    /** Ends all processes, and removes all files. */
    public async stop(): Promise<void> {
        await Promise.all([...this._replicas.map((replica) => replica.stop()), this._prometheus?.stop()]);
        await rm(this._folder, { recursive: true, force: true });
    }

    /** Starts replicas at the same time. If one fails the others are kept, so that stop() finds them. */
    private async startReplicas(loads: readonly Load[]): Promise<void> {
        const results = await Promise.allSettled(loads.map((load) => Replica.start(this._root, load)));
        for (const result of results) if (result.status === 'fulfilled') this._replicas.push(result.value);
        for (const result of results) if (result.status === 'rejected') throw result.reason;
        await this.writeTargets();
    }

    private get targetsFile(): string {
        return join(this._folder, 'replicas.json');
    }

    /** Prometheus may read at any time, so the file is replaced and never half written. */
    private async writeTargets(): Promise<void> {
        const targets = this._replicas.map(({ name, address }) => ({ targets: [address], labels: { replica: name } }));
        const draft = await mkdtemp(join(this._folder, 'draft-'));
        await writeFile(join(draft, 'replicas.json'), JSON.stringify(targets));
        await rename(join(draft, 'replicas.json'), this.targetsFile);
    }

    private startPrometheus({ rules, alertmanager }: MonitorOptions): Promise<Prometheus> {
        const files = readdirSync(rules).filter((file) => file.endsWith('.yml') && !file.endsWith('.test.yml'));
        const alertmanagers = alertmanager === undefined ? [] : [{ static_configs: [{ targets: [alertmanager] }] }];
        const job = {
            job_name: 'orders',
            honor_labels: true,
            file_sd_configs: [{ files: [this.targetsFile], refresh_interval: '1s' }],
        };
        return Prometheus.start([job], {
            flags: ['--enable-feature=native-histograms'],
            config: {
                global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '5s' },
                rule_files: files.map((file) => resolve(rules, file)),
                alerting: { alertmanagers },
            },
        });
    }
}
