'use strict';

const { Descriptor } = require('pip-services3-commons-nodex');
const { Factory } = require('pip-services3-components-nodex');

const { OrdersSimulator } = require('./OrdersSimulator');

/** Creates the component of this demo by its descriptor. */
class DemoFactory extends Factory {
    constructor() {
        super();
        this.registerAsType(new Descriptor('demo', 'simulator', 'orders', '*', '1.0'), OrdersSimulator);
    }
}

module.exports = { DemoFactory };
