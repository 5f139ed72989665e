import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
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
