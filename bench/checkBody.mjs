const SAMPLE = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/;

/**
 * Throws if a body is not whole: each line must be a comment or a sample, the last one must be ended,
 * and the number and the sum of the samples must be the expected ones.
 *
 * @param {string} body
 * @param {import('./counters.mjs').Expected} expected
 */
export function checkBody(body, expected) {
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

    const wanted = expected.sum();
    if (samples !== expected.size * 4) throw new Error(`${samples} samples instead of ${expected.size * 4}`);
    if (Math.abs(sum - wanted) > 1e-9 * wanted) throw new Error(`The samples add up to ${sum} instead of ${wanted}`);
}
