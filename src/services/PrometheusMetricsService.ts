/** @module services */
import { IncomingMessage, ServerResponse } from 'node:http';

import { Descriptor, IReferences } from 'pip-services3-commons-nodex';
import { CachedCounters, ContextInfo } from 'pip-services3-components-nodex';
import { RestService } from 'pip-services3-rpc-nodex/obj/src/services/RestService';

import { PrometheusCounterConverter } from '../count/PrometheusCounterConverter';

/** Skeleton: replaced by the real service in the commits that follow. */
export class PrometheusMetricsService extends RestService {
    private _countersSource: CachedCounters | null = null;
    private _source: string | null = null;
    private _instance: string | null = null;

    public constructor() {
        super();
        this._dependencyResolver.put('prometheus-counters', new Descriptor('*', 'counters', 'prometheus', '*', '1.0'));
        this._dependencyResolver.put('cached-counters', new Descriptor('*', 'counters', 'cached', '*', '1.0'));
    }

    public override setReferences(references: IReferences): void {
        super.setReferences(references);
        this._countersSource =
            this._dependencyResolver.getOneOptional<CachedCounters>('prometheus-counters') ??
            this._dependencyResolver.getOneOptional<CachedCounters>('cached-counters');
        const info = references.getOneOptional<ContextInfo>(new Descriptor('*', 'context-info', '*', '*', '1.0'));
        this._source = info?.name ?? null;
        this._instance = info?.contextId ?? null;
    }

    public override register(): void {
        this.registerRoute('get', 'metrics', null, (_req: IncomingMessage, res: ServerResponse) => {
            res.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
            res.statusCode = 200;
            res.end(
                PrometheusCounterConverter.toString(
                    this._countersSource?.getAll() ?? null,
                    this._source,
                    this._instance
                )
            );
        });
    }
}
