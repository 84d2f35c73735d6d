'use strict';

const { clearInterval, setInterval } = require('node:timers');

const { CompositeCounters } = require('pip-services3-components-nodex');

/** Stands for the business part of a microservice, and records the counters that a real one records. */
class OrdersSimulator {
    constructor() {
        this._counters = new CompositeCounters();
        this._interval = 1000;
        this._timer = null;
        this._rounds = 0;
    }

    configure(config) {
        this._interval = config.getAsLongWithDefault('options.interval', this._interval);
    }

    setReferences(references) {
        this._counters.setReferences(references);
    }

    isOpen() {
        return this._timer !== null;
    }

    async open() {
        this.work();
        // The demo ends when it is stopped, and does not go on because of this timer
        this._timer = setInterval(() => this.work(), this._interval).unref();
    }

    async close() {
        clearInterval(this._timer);
        this._timer = null;
    }

    /** One round of work. */
    work() {
        this._rounds++;
        this.serve('get_orders', 2 + 8 * Math.random());
        this.serve('create_order', 10 + 40 * Math.random());
        if (this._rounds % 5 === 1) {
            this._counters.incrementOne('orders.create_order.exec_errors');
        }
        this._counters.incrementOne('queue.new_orders.sent_messages');
        this._counters.incrementOne('queue.new_orders.received_messages');
        this._counters.stats('orders.order_total', 5 + 95 * Math.random());
        this._counters.last('orders.open_orders', Math.round(20 * Math.random()));
    }

    /** Records what a service of the toolkit records for each request. */
    serve(command, elapsed) {
        this._counters.incrementOne(`orders.${command}.exec_count`);
        this._counters.endTiming(`orders.${command}.exec_time`, elapsed);
    }
}

module.exports = { OrdersSimulator };
