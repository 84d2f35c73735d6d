import { fork } from 'node:child_process';
import { once } from 'node:events';

const CHILD = new URL('child.mjs', import.meta.url);

/** A child process that does one task with one contestant and answers commands, one at a time. */
export class Worker {
    /**
     * Starts a process for each contestant.
     *
     * @param {string} task     a file in tasks/.
     * @param {object} workload the settings of the task.
     */
    static async startAll(contestants, task, workload) {
        const workers = contestants.map((contestant) => new Worker(contestant));
        for (const worker of workers) {
            const { adapter, directory } = worker.contestant;
            await worker.ask('start', { adapter, directory, task, workload });
        }
        return workers;
    }

    static async stopAll(workers) {
        for (const worker of workers) await worker.stop();
    }

    constructor(contestant) {
        this.contestant = contestant;
        this._child = fork(CHILD, { execArgv: ['--expose-gc'] });
        this._exit = once(this._child, 'exit');
    }

    /** Has a command carried out, and gives its result. */
    async ask(command, argument) {
        const failure = this._exit.then(([code, signal]) => [{ error: `the process ended (${signal ?? code})` }]);
        this._child.send({ command, argument });
        const [answer] = await Promise.race([once(this._child, 'message'), failure]);
        if (answer.error) throw new Error(`${this.contestant.name}: ${command}: ${answer.error}`);
        return answer.result;
    }

    async stop() {
        this._child.disconnect();
        await this._exit;
    }
}
