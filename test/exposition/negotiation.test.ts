import { EXPOSITION_FORMATS } from '../../src/exposition/formats';
import { negotiate } from '../../src/exposition/negotiation';
import { ACCEPT_HEADERS, OPEN_METRICS, OPEN_METRICS_ESCAPED, TEXT } from '../fixtures/acceptHeaders';

type Row = readonly [accept: string, contentType: string];

function contentTypeOf(accept: string | undefined): string {
    return negotiate(accept).contentType;
}

test.each(ACCEPT_HEADERS)('%s', (_sender, accept, contentType) => {
    expect(contentTypeOf(accept)).toBe(contentType);
});

test('the format belongs to the content type', () => {
    const [text, openMetrics] = EXPOSITION_FORMATS;
    expect(negotiate('text/plain')).toEqual({ format: text, contentType: TEXT });
    expect(negotiate('application/openmetrics-text')).toEqual({ format: openMetrics, contentType: OPEN_METRICS });
    expect(negotiate('application/openmetrics-text;escaping=dots')).toEqual({
        format: openMetrics,
        contentType: OPEN_METRICS_ESCAPED,
    });
});

describe('of one format the closest range counts', () => {
    test.each<Row>([
        // The version before the type, the type before application/*, that before */*; wherever they stand
        [
            'application/openmetrics-text;q=0.1,text/plain;q=0.5,application/openmetrics-text;version=1.0.0',
            OPEN_METRICS,
        ],
        ['application/openmetrics-text;version=1.0.0;q=0.1,text/plain;q=0.5,application/openmetrics-text', TEXT],
        ['application/*,text/plain;q=0.5,application/openmetrics-text;q=0.1', TEXT],
        ['application/openmetrics-text;q=0.1,text/plain;q=0.5,application/*', TEXT],
        ['*/*,text/plain;q=0.5,application/*;q=0.1', TEXT],
        ['text/*;q=0.1,*/*;q=0.5', OPEN_METRICS],
        ['text/plain;q=0.1,text/*,application/openmetrics-text;q=0.5', OPEN_METRICS],
        // A closer range that refuses is not overruled by a wider one
        ['application/openmetrics-text;q=0,application/*', TEXT],
        ['text/plain;q=0,*/*', OPEN_METRICS],
        ['text/plain;version=0.0.4;q=0,text/plain,application/openmetrics-text;q=0.1', OPEN_METRICS],
    ])('%s', (accept, contentType) => {
        expect(contentTypeOf(accept)).toBe(contentType);
    });
});

describe('of ranges that are equally close the best counts', () => {
    test.each<Row>([
        ['text/plain;q=0.9,application/openmetrics-text;q=0.5,text/plain;q=0.1', TEXT],
        ['text/plain;q=0.1,application/openmetrics-text;q=0.5,text/plain;q=0.9', TEXT],
        ['text/plain;q=0,application/openmetrics-text;q=0.5,text/plain;q=0.9', TEXT],
        ['text/plain;q=0.1,application/openmetrics-text;q=0.5,text/plain;q=0.2', OPEN_METRICS],
        // The earlier one of two that are equally good: only that is ahead of text/plain
        ['application/openmetrics-text,text/plain,application/openmetrics-text', OPEN_METRICS],
        ['text/plain,application/openmetrics-text,text/plain', TEXT],
    ])('%s', (accept, contentType) => {
        expect(contentTypeOf(accept)).toBe(contentType);
    });
});

describe('wildcards', () => {
    test.each<Row>([
        ['application/*', OPEN_METRICS],
        ['APPLICATION/*', OPEN_METRICS],
        ['text/*', TEXT],
        ['application/*,text/*', OPEN_METRICS],
        ['text/*,application/*', TEXT],
        ['image/*', TEXT],
        ['*/*;q=0', TEXT],
        ['*', TEXT],
        ['*/openmetrics-text', TEXT],
        ['application/openmetrics-*', TEXT],
    ])('%s', (accept, contentType) => {
        expect(contentTypeOf(accept)).toBe(contentType);
    });
});

describe('qualities', () => {
    test.each<Row>([
        // More than 1 is 1, and of two that are equal the earlier wins
        ['text/plain;q=1,application/openmetrics-text;q=5', TEXT],
        ['application/openmetrics-text;q=1,text/plain;q=Infinity', OPEN_METRICS],
        // Less than 0 is 0, which refuses
        ['application/openmetrics-text;q=-1', TEXT],
        ['application/openmetrics-text;q=-0', TEXT],
        ['application/openmetrics-text;q=0.000', TEXT],
        // What is no number is 1
        ['text/plain;q=0.9,application/openmetrics-text;q=high', OPEN_METRICS],
        ['text/plain;q=0.9,application/openmetrics-text;q=', OPEN_METRICS],
        ['text/plain;q=0.9,application/openmetrics-text;q', OPEN_METRICS],
        ['text/plain;q=0.9,application/openmetrics-text;q=NaN', OPEN_METRICS],
        ['text/plain;q=0.9,application/openmetrics-text;q=0,5', TEXT],
        ['application/openmetrics-text;q=0.001', OPEN_METRICS],
        ['text/plain;q=.5,application/openmetrics-text;q=.6', OPEN_METRICS],
        ['text/plain;Q=0.5,application/openmetrics-text;Q=0.6', OPEN_METRICS],
        ['text/plain;q="0.5",application/openmetrics-text;q="0.6"', OPEN_METRICS],
        ['application/openmetrics-text;q=0.5;version=1.0.0,text/plain;q=0.4', OPEN_METRICS],
    ])('%s', (accept, contentType) => {
        expect(contentTypeOf(accept)).toBe(contentType);
    });
});

