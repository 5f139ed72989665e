import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { OciError } from '../../errors.ts';
import { isLinkLocalHost, isLocalHost } from '../localHost.ts';

type Callback = Parameters<LookupFunction>[2];
type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

const resolveAll: Resolve = (hostname) => lookupAll(hostname, { all: true });

/**
 * A look-up of names that refuses addresses of this machine and its link for every host but the registry: a name is as
 * good a way there as an address, which the origin policy refuses. A registry that is itself on this machine may name
 * others there; only one that is itself on the link may name link-local and metadata addresses. Behind a proxy names are
 * looked up by the proxy, where this does not reach.
 *
 * Fails with OciError REDIRECT_REFUSED.
 *
 * @param registryHost host name of the registry, as in an address
 */
export function guardedLookup(registryHost: string, resolve: Resolve = resolveAll): LookupFunction {
  const isOwn = (hostname: string): boolean => hostname.toLowerCase() === registryHost.toLowerCase();
  return (hostname, options, callback) => {
    if (isOwn(hostname)) {
      lookup(hostname, options, callback);
      return;
    }
    resolve(hostname)
      .then(async (addresses) => {
        await checkAddresses({ registryHost, hostname, addresses, resolve });
        answer(addresses, options, callback);
      })
      .catch((error: Error) => callback(error, ''));
  };
}

/** Milliseconds: where only a proxy can look names up, nobody waits for that again and again. */
const LOOK_UP_TIME = 1000;

/**
 * The same for an engine that looks names up by itself and takes no look-up of ours: the name is looked up before, so that
 * a name server which answers otherwise the second time gets through. What cannot be looked up here is left to the engine,
 * which may have a proxy.
 *
 * Throws OciError REDIRECT_REFUSED.
 */
export function nameCheck(registryHost: string, resolve: Resolve = resolveAll): (hostname: string) => Promise<void> {
  const unknown = new Set<string>();
  return async (hostname) => {
    const isPlain = isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0 || unknown.has(hostname);
    if (isPlain || hostname.toLowerCase() === registryHost.toLowerCase()) return;
    const late = Promise.withResolvers<readonly LookupAddress[]>();
    const timer = setTimeout(() => late.resolve([]), LOOK_UP_TIME);
    const addresses = await Promise.race([resolve(hostname).catch(() => []), late.promise]);
    clearTimeout(timer);
    if (addresses.length === 0) unknown.add(hostname);
    await checkAddresses({ registryHost, hostname, addresses, resolve });
  };
}

interface Found {
  readonly registryHost: string;
  readonly hostname: string;
  readonly addresses: readonly LookupAddress[];
  readonly resolve: Resolve;
}

/** @throws OciError REDIRECT_REFUSED for an address that the registry may not lead to */
async function checkAddresses({ registryHost, hostname, addresses, resolve }: Found): Promise<void> {
  for (const isNear of [isLinkLocalHost, isLocalHost]) {
    const hasNear = (found: readonly LookupAddress[]): boolean => found.some((each) => isNear(hostOf(each)));
    if (!hasNear(addresses) || isNear(registryHost)) continue;
    if (!hasNear(await resolve(registryHost).catch(() => []))) throw refused(registryHost, hostname);
  }
}

/** As an address of the web has it. */
function hostOf({ address, family }: LookupAddress): string {
  return family === 6 ? new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname : address;
}

function answer(found: readonly LookupAddress[], { all, family }: LookupOptions, callback: Callback): void {
  const wanted = family === 4 || family === 6 ? found.filter((entry) => entry.family === family) : [...found];
  const [first] = wanted;
  if (first === undefined) callback(Object.assign(new Error('no address of this family'), { code: 'ENOTFOUND' }), '');
  else if (all) callback(null, wanted);
  else callback(null, first.address, first.family);
}

function refused(from: string, to: string): OciError<'REDIRECT_REFUSED'> {
  const reason = 'its name stands for this machine or its link-local addresses';
  return new OciError('REDIRECT_REFUSED', `${from} leads to ${to}: ${reason}`, { from, to, reason });
}
