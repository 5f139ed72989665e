import { isIP } from 'node:net';

/** Metadata services that are not on a link-local address: Alibaba Cloud, and AWS over IPv6. */
const METADATA: ReadonlySet<string> = new Set(['100.100.100.200', 'fd00:ec2::254']);

/**
 * Whether a host, as `URL.hostname` spells it, is this machine or reachable from it alone: `localhost`, loopback,
 * link-local, unspecified, multicast and cloud metadata addresses, also as IPv4 inside IPv6. Names are not looked up.
 * RFC 6890, RFC 5771.
 */
export function isLocalHost(hostname: string): boolean {
  const host = innermost(hostname);
  if (host === 'localhost' || host.endsWith('.localhost') || isLinkLocalHost(host)) return true;
  const [first = 0] = host.split('.').map(Number);
  if (isIP(host) === 4) return first === 0 || first === 127 || first >= 224;
  return isIP(host) === 6 && (host === '::' || host.startsWith('ff'));
}

/**
 * Whether a host is a link-local address or the metadata service of a cloud, which gives an identity to whoever asks from
 * this machine. RFC 3927, RFC 4291.
 */
export function isLinkLocalHost(hostname: string): boolean {
  const host = innermost(hostname);
  if (METADATA.has(host) || (isIP(host) === 4 && host.startsWith('169.254.'))) return true;
  return isIP(host) === 6 && /^fe[89ab]/.test(host);
}

/** The host without brackets and the dot at its end; of an IPv6 address that ends with an IPv4 one, that one. */
function innermost(hostname: string): string {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  // Mapped (::ffff:0:0/96), compatible (::/96) and translated (64:ff9b::/96); `URL` writes them compressed, in hexadecimal
  // and lower case.
  const [, high = '0', low] = /^(?:::ffff:|::|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(host) ?? [];
  if (low === undefined) return host;
  const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [upper >> 8, upper & 255, lower >> 8, lower & 255].join('.');
}
