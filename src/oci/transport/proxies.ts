import { BlockList, isIP } from 'node:net';
import { OciError } from '../errors.ts';
import { isLocalHost } from './localHost.ts';

/** A proxy that the environment names. */
export interface ProxyServer {
  /** Where it was named: `HTTPS_PROXY`. */
  readonly variable: string;
  /** `http://proxy.example:3128`: without what it carries of a user, so that it can be shown. */
  readonly origin: string;
  /** The value of `Proxy-Authorization`, where the variable has user information. */
  readonly authorization: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The lower-case spelling first, as curl reads them. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'https:': ['https_proxy', 'HTTPS_PROXY'],
  'http:': ['http_proxy', 'HTTP_PROXY'],
};

/**
 * The proxy that a request goes through: that of HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY names the host. This machine is
 * never reached through one. A proxy without a scheme is spoken to by http.
 * @throws OciError INVALID_ARGUMENT naming the variable, never its value, which may hold a password
 */
export function proxyFor(url: URL, environment: Environment): ProxyServer | undefined {
  const variable = VARIABLES[url.protocol]?.find((name) => environment[name]);
  const value = variable && environment[variable];
  if (!variable || !value || isLocalHost(url.hostname) || isExcepted(url, environment)) return undefined;
  const text = value.includes('://') ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  const authorization = proxy && authorizationOf(proxy);
  if (proxy === undefined || authorization === 'invalid' || !/^https?:$/.test(proxy.protocol)) {
    throw new OciError('INVALID_ARGUMENT', `${variable} is not the address of a proxy`, {
      argument: variable,
      value: '***',
      accepted: 'http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (https too), with %40 for an @ in the password',
    });
  }
  return { variable, origin: proxy.origin, authorization };
}

function authorizationOf({ username, password }: URL): string | 'invalid' | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(user, 'utf8').toString('base64')}`;
  } catch {
    return 'invalid';
  }
}

/** What NO_PROXY says, in the spelling that says something; the lower-case one first. */
export function exceptionsOf(environment: Environment): string {
  return environment['no_proxy'] || environment['NO_PROXY'] || '';
}

/**
 * NO_PROXY as curl and Go read it: names, which stand for what is below them too, with or without a dot or `*.` before
 * them; addresses and ranges of addresses; each with or without a port; `*` for everything.
 */
function isExcepted(url: URL, environment: Environment): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptionsOf(environment)
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  // An IPv6 address has colons of its own, and its port stands behind brackets.
  const parts = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry);
  const name = parts?.[1] ?? parts?.[2] ?? entry;
  const wanted = parts?.[3];
  if (wanted !== undefined && wanted !== port) return false;
  if (isIP(host) !== 0) return name === host || isInRange(name, host);
  const below = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return (host === below && !name.startsWith('*')) || host.endsWith(`.${below}`);
}

function isInRange(range: string, host: string): boolean {
  const [, network = '', bits] = /^(.+)\/(\d{1,3})$/.exec(range) ?? [];
  const family = isIP(network);
  if (bits === undefined || family === 0 || family !== isIP(host) || Number(bits) > (family === 4 ? 32 : 128)) {
    return false;
  }
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}

/** A proxy's answer that is no answer of the registry's. @param proxy its origin; null where only whoever runs us knows it */
export function proxyRefused(
  registry: string,
  proxy: string | null,
  status: number,
  cause?: unknown,
): OciError<'PROXY_REFUSED'> {
  const message = `the proxy ${proxy ?? 'on the way'} to ${registry} answered ${status}`;
  return new OciError('PROXY_REFUSED', message, { registry, proxy, status }, { cause });
}
