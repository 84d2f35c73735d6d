import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { eventually } from '../../test/fixtures/eventually';
import { freePort } from '../../test/fixtures/freePort';

/** How a replica differs from the others. */
export interface Load {
    readonly name: string;
    /** Milliseconds between two rounds of work. */
    readonly interval: number;
    /** How many times as often it fails as the demo does. */
    readonly errorFactor: number;
}

/** How long a process may take to end, in milliseconds. */
const PATIENCE = 5000;

/** A demo service as a process of its own. */
export class Replica {
    private _output = '';

    private constructor(
        public readonly name: string,
        /** Where it answers, as host:port. */
        public readonly address: string,
        private readonly _process: ChildProcess
    ) {
        const collect = (chunk: Buffer) => (this._output += chunk.toString());
        _process.stdout?.on('data', collect);
        _process.stderr?.on('data', collect);
    }

    /** The id of the process. */
    public get pid(): number {
        return this._process.pid ?? 0;
    }

    /**
     * Starts a replica, and waits until it answers.
     * @param root the folder of the package.
     */
    public static async start(root: string, load: Load): Promise<Replica> {
        const port = await freePort();
        const child = spawn(process.execPath, [join(root, 'example/main.js')], {
            env: {
                ...process.env,
                DEMO_CONFIG: join(root, 'scripts/monitor/replica.yml'),
                DEMO_INTERVAL: String(load.interval),
                DEMO_ERROR_FACTOR: String(load.errorFactor),
                HTTP_PORT: String(port),
            },
        });
        const replica = new Replica(load.name, `127.0.0.1:${port}`, child);
        try {
            await replica.untilReady();
        } catch (error) {
            await replica.stop();
            throw error;
        }
        return replica;
    }

    /** Ends the process as Kubernetes does: SIGTERM, and SIGKILL if it does not help. */
    public async stop(): Promise<void> {
        if (!this.isRunning()) return;
        const exit = once(this._process, 'exit');
        this._process.kill('SIGTERM');
        const killer = setTimeout(() => this._process.kill('SIGKILL'), PATIENCE);
        await exit;
        clearTimeout(killer);
    }

    private async untilReady(): Promise<void> {
        const running = await eventually(async () => {
            if (!this.isRunning()) return false;
            const response = await fetch(`http://${this.address}/metrics`);
            await response.text();
            return true;
        }, 60_000);
        if (!running) throw new Error(`The replica ${this.name} has ended:\n${this._output}`);
    }

    private isRunning(): boolean {
        return this._process.exitCode === null && this._process.signalCode === null;
    }
}