describe('parameters', () => {
    test.each<Row>([
        ['Application/OpenMetrics-Text; VERSION="1.0.0"', OPEN_METRICS],
        ['application/openmetrics-text ; version = 1.0.0 , text/plain', OPEN_METRICS],
        ['\tapplication/openmetrics-text\t;\tversion=1.0.0\t', OPEN_METRICS],
        ['application/openmetrics-text;version="1.\\0.0"', OPEN_METRICS],
        ['application/openmetrics-text;version=1.0', TEXT],
        ['application/openmetrics-text;version=', TEXT],
        ['application/openmetrics-text;version', TEXT],
        ['application/openmetrics-text;charset=utf-8;version=1.0.0', OPEN_METRICS],
        ['application/openmetrics-text;;version=1.0.0;', OPEN_METRICS],
        ['text/plain;version=1.0.0,application/openmetrics-text;q=0.1', OPEN_METRICS],
        // Separators in quotes separate nothing
        ['application/openmetrics-text;note="a,text/plain;q=1,b";q=0.5,text/plain;q=0.4', OPEN_METRICS],
        ['text/plain;note=",application/openmetrics-text,";q=0.1', TEXT],
        ['application/openmetrics-text;note="a;q=0;b"', OPEN_METRICS],
        ['application/openmetrics-text;note="\\";q=0;";q=1', OPEN_METRICS],
        ['application/openmetrics-text;note="=";version=1.0.0', OPEN_METRICS],
        ['application/openmetrics-text;note="never closed,text/plain', OPEN_METRICS],
    ])('%s', (accept, contentType) => {
        expect(contentTypeOf(accept)).toBe(contentType);
    });
});

describe('the escaping of the winning range, and of no other', () => {
    test.each<Row>([
        ['application/openmetrics-text;escaping=allow-utf-8', OPEN_METRICS_ESCAPED],
        ['application/openmetrics-text;escaping=underscores', OPEN_METRICS_ESCAPED],
        ['application/openmetrics-text;escaping=dots', OPEN_METRICS_ESCAPED],
        ['application/openmetrics-text;escaping=values', OPEN_METRICS_ESCAPED],
        ['application/openmetrics-text;ESCAPING="values"', OPEN_METRICS_ESCAPED],
        ['text/plain;version=0.0.4;escaping=allow-utf-8', `${TEXT}; escaping=underscores`],
        ['*/*;escaping=dots', `${TEXT}; escaping=underscores`],
        ['application/openmetrics-text;escaping=', OPEN_METRICS],
        ['application/openmetrics-text;escaping', OPEN_METRICS],
        ['application/openmetrics-text;escaping=values2', OPEN_METRICS],
        ['application/openmetrics-text;escaping="dots\\"; charset=x"', OPEN_METRICS],
        ['application/openmetrics-text,text/plain;escaping=dots;q=0.5', OPEN_METRICS],
        ['application/openmetrics-text;escaping=dots;q=0.4,text/plain;q=0.5', TEXT],
        ['text/plain;version=1.0.0;escaping=dots', TEXT],
        ['application/openmetrics-text;escaping=evil,application/openmetrics-text;escaping=dots', OPEN_METRICS],
    ])('%s', (accept, contentType) => {
        expect(contentTypeOf(accept)).toBe(contentType);
    });
});

describe('garbage', () => {
    test.each<readonly [what: string, accept: string]>([
        ['nothing', ''],
        ['blanks', '   \t '],
        ['a quote', '"'],
        ['a quote and a backslash', '"\\'],
        ['separators', ';,;=,=;,'],
        ['no slash', 'openmetrics'],
        ['something in the type', 'application/openmetrics-text x'],
        ['names of properties', '__proto__;constructor=toString,constructor'],
        ['many commas', ','.repeat(16_000)],
        ['many semicolons', ';'.repeat(16_000)],
        ['many quotes', '"'.repeat(16_001)],
        ['many backslashes', `a="${'\\'.repeat(16_000)}`],
        ['many ranges', 'a/b;q=1,'.repeat(2_000)],
        ['a long type', `application/openmetrics-text${'x'.repeat(16_000)}`],
    ])('%s is answered with text', (_what, accept) => {
        expect(contentTypeOf(accept)).toBe(TEXT);
    });

    test('around a range leaves that range as it is', () => {
        const garbage = ',,;q=x,"a,b",'.repeat(500);
        expect(contentTypeOf(`${garbage}application/openmetrics-text;version=1.0.0,${garbage}`)).toBe(OPEN_METRICS);
    });
});
