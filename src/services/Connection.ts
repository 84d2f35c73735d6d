import { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';

import { Delivery } from './Delivery';
import { RestifyServer } from './restify';

/** How long, in ms, a connection may say nothing of an answer that is written before it counts as delivered. */
const SILENCE_TIME = 30_000;

/** How long, in ms, a TLS connection that is to be closed is left to its client to close. */
const TLS_LINGER_TIME = 1000;

/** How long, in ms, the end of a connection is held back from a client that has ended its own side. */
const HALF_CLOSED_TIME = 100;

const connections = new WeakMap<Socket, Connection>();
const observedServers = new WeakSet<RestifyServer>();

/**
 * A connection of a client, as far as it shows what has become of the answers of resets.
 *
 * Delivered are those that are written when a further request comes, when the connection ends cleanly, or when nothing
 * happens for 30 s. Lost are those that are not written when the connection ends, and all when it is reset: a system
 * that has bytes for a client that is gone answers with a RST.
 */
export class Connection {
    /** How many requests wait until those before them are answered. */
    public waiting = 0;
    private readonly _deliveries = new Set<Delivery>();
    private _silence: NodeJS.Timeout | undefined;

    private constructor(private readonly _socket: Socket) {
        _socket.prependListener('end', () => this.holdEnd());
        _socket.once('close', () => this.settleAll());
        _socket.destroySoon = () => this.linger();
    }

    /** Gets what is known of a connection, and observes it from now on. */
    public static of(socket: Socket): Connection {
        const known = connections.get(socket);
        if (known !== undefined) return known;
        const connection = new Connection(socket);
        connections.set(socket, connection);
        return connection;
    }

    /** Takes the requests to a server, whatever they are for, as signs. */
    public static observeRequests(server: RestifyServer): void {
        if (observedServers.has(server)) return;
        observedServers.add(server);
        server.on('pre', ({ socket }) => connections.get(socket)?.confirmWritten());
    }

    /** Keeps what is handed over until the connection shows what has become of it. */
    public expect(delivery: Delivery): void {
        this._deliveries.add(delivery);
        void delivery.settled.then(() => this._deliveries.delete(delivery));
    }

    /** Notes that the answer of a reset is written. */
    public markWritten(delivery: Delivery): void {
        if (this._socket.errored !== null) return;
        delivery.markWritten();
        clearTimeout(this._silence);
        this._silence = setTimeout(() => this.endSilence(), SILENCE_TIME).unref();
        // Node closes an idle connection after 5 s, and would not see what comes later
        const { timeout = 0 } = this._socket;
        if (timeout > 0 && timeout < SILENCE_TIME) this._socket.setTimeout(SILENCE_TIME);
    }

    /** Breaks the connection. The client sees that, also where the end of a body is the end of the connection. */
    public cut(): void {
        for (const delivery of this._deliveries) delivery.rollBack();
        if (this._socket instanceof TLSSocket) this._socket.destroy();
        else this._socket.resetAndDestroy();
    }

    /** Ends the connection, and waits some time for a sign of what has become of what is written. */
    public async end(time: number): Promise<void> {
        await hangUpSeen();
        const settled = Promise.all([...this._deliveries].map((delivery) => delivery.settled));
        this._socket.end();
        await Promise.race([settled, sleep(time, null, { ref: false })]);
        if (this._deliveries.size > 0) this.cut();
    }

    private confirmWritten(): void {
        for (const delivery of this._deliveries) if (delivery.isWritten) delivery.confirm();
    }

    private settleAll(): void {
        clearTimeout(this._silence);
        if (this._socket.errored === null) this.confirmWritten();
        for (const delivery of this._deliveries) delivery.rollBack();
    }

    private endSilence(): void {
        this.confirmWritten();
        if (this._socket.writableEnded) this._socket.destroy();
    }

    /**
     * Takes the place of Node's way to close a connection after its last answer, by which a RST that comes later is not
     * seen: sends no more, and waits for the end or the RST of the client.
     */
    private linger(): void {
        this.revealReset();
        if (this._deliveries.size === 0) {
            Socket.prototype.destroySoon.call(this._socket);
            return;
        }
        this._socket.unref();
        if (!(this._socket instanceof TLSSocket)) {
            this._socket.end();
            return;
        }
        // The end of TLS is bytes, too. A client that has its answer but not them causes a RST as well
        const timer = setTimeout(() => {
            this.confirmWritten();
            Socket.prototype.destroySoon.call(this._socket);
        }, TLS_LINGER_TIME).unref();
        this._socket.once('close', () => clearTimeout(timer));
    }

    /**
     * A client that sends no more may read on, or go a moment later without having read. Its system tells that by a RST
     * only as long as it does not have the end from here, so that is held back for a moment.
     */
    private holdEnd(): void {
        this.revealReset();
        if (this._deliveries.size === 0) return;
        const socket = this._socket;
        socket.end = () => socket;
        const timer = setTimeout(() => {
            this.revealReset();
            Reflect.deleteProperty(socket, 'end');
            // What TLS says at its end are bytes, and so cause a RST of a client that has closed
            if (socket instanceof TLSSocket && !socket.destroyed) this.confirmWritten();
            socket.end();
        }, HALF_CLOSED_TIME).unref();
        socket.once('close', () => clearTimeout(timer));
    }

    /**
     * The client may have gone just before the answer was written. Then its end is read first, and the RST that the answer
     * has caused never, but the next write fails, be it of no bytes.
     */
    private revealReset(): void {
        if (this._deliveries.size === 0) return;
        if (this._socket instanceof TLSSocket) {
            // TLS keeps writes of no bytes to itself
            if (!hasPeer(this._socket)) this._socket.destroy(new Error('The connection is reset'));
        } else if (this._socket.writable) {
            this._socket.write('');
        }
    }
}

/**
 * Waits until the end of a connection is seen that has already arrived, as after the process was busy. Node reads it in the
 * turn after that of the request that came along with it.
 */
export async function hangUpSeen(): Promise<void> {
    await nextTurn();
    await nextTurn();
}

/** What is used of the handle of a socket: it asks the system for the address of the other side, and gives 0 if there is one. */
interface SocketHandle {
    readonly getpeername?: (address: object) => number;
}

/** Whether a connection has another side. `remoteAddress` does not tell: it stays as it was when somebody asked for it first. */
function hasPeer(socket: Socket): boolean {
    const { _handle: handle } = socket as { readonly _handle?: SocketHandle | null };
    return (handle?.getpeername?.({}) ?? 0) === 0;
}
