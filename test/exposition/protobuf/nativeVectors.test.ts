import { NativeHistogram, schemaOf } from '../../../src/count/histogram/NativeHistogram';
import { encodeLabels } from '../../../src/exposition/protobuf/encodeLabels';
import { MetricFamilyEncoder } from '../../../src/exposition/protobuf/MetricFamilyEncoder';

const WHOLE_MS = Array.from({ length: 1000 }, (_, index) => (index + 1) / 1000);

/** Bodies that Prometheus 2.42 stored with the buckets that they name. */
test.each<[string, number, number[], number, string]>([
    [
        'NH01: a zero bucket for 0 ms, and two spans',
        1.1,
        [0, 0.005, 0.005, 0.07],
        0.08,
        '5f0a09745f7365636f6e6473120954696d65206f662074180422450a0c0a07636f6d6d616e641201783a350804117b14ae47e17ab43f28' +
            '0631000000000000f03738016204087910016204083c10016a0204017a0b0880c2aff0051080e59a77',
    ],
    [
        'NH02: powers of two are upper bounds, inclusive',
        2,
        [1, 2, 4, 3],
        10,
        '5a0a09745f7365636f6e6473120954696d65206f662074180422400a0c0a07636f6d6d616e641201783a30080411000000000000244028' +
            '0031000000000000f03738006204080010036a030200027a0b0880c2aff0051080e59a77',
    ],
    [
        'NH04: nothing observed, native by its zero threshold',
        1.1,
        [],
        0,
        '4f0a09745f7365636f6e6473120954696d65206f662074180422350a0c0a07636f6d6d616e641201783a25080011000000000000000028' +
            '0631000000000000f03738007a0b0880c2aff0051080e59a77',
    ],
    [
        'NH06: gaps of up to two empty buckets are zeros',
        1.1,
        [0.01, 0.0125, 0.02],
        0.042499999999999996,
        '620a09745f7365636f6e6473120954696d65206f662074180422480a0c0a07636f6d6d616e641201783a38080311c2f5285c8fc2a53f28' +
            '0631000000000000f03738006204086910046204080810016a0502010002007a0b0880c2aff0051080e59a77',
    ],
    [
        'NH07: whole ms up to 1000 s keep the resolution within 160 buckets',
        1.1,
        [...WHOLE_MS, 1000],
        1500.5,
        'b9010a09745f7365636f6e6473120954696d65206f6620741804229e010a0c0a07636f6d6d616e641201783a8d0108e907110000000000' +
            '729740280631000000000000f03738006205089d0110016204080e10016204080610016204080610406205089e0110016a4502000000' +
            '0102010201020102000000000000000201020000000002000000020000020002000200020200040002040004040204020604040606060' +
            '806080a0a0a0a100ca3017a0b0880c2aff0051080e59a77',
    ],
])('%s', (_, factor, observed, sum, body) => {
    const histogram = new NativeHistogram({ schema: schemaOf(factor), maxBuckets: 160 });
    for (const seconds of observed) histogram.observe(seconds);

    const encoder = new MetricFamilyEncoder();
    encoder.begin('t_seconds', 'Time of t', 'histogram');
    encoder.addHistogram(
        encodeLabels([['command', 'x']]),
        { count: observed.length, sum, classic: null, native: histogram },
        Date.UTC(2020, 0, 1, 0, 0, 0, 250)
    );
    encoder.end();
    expect(Buffer.concat(encoder.finish()).toString('hex')).toBe(body);
});
