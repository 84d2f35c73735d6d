import { ConfigException, ConfigParams, Descriptor, References } from 'pip-services3-commons-nodex';

import { PrometheusCounters } from '../../src/count';
import { Renderer } from '../../src/exposition/Renderer';
import { OPEN_METRICS_FORMAT, TEXT_FORMAT } from '../../src/exposition/textFormats';
import { IDIOMATIC_VECTORS } from '../fixtures/idiomaticVectors';
import { recordCalls } from '../fixtures/recordCalls';
import { RecordingLogger } from '../fixtures/RecordingLogger';
import { thrownBy } from '../fixtures/thrownBy';

const LOGGER = new Descriptor('test', 'logger', 'recording', 'default', '1.0');
const ACCEPTED = IDIOMATIC_VECTORS.filter(({ refused }) => refused === undefined);
const REFUSED = IDIOMATIC_VECTORS.filter(({ refused }) => refused !== undefined);

test.each(ACCEPTED)('$id $what', ({ counters: config, service, calls, text, openMetrics, warnings }) => {
    const logger = new RecordingLogger();
    const counters = new PrometheusCounters();
    counters.configure(ConfigParams.fromValue(config));
    counters.setReferences(References.fromTuples(LOGGER, logger));
    recordCalls(counters, calls);

    const renderer = new Renderer(counters.exposition, service?.source ?? null, service?.instance ?? null);
    expect([...renderer.render(counters.getAll(), TEXT_FORMAT)].join('')).toBe(text);
    expect([...renderer.render(counters.getAll(), OPEN_METRICS_FORMAT)].join('')).toBe(openMetrics);
    expect(logger.lines.length).toBe(warnings);
});

test.each(REFUSED)('$id $what', ({ counters: config, refused }) => {
    const error = thrownBy(() => new PrometheusCounters().configure(ConfigParams.fromValue(config)));
    expect(error).toBeInstanceOf(ConfigException);
    expect((error as ConfigException).code).toBe(refused);
});
