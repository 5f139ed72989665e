import { OciError } from '../errors.ts';
import { parseRegistryHost } from '../spec/reference.ts';
import { isLinkLocalHost, isLocalHost } from './localHost.ts';
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
 * * what is not on this machine does not lead there: that would make us knock at services (a local daemon) that the
 *   registry itself cannot reach. Private networks stay open, registries keep storage there.
 * * what is not link-local itself does not lead to a link-local or metadata address, not even from this machine
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
  if (isLinkLocalHost(to.hostname) && !isLinkLocalHost(from.hostname)) {
    return 'it leads to a link-local or metadata address';
  }
  if (isLocalHost(to.hostname) && !isLocalHost(from.hostname)) return 'it leads from another host to this machine';
  return undefined;
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
