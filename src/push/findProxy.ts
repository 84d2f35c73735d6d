import { BlockList, isIP } from 'node:net';

import { misconfigured } from './failures';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the proxy for a URL in the environment, as curl and Go do: `http_proxy`, `https_proxy` and `no_proxy`, also in
 * upper case. `no_proxy` has hosts, domains, `host:port`, networks like `10.0.0.0/8`, or `*` for all.
 *
 * @returns null if the URL is to be reached without.
 * @throws ConfigException if the proxy is not one of http or https. It does not have its URL, which may contain a password.
 */
export function findProxy(url: URL, env: Environment): URL | null {
    const scheme = url.protocol.slice(0, -1);
    const name = `${scheme}_proxy`;
    const text = readVariable(env, name);
    if (text === '' || isExcepted(url, readVariable(env, 'no_proxy'))) return null;

    const address = text.includes('://') ? text : `http://${text}`;
    const proxy = URL.canParse(address) ? new URL(address) : null;
    if (proxy !== null && /^https?:$/.test(proxy.protocol)) return proxy;
    throw misconfigured('WRONG_PROXY', `The environment's ${name} must be like http://host:3128`);
}

function readVariable(env: Environment, name: string): string {
    return (env[name] ?? env[name.toUpperCase()] ?? '').trim();
}

function isExcepted(url: URL, noProxy: string): boolean {
    return noProxy
        .toLowerCase()
        .split(/[\s,]+/)
        .some((entry) => entry !== '' && isMatch(url, entry));
}

function isMatch(url: URL, entry: string): boolean {
    if (entry === '*') return true;
    const host = withoutBrackets(url.hostname);
    const [, network = '', prefix = ''] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
    if (network !== '') return isInNetwork(host, network, Number(prefix));
    if (isIP(entry) !== 0) return host === entry;

    const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    const portOfUrl = url.port || (url.protocol === 'https:' ? '443' : '80');
    if (port !== undefined && port !== portOfUrl) return false;
    const domain = withoutBrackets(name.replace(/^\*?\./, ''));
    return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isInNetwork(host: string, network: string, prefix: number): boolean {
    const family = isIP(network);
    if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    const list = new BlockList();
    list.addSubnet(network, prefix, type);
    return list.check(host, type);
}

function withoutBrackets(host: string): string {
    return host.replace(/^\[(.*)\]$/, '$1');
}
