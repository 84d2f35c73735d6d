const SAMPLE = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/;

/**
 * Throws if a body is not whole: each line of a text must be a comment or a sample, the last one must be ended,
 * and the number and the sum of the samples must be the expected ones, also those of protobuf.
 *
 * @param {string | Buffer} body
 * @param {import('./counters.mjs').Expected} expected
 */
export function checkBody(body, expected) {
    const { samples, sum } = typeof body === 'string' ? readText(body) : readProtobuf(body);
    const wanted = expected.sum();
    if (samples !== expected.size * 4) throw new Error(`${samples} samples instead of ${expected.size * 4}`);
    if (Math.abs(sum - wanted) > 1e-9 * wanted) throw new Error(`The samples add up to ${sum} instead of ${wanted}`);
}

function readText(body) {
    if (!body.endsWith('\n')) throw new Error(`The body is cut off: ...${JSON.stringify(body.slice(-80))}`);

    let samples = 0;
    let sum = 0;
    for (let start = 0, end; start < body.length; start = end + 1) {
        end = body.indexOf('\n', start);
        if (end === start || body[start] === '#') continue;
        const line = body.slice(start, end);
        const value = Number(SAMPLE.exec(line)?.[1]);
        if (Number.isNaN(value)) throw new Error(`Not a sample: ${line}`);
        samples++;
        sum += value;
    }
    return { samples, sum };
}

/** Reads families of gauges, each with its length before it. */
function readProtobuf(bytes) {
    const values = fieldsOf(bytes, 0, bytes.length, false)
        .flatMap(({ from, to }) => fieldsOf(bytes, from, to).filter(({ field }) => field === FAMILY_METRIC))
        .flatMap(({ from, to }) => fieldsOf(bytes, from, to).filter(({ field }) => field === METRIC_GAUGE))
        .map(({ from }) => bytes.readDoubleLE(from + 1));
    return { samples: values.length, sum: values.reduce((a, b) => a + b, 0) };
}

const FAMILY_METRIC = 4;
const METRIC_GAUGE = 2;

/** Splits a part of a message into fields with a length and, unless there are no tags, those of type varint. */
function fieldsOf(bytes, start, end, hasTags = true) {
    const fields = [];
    let at = start;
    const varint = () => {
        let value = 0;
        for (let factor = 1; ; factor *= 128) {
            const byte = bytes[at++];
            value += (byte & 127) * factor;
            if (byte < 128) return value;
        }
    };
    while (at < end) {
        const tag = hasTags ? varint() : 2;
        const length = varint();
        if ((tag & 7) !== 2) continue;
        fields.push({ field: tag >> 3, from: at, to: at + length });
        at += length;
    }
    if (at !== end) throw new Error(`A message ends at ${at} instead of ${end}`);
    return fields;
}
