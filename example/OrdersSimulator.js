'use strict';

const { clearInterval, setInterval } = require('node:timers');

const { CompositeCounters } = require('pip-services3-components-nodex');

/** How often each command is called in a second, how long it takes in milliseconds, and which share of calls fails. */
const COMMANDS = [
    { name: 'get_orders', rate: 12, time: 5, errors: 0.01 },
    { name: 'create_order', rate: 4, time: 30, errors: 0.1 },
    { name: 'export_orders', rate: 1, time: 800, errors: 0 },
];

/** The call that create_order makes: target, service, command. */
const PAYMENT = 'payments.orders.create_order';

/** Stands for the business part of a microservice, and records the counters that a real one records. */
class OrdersSimulator {
    constructor() {
        this._counters = new CompositeCounters();
        this._interval = 1000;
        this._errorFactor = 1;
        this._timer = null;
    }

    configure(config) {
        this._interval = config.getAsLongWithDefault('options.interval', this._interval);
        this._errorFactor = config.getAsDoubleWithDefault('options.error_factor', this._errorFactor);
    }

    setReferences(references) {
        this._counters.setReferences(references);
    }

    isOpen() {
        return this._timer !== null;
    }

    async open() {
        // increase() in Prometheus misses what a series has when it is scraped first. So each begins with 0
        for (const { name } of COMMANDS) {
            this._counters.increment(`orders.${name}.exec_count`, 0);
            this._counters.increment(`orders.${name}.exec_errors`, 0);
        }
        for (const kind of ['sent', 'received', 'dead']) {
            this._counters.increment(`queue.new_orders.${kind}_messages`, 0);
        }
        this._counters.increment(`${PAYMENT}.call_errors`, 0);
        this.work();
        // The demo ends when it is stopped, and does not go on because of this timer
        this._timer = setInterval(() => this.work(), this._interval).unref();
    }

    async close() {
        clearInterval(this._timer);
        this._timer = null;
    }

    /** One round of work: what happens in a second. */
    work() {
        for (const command of COMMANDS) {
            const calls = Math.round(command.rate * between(0.7, 1.3));
            for (let call = 0; call < calls; call++) this.serve(command);
        }
        this._counters.last('orders.open_orders', Math.round(between(0, 20)));
    }

    /** Records what a service of the toolkit records for each request, and what this one knows about orders. */
    serve({ name, time, errors }) {
        this._counters.incrementOne(`orders.${name}.exec_count`);
        this._counters.endTiming(`orders.${name}.exec_time`, time * between(0.5, 2));
        const fails = Math.random() < errors * this._errorFactor;
        if (fails) this._counters.incrementOne(`orders.${name}.exec_errors`);
        if (name === 'create_order') this.createOrder(fails);
    }

    /** An order is paid for, and goes through a queue. */
    createOrder(fails) {
        this._counters.stats('orders.order_total', between(5, 100));
        this._counters.incrementOne(`${PAYMENT}.call_count`);
        this._counters.endTiming(`${PAYMENT}.call_time`, between(10, 40));
        if (fails) {
            this._counters.incrementOne(`${PAYMENT}.call_errors`);
            return;
        }
        this._counters.incrementOne('queue.new_orders.sent_messages');
        this._counters.incrementOne('queue.new_orders.received_messages');
        if (Math.random() < 0.01 * this._errorFactor) this._counters.incrementOne('queue.new_orders.dead_messages');
    }
}

function between(low, high) {
    return low + (high - low) * Math.random();
}

module.exports = { OrdersSimulator };
