/** A format in which the same samples can be written. */
export interface ExpositionFormat {
    /** The media type that a scraper asks for. */
    readonly mediaType: string;
    /** The version of the format, as a parameter of the media type. */
    readonly version: string;
    /** The value of the Content-Type header. */
    readonly contentType: string;
    /** What follows the last line. */
    readonly end: string;
}

/** Prometheus text format: Prometheus documentation, instrumenting/exposition_formats.md. */
export const TEXT_FORMAT: ExpositionFormat = {
    mediaType: 'text/plain',
    version: '0.0.4',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    end: '',
};

/** OpenMetrics 1.0.0: Prometheus documentation, specs/om/open_metrics_spec.md. */
export const OPEN_METRICS_FORMAT: ExpositionFormat = {
    mediaType: 'application/openmetrics-text',
    version: '1.0.0',
    contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    end: '# EOF\n',
};

/** The formats that can be asked for; the first is the answer where nothing else is decided. */
export const EXPOSITION_FORMATS: readonly [ExpositionFormat, ...ExpositionFormat[]] = [
    TEXT_FORMAT,
    OPEN_METRICS_FORMAT,
];
