import { type Reference, type ReferrerLister, Rehearsal, type Target } from '../oci/index.ts';
import type { Session } from './session.ts';
import type { TwoPlaces } from './twoPlaces.ts';

/**
 * The place to copy to, which is made with the first write when it is not there. In a dry run, something that takes everything and writes
 * nothing: what a copy to it reports is what would happen.
 */
export async function openDestination(
  session: Session,
  { source, destination }: TwoPlaces,
  isDryRun: boolean,
): Promise<Target & ReferrerLister> {
  const there = await session.repository(destination, { create: true });
  if (!isDryRun) return there;
  return new Rehearsal(there, sharesRegistry(source.reference, destination.reference) ? 'mounted' : 'written');
}

function sharesRegistry(left: Reference, right: Reference): boolean {
  return left.kind === 'registry' && right.kind === 'registry' && left.registry === right.registry;
}
