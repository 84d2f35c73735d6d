/*
 * The numbers of the fields that are written, of each message in Prometheus' own
 * prompb/io/prometheus/client/metrics.proto. The one of prometheus/client_model had others for native histograms once.
 */

export const METRIC_FAMILY = { name: 1, help: 2, type: 3, metric: 4 } as const;

/** The values of the type of a family. What OpenMetrics calls unknown is untyped here. */
export const METRIC_TYPE = { counter: 0, gauge: 1, summary: 2, untyped: 3, histogram: 4 } as const;

export const METRIC = { label: 1, gauge: 2, counter: 3, summary: 4, untyped: 5, histogram: 7 } as const;

export const LABEL_PAIR = { name: 1, value: 2 } as const;

/** The one field of Gauge and Untyped. */
export const VALUE = 1;

export const COUNTER = { value: 1, exemplar: 2, startTimestamp: 3 } as const;

export const SUMMARY = { sampleCount: 1, sampleSum: 2, quantile: 3, startTimestamp: 4 } as const;

export const QUANTILE = { quantile: 1, value: 2 } as const;

export const HISTOGRAM = {
    sampleCount: 1,
    sampleSum: 2,
    bucket: 3,
    schema: 5,
    zeroThreshold: 6,
    zeroCount: 7,
    negativeSpan: 9,
    negativeDelta: 10,
    positiveSpan: 12,
    positiveDelta: 13,
    startTimestamp: 15,
} as const;

export const BUCKET = { cumulativeCount: 1, upperBound: 2, exemplar: 3 } as const;

export const EXEMPLAR = { label: 1, value: 2, timestamp: 3 } as const;

export const BUCKET_SPAN = { offset: 1, length: 2 } as const;

export const TIMESTAMP = { seconds: 1, nanos: 2 } as const;
