import { isIP } from 'node:net';
import { OciError } from '../errors.ts';
import { parseRegistryHost } from '../spec/reference.ts';
import { redactUrl } from './redact.ts';

/**
 * What leads from one address to another: a redirect, the `Location` of an upload, the `Link` to a next page, the
 * `realm` of a challenge.
 */
export type Hop = 'redirect' | 'location' | 'link' | 'realm';

/**
 * The one policy for every address that a registry hands out. Returns whether it is the registry's own origin, which
 * alone may see credentials, cookies, custom headers and client certificates.
 *
 * * only http and https; never from https to http; no user information
 * * a `link` stays on its origin
 * * what is not on this machine or link does not lead there: that would make us knock at services (cloud metadata, a
 *   local daemon) that the registry itself cannot reach. Private networks stay open, registries keep storage there.
 *
 * @throws OciError REDIRECT_REFUSED naming both ends
 */
export function checkHop(hop: Hop, from: URL, to: URL): { readonly sameOrigin: boolean } {
  const sameOrigin = from.origin === to.origin;
  const reason = objection(hop, from, to, sameOrigin);
  if (reason === undefined) return { sameOrigin };
  const details = { from: redactUrl(from), to: redactUrl(to), reason };
  throw new OciError('REDIRECT_REFUSED', `${hop} from ${details.from} to ${details.to} refused: ${reason}`, details);
}

function objection(hop: Hop, from: URL, to: URL, sameOrigin: boolean): string | undefined {
  if (to.protocol !== 'https:' && to.protocol !== 'http:') return 'only http and https are followed';
  if (to.username !== '' || to.password !== '') return 'the address carries user information';
  if (sameOrigin) return undefined;
  if (hop === 'link') return 'a next page has to come from the same registry';
  if (from.protocol === 'https:' && to.protocol === 'http:') return 'it leads from https to http';
  if (isLocalHost(to.hostname) && !isLocalHost(from.hostname)) {
    return 'it leads from another host to this machine or its link-local addresses';
  }
  return undefined;
}

/** Numbers of an IPv4 address that mean this machine, this link, everybody, or nobody. RFC 6890, RFC 5771. */
const LOCAL_IPV4: readonly ((a: number, b: number) => boolean)[] = [
  (a) => a === 0,
  (a) => a === 127,
  (a, b) => a === 169 && b === 254,
  (a) => a >= 224,
];

/** Metadata services that are not on a link-local address: Alibaba Cloud, and AWS over IPv6. */
const METADATA: ReadonlySet<string> = new Set(['100.100.100.200', 'fd00:ec2::254']);

/**
 * Whether a host, as `URL.hostname` spells it, is this machine or reachable from it alone: `localhost`, loopback,
 * link-local, unspecified, multicast and cloud metadata addresses, also as IPv4 inside IPv6. Names are not looked up.
 */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost') || METADATA.has(host)) return true;
  if (isIP(host) === 4) return isLocalIpv4(host);
  return isIP(host) === 6 && isLocalIpv6(host);
}

function isLocalIpv4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return LOCAL_IPV4.some((matches) => matches(a, b)) || METADATA.has(address);
}

/** `URL` writes IPv6 compressed, in hexadecimal and lower case. */
function isLocalIpv6(address: string): boolean {
  if (address === '::' || address === '::1' || /^fe[89ab]|^ff/.test(address)) return true;
  // Mapped (::ffff:0:0/96), compatible (::/96) and translated (64:ff9b::/96) addresses end with the IPv4 one.
  const [, high = '0', low] = /^(?:::ffff:|::|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (low === undefined) return false;
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return isLocalIpv4([upper >> 8, upper & 255, lower >> 8, lower & 255].join('.'));
}

/**
 * Whether the address is the registry itself. A default port may be written or not; Docker Hub's names are one registry.
 * @param registry `host[:port]`
 */
export function isRegistryUrl(registry: string, url: URL): boolean {
  const own = `${url.protocol}//${parseRegistryHost(registry)}`;
  if (URL.canParse(own) && new URL(own).host === url.host) return true;
  try {
    return parseRegistryHost(url.host) === parseRegistryHost(registry);
  } catch {
    // Hosts of other services need not be names that a registry can have.
    return false;
  }
}
