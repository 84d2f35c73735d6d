import { ConfigException } from 'pip-services3-commons-nodex';

import { findProxy } from '../../src/push/findProxy';
import { thrownBy } from '../fixtures/thrownBy';

const HTTP = 'http://gateway.example.com:9091/';
const HTTPS = 'https://gateway.example.com/';

function find(url: string, env: Record<string, string>): string | null {
    return findProxy(new URL(url), env)?.href ?? null;
}

test.each<[string, Record<string, string>, string | null]>([
    [HTTP, {}, null],
    [HTTP, { http_proxy: 'http://p:3128' }, 'http://p:3128/'],
    [HTTP, { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    [HTTP, { http_proxy: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'http://p:1/'],
    // As with curl, an empty one in lower case switches off that in upper case
    [HTTP, { http_proxy: '', HTTP_PROXY: 'http://q:1' }, null],
    [HTTP, { http_proxy: ' p:3128 ' }, 'http://p:3128/'],
    [HTTP, { http_proxy: 'u:s3cret@p:3128' }, 'http://u:s3cret@p:3128/'],
    [HTTP, { http_proxy: 'https://p' }, 'https://p/'],
    [HTTP, { https_proxy: 'http://p:3128' }, null],
    [HTTPS, { https_proxy: 'http://p:3128' }, 'http://p:3128/'],
    [HTTPS, { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128/'],
    [HTTPS, { http_proxy: 'http://p:3128' }, null],
])('%s with %j: %s', (url, env, expected) => {
    expect(find(url, env)).toBe(expected);
});

test.each<[string, string, boolean]>([
    [HTTP, '*', true],
    [HTTP, 'gateway.example.com', true],
    [HTTP, 'Gateway.Example.COM', true],
    [HTTP, 'example.com', true],
    [HTTP, '.example.com', true],
    [HTTP, '*.example.com', true],
    [HTTP, 'other, .example.com', true],
    [HTTP, 'other .example.com', true],
    [HTTP, 'gateway.example.com:9091', true],
    [HTTP, '.example.com:9091', true],
    [HTTP, 'gateway.example.com:80', false],
    [HTTPS, 'gateway.example.com:443', true],
    [HTTP, 'ample.com', false],
    [HTTP, 'gateway', false],
    [HTTP, 'a.gateway.example.com', false],
    [HTTP, ', ,', false],
    ['http://10.1.2.3:9091', '10.1.2.3', true],
    ['http://10.1.2.3:9091', '10.1.2.3:9091', true],
    ['http://10.1.2.3:9091', '10.0.0.0/8', true],
    ['http://10.1.2.3:9091', '10.2.0.0/16', false],
    ['http://10.1.2.3:9091', '10.0.0.0/99', false],
    ['http://10.1.2.3:9091', '1.2.3', false],
    ['http://[fd00::1]:9091', 'fd00::1', true],
    ['http://[fd00::1]:9091', '[fd00::1]:9091', true],
    ['http://[fd00::1]:9091', 'fd00::/8', true],
    ['http://[fd00::1]:9091', '10.0.0.0/8', false],
])('%s with a no_proxy of %j is direct: %s', (url, noProxy, isDirect) => {
    const proxies = { http_proxy: 'http://p:1', https_proxy: 'http://p:1' };
    expect(find(url, { ...proxies, no_proxy: noProxy }) === null).toBe(isDirect);
    expect(find(url, { ...proxies, NO_PROXY: noProxy }) === null).toBe(isDirect);
});

test.each(['socks5://u:s3cret@p:1080', 'http://u:s3cret@p:abc', 'http://', 'ftp://p'])('%s is refused', (proxy) => {
    const error = thrownBy(() => find(HTTP, { http_proxy: proxy }));
    expect(error).toBeInstanceOf(ConfigException);
    expect(error).toMatchObject({
        code: 'WRONG_PROXY',
        message: "The environment's http_proxy must be like http://host:3128",
    });
});
