import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { OciError } from '../../errors.ts';
import { isLocalHost } from '../origin.ts';

type Callback = Parameters<LookupFunction>[2];
type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

const resolveAll: Resolve = (hostname) => lookupAll(hostname, { all: true });

/**
 * A look-up of names that refuses addresses of this machine and its link for every host but the registry: a name is as
 * good a way there as an address, which the origin policy refuses. A registry that is itself on this machine may name
 * others there. Behind a proxy names are looked up by the proxy, where this does not reach.
 *
 * Fails with OciError REDIRECT_REFUSED.
 *
 * @param registryHost host name of the registry, as in an address
 */
export function guardedLookup(registryHost: string, resolve: Resolve = resolveAll): LookupFunction {
  const isOwn = (hostname: string): boolean => hostname.toLowerCase() === registryHost.toLowerCase();
  return (hostname, options, callback) => {
    if (isOwn(hostname) || isLocalHost(registryHost)) {
      lookup(hostname, options, callback);
      return;
    }
    resolve(hostname)
      .then(async (addresses) => {
        if (addresses.some(isLocal) && !(await isLocalName(registryHost, resolve)))
          throw refused(registryHost, hostname);
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
    if (isPlain || hostname.toLowerCase() === registryHost.toLowerCase() || isLocalHost(registryHost)) return;
    const late = Promise.withResolvers<readonly LookupAddress[]>();
    const timer = setTimeout(() => late.resolve([]), LOOK_UP_TIME);
    const addresses = await Promise.race([resolve(hostname).catch(() => []), late.promise]);
    clearTimeout(timer);
    if (addresses.length === 0) unknown.add(hostname);
    if (addresses.some(isLocal) && !(await isLocalName(registryHost, resolve))) throw refused(registryHost, hostname);
  };
}

const isLocal = ({ address, family }: LookupAddress): boolean =>
  isLocalHost(family === 6 ? new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname : address);

async function isLocalName(hostname: string, resolve: Resolve): Promise<boolean> {
  return (await resolve(hostname).catch(() => [])).some(isLocal);
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
