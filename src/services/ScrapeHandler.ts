import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { CachedCounters, CompositeLogger, Counter } from 'pip-services3-components-nodex';

import { hasTime, nextSlice } from '../common/timeSlice';
import { toBytes } from '../common/toChunks';
import { restoreCounters } from '../count/restoreCounters';
import { takeCounters } from '../count/takeCounters';
import { Exposition, expositionOf } from '../exposition/Exposition';
import { ForeignFamilies } from '../exposition/leaveOutConflicts';
import { acceptsGzip, negotiate } from '../exposition/negotiation';
import { Renderer } from '../exposition/Renderer';
import { Registries } from '../registries/Registries';
import { restoreNegotiation } from './bypassNegotiation';
import { Connection, hangUpSeen } from './Connection';
import { Delivery } from './Delivery';
import { HangUpError, isConnected, StallError } from './progress';
import { ScrapeRequest, ScrapeResponse } from './restify';
import { sendBody } from './sendBody';

/** The transaction id of log messages about requests. */
export const CORRELATION_ID = 'prometheus-metrics';

/** How long, in ms, a client may take nothing of an answer if nothing else is configured. */
export const DEFAULT_TIMEOUT = 10_000;

/** How many requests may wait on one connection until those before them are answered. */
const MAX_WAITING = 16;

/** How long, in ms, closing waits for clients to show that they have what is written. */
const CLOSING_TIME = 200;

/** How many seconds a client is told to wait that cannot be answered now. */
const RETRY_AFTER = 1;

/** The headers of a request that the answer depends on. */
const VARY = 'Accept, Accept-Encoding';

/** Makes the renderer of counters that are exposed in a certain way. */
export type RendererFactory = (exposition: Exposition) => Renderer;

/** A body that is made, and what of the store is in it and no longer there. */
interface Scrape {
    readonly pieces: Iterable<string | Uint8Array>;
    readonly contentType: string;
    readonly taken: readonly Counter[];
}

/** Answers requests for the counters, and puts back what a reset has taken if the client did not get it. */
export class ScrapeHandler {
    /** The counters to expose. */
    public source: CachedCounters | null = null;
    /** What is exposed behind the counters. */
    public readonly registries = new Registries();
    public logger = new CompositeLogger();
    /** How long, in ms, a client may take nothing of its answer. */
    public timeout = DEFAULT_TIMEOUT;
    /** How many answers may be under way at once, 0 for any number. */
    public maxScrapes = 100;
    private _createRenderer: RendererFactory = (exposition) => new Renderer(exposition, null, null);
    private _renderer: Renderer | null = null;
    private readonly _running = new Set<ScrapeResponse>();
    private readonly _deliveries = new Map<Delivery, Connection>();
    private _closing = false;

    /** Makes what writes the counters that are exposed in a certain way. */
    public set createRenderer(createRenderer: RendererFactory) {
        this._createRenderer = createRenderer;
        this._renderer = null;
    }

    /** Answers a request. A mocked response gets everything before this returns, unless there are registries to wait for. */
    public async answer(req: ScrapeRequest, res: ScrapeResponse, isReset: boolean): Promise<void> {
        restoreNegotiation(req);
        const clears = isReset && req?.method !== 'HEAD';
        if (!((res as unknown) instanceof ServerResponse)) {
            this.answerAtOnce(req, res, clears, this.registries.areEmpty ? null : await this.registries.collect());
            return;
        }
        // The response to a request that came along with an earlier one gets no socket until its turn, or never
        if (res.socket === null && !(await waitForTurn(res, req?.socket))) return;
        if (this._closing || (this.maxScrapes > 0 && this._running.size >= this.maxScrapes)) {
            res.setHeader('retry-after', RETRY_AFTER);
            sendError(res, 503, 'No further scrape can be answered now, try again later\n');
            return;
        }
        this._running.add(res);
        try {
            await this.send(req, res, clears);
        } catch (error) {
            this.sendFailure(res, error as Error);
        } finally {
            this._running.delete(res);
        }
    }

    /** Answers a request that failed, if nothing of the answer is sent yet. Else the client sees that its body is cut. */
    public sendFailure(res: ScrapeResponse, error: Error): void {
        if (error instanceof HangUpError) {
            this.logger.debug(CORRELATION_ID, 'A client closed its connection before it had all metrics');
            res.socket?.destroy();
            return;
        }
        if (error instanceof StallError) {
            this.logger.warn(CORRELATION_ID, 'Cut the connection of a scrape: %s', error.message);
        } else {
            this.logger.error(CORRELATION_ID, error, 'Failed to answer a request for metrics');
        }
        if (!res.headersSent) sendError(res, 500, 'The scrape failed, see the log\n');
        else if (res.socket !== null) Connection.of(res.socket).cut();
    }

