import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';

/** How long a server may be silent, in milliseconds: enough for any contestant on any machine. */
const LIMIT = 60_000;

const TEXT = 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

/**
 * Scrapes a server as Prometheus does. Nothing but reading is done while the body arrives.
 *
 * @returns the wall time in milliseconds, and `read`, which unpacks the body: bytes if it is protobuf, and else a string.
 */
export async function scrape(port, encoding, { agent = false, accept = TEXT, path = '/metrics' } = {}) {
    const start = performance.now();
    const request = get({
        host: '127.0.0.1',
        port,
        path,
        agent,
        headers: { Accept: accept, 'Accept-Encoding': encoding },
    });
    request.setTimeout(LIMIT, () => request.destroy(new Error(`The server was silent for ${LIMIT} ms`)));
    const [response] = await once(request, 'response');
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    await once(response, 'end');
    const wall = performance.now() - start;

    if (response.statusCode !== 200) throw new Error(`Status ${response.statusCode}`);
    const encoded = response.headers['content-encoding'] ?? 'identity';
    if (encoded !== encoding) throw new Error(`The body came as ${encoded}, not as ${encoding}`);

    const body = Buffer.concat(chunks);
    const isBinary = response.headers['content-type']?.includes('protobuf') ?? false;
    const read = () => {
        const bytes = encoding === 'gzip' ? gunzipSync(body) : body;
        return isBinary ? bytes : bytes.toString();
    };
    return { wall, read };
}
