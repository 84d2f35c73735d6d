'use strict';

const { ConfigParams, Descriptor } = require('pip-services3-commons-nodex');
const { Container } = require('pip-services3-container-nodex');
const { DefaultRpcFactory } = require('pip-services3-rpc-nodex');

// In a project of your own: require('pip-services3-prometheus-nodex')
const { DefaultPrometheusFactory } = require('..');
const { DemoFactory } = require('./DemoFactory');

const NAME = 'orders-demo';

class DemoContainer extends Container {
    constructor() {
        super(NAME);
        this.addFactory(new DefaultRpcFactory());
        this.addFactory(new DefaultPrometheusFactory());
        this.addFactory(new DemoFactory());
    }

    setReferences(references) {
        this._endpoint = references.getOneRequired(new Descriptor('*', 'endpoint', 'http', '*', '1.0'));
    }

    getPort() {
        return this._endpoint.getServer().address().port;
    }
}

async function main() {
    const container = new DemoContainer();
    container.readConfigFromFile(
        NAME,
        process.env.DEMO_CONFIG ?? require.resolve('./config.yml'),
        ConfigParams.fromValue(process.env)
    );
    stopOnSignals(container);

    await container.open(NAME);
    const address = `http://localhost:${container.getPort()}`;
    console.log('The counters of this service, in the text format of Prometheus:');
    console.log(`  ${address}/metrics`);
    console.log(`  ${address}/metricsandreset  (and begins to count anew)`);
    console.log('Press Ctrl+C to stop.');
}

/**
 * Closes the container at the first SIGINT or SIGTERM, and ends at once at the second.
 * ProcessContainer ends without waiting until its components are closed, and does not know SIGTERM.
 */
function stopOnSignals(container) {
    let stoppedAt = 0;
    const stop = async (signal) => {
        if (stoppedAt > 0) {
            // At Ctrl+C the signal comes twice, from the terminal and from npm
            if (Date.now() - stoppedAt > 500) process.exit(1);
            return;
        }
        stoppedAt = Date.now();
        console.log(`Stopping because of ${signal}...`);
        await container.close(NAME);
        console.log('Stopped.');
        process.exit(0);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
}

function fail(error) {
    console.error(`The demo cannot run: ${error.message}`);
    if (error.code === 'EADDRINUSE') {
        console.error('Please choose another port: HTTP_PORT=8081 npm start');
    }
    process.exit(1);
}

// The HTTP endpoint reports a port that is taken here, and not as a failure of open()
process.on('uncaughtException', fail);
main().catch(fail);
