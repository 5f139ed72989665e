import { type ReferrerLister, Rehearsal, type Target } from '../../oci/index.ts';
import type { Address, Place } from '../places.ts';
import type { TransferCall } from '../transfers/transfer.ts';

/** How something is copied. */
export interface CopyCall extends TransferCall {
  /** Nothing is written: what is reported is what would be done. Default false. */
  readonly isRehearsal?: boolean;
}

/**
 * Opens where something goes to, which is made with the first write where it is not there. In a rehearsal, something that
 * asks the place what it has and writes nothing.
 * @param from where it comes from: inside one registry blobs are mounted, and do not move
 */
export async function openDestination(
  { place, repository }: Address,
  from: Place | undefined,
  { isRehearsal = false, signal }: CopyCall,
): Promise<Target & ReferrerLister> {
  const there = await place.open(repository, { signal, create: true });
  if (!isRehearsal) return there;
  const isMounted = place.kind === 'registry' && from?.id === place.id;
  return new Rehearsal(there, isMounted ? 'mounted' : 'written');
}