    /**
     * Cuts the answers that are under way, and resolves when what was taken for them is put back. Of what is written the
     * clients have a short time to show that they have it.
     */
    public async close(): Promise<void> {
        this._closing = true;
        const settled = [...this._deliveries.keys()].map((delivery) => delivery.settled);
        for (const { socket } of this._running) if (socket !== null) Connection.of(socket).cut();
        const connections = new Set(this._deliveries.values());
        await Promise.all([...connections].map((connection) => connection.end(CLOSING_TIME)));
        await Promise.all(settled);
        this._closing = false;
    }

    private answerAtOnce(
        req: ScrapeRequest,
        res: ScrapeResponse,
        clears: boolean,
        foreign: ForeignFamilies | null
    ): void {
        const { source } = this;
        let taken: readonly Counter[] = [];
        try {
            const scrape = this.take(source, req, clears, foreign);
            taken = scrape.taken;
            setHeaders(res, scrape);
            const pieces = [...scrape.pieces];
            // Mocked responses expect a text
            const body = pieces.every((piece) => typeof piece === 'string')
                ? pieces.join('')
                : Buffer.concat(pieces.map(toBytes));
            res.setHeader('content-length', Buffer.byteLength(body));
            res.end(req?.method === 'HEAD' ? '' : body);
        } catch (error) {
            void this.restore(source, taken);
            this.sendFailure(res, error as Error);
        }
    }

    private async send(req: ScrapeRequest, res: ScrapeResponse, clears: boolean): Promise<void> {
        // Before anything is taken: a reset neither waits for others with counters in its hands, nor for a client that goes
        const foreign = this.registries.areEmpty ? null : await this.registries.collect();
        const { source, timeout } = this;
        const { socket } = res;
        if (clears) await hangUpSeen();
        while (!hasTime()) await nextSlice();
        if (socket === null || !isConnected(res)) throw new HangUpError();
        const scrape = this.take(source, req, clears, foreign);
        const delivery = clears
            ? this.expect(res, Connection.of(socket), () => this.restore(source, scrape.taken))
            : null;
        try {
            setHeaders(res, scrape);
            const isGzip = acceptsGzip(req?.headers?.['accept-encoding']);
            await sendBody(res, scrape.pieces, { isHead: req?.method === 'HEAD', isGzip, timeout });
        } catch (error) {
            delivery?.rollBack();
            throw error;
        }
    }

    /** Takes the values of the counters, and out of the store what is to be cleared. */
    private take(
        source: CachedCounters | null,
        req: ScrapeRequest,
        clears: boolean,
        foreign: ForeignFamilies | null
    ): Scrape {
        const { format, contentType } = negotiate(req?.headers?.accept);
        const counters = source?.getAll() ?? [];
        const pieces = this.findRenderer(source).render(counters, format, foreign);
        return { pieces, contentType, taken: clears && source !== null ? takeCounters(source) : [] };
    }

    /** Finds the renderer for the counters as they are exposed now, which a change of their configuration changes. */
    private findRenderer(source: CachedCounters | null): Renderer {
        const exposition = expositionOf(source);
        if (this._renderer?.exposition !== exposition) this._renderer = this._createRenderer(exposition);
        return this._renderer;
    }

    private expect(res: ScrapeResponse, connection: Connection, rollBack: () => Promise<void>): Delivery {
        const delivery = new Delivery(rollBack);
        connection.expect(delivery);
        res.once('finish', () => connection.markWritten(delivery));
        this._deliveries.set(delivery, connection);
        void delivery.settled.then(() => this._deliveries.delete(delivery));
        return delivery;
    }

    private async restore(source: CachedCounters | null, taken: readonly Counter[]): Promise<void> {
        if (source === null || taken.length === 0) return;
        await restoreCounters(source, taken, (error, count) =>
            this.logger.error(CORRELATION_ID, error, 'Failed to put %d counters back that were not delivered', count)
        );
    }
}

/** Waits until the requests before are answered. Breaks a connection on which too many wait. */
async function waitForTurn(res: ScrapeResponse, socket: Socket | undefined): Promise<boolean> {
    if (socket === undefined || socket.destroyed) return false;
    const connection = Connection.of(socket);
    if (connection.waiting === MAX_WAITING) {
        connection.cut();
        return false;
    }
    connection.waiting++;
    await new Promise((resolve) => res.once('socket', resolve));
    connection.waiting--;
    return true;
}

function setHeaders(res: ScrapeResponse, { contentType }: Scrape): void {
    res.statusCode = 200;
    res.setHeader('content-type', contentType);
    // Mocked responses may not get headers
    const vary = (res as Partial<ScrapeResponse>).getHeader?.('vary');
    res.setHeader('vary', vary === undefined ? VARY : `${String(vary)}, ${VARY}`);
}

/** Answers a request with an error in a plain text. */
export function sendError(res: ScrapeResponse, status: number, text: string): void {
    res.statusCode = status;
    res.setHeader('content-type', 'text/plain; charset=utf-8');
    res.setHeader('content-length', text.length);
    res.end(text);
}
