import { Descriptor, IReferences } from 'pip-services3-commons-nodex';
import { ILogger } from 'pip-services3-components-nodex';

/**
 * What pushing has to say. A logger that fails costs nothing but the line. If no logger is referenced at all, as in a
 * small batch job, what is wrong goes to the standard error stream: lost measurements must not be lost silently.
 */
export class PushLog {
    private readonly _hasLogger: boolean;

    public constructor(
        private readonly _logger: ILogger,
        references: IReferences | null
    ) {
        const loggers = references?.getOptional<Partial<ILogger>>(new Descriptor('*', 'logger', '*', '*', '*'));
        this._hasLogger = loggers?.some(({ log }) => typeof log === 'function') ?? false;
    }

    public info(correlationId: string, message: string): void {
        this.guard(() => this._logger.info(correlationId, '%s', message));
    }

    public warn(correlationId: string, message: string): void {
        this.guard(() => this._logger.warn(correlationId, '%s', message));
        this.writeLastResort(message);
    }

    public error(correlationId: string, error: Error, message: string): void {
        this.guard(() => this._logger.error(correlationId, error, '%s', message));
        this.writeLastResort(`${message}: ${error.message}`);
    }

    private writeLastResort(message: string): void {
        if (this._hasLogger) return;
        const line = message.replace(/[\s\p{Cc}]+/gu, ' ');
        this.guard(() => process.stderr.write(`prometheus-counters: ${line}\n`));
    }

    private guard(write: () => void): void {
        try {
            write();
        } catch {
            return;
        }
    }
}
