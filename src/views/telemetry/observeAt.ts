import { type Observer, type Operation, type OperationFacts, observeOperation } from '../../oci/index.ts';
import type { Address } from '../places.ts';

/** What there is to tell of an address: its registry, where it is in one, and never a folder. */
export function factsOf({ place, repository, tag, digest }: Partial<Address> & Pick<Address, 'place'>): OperationFacts {
  return { ...(place.kind === 'registry' && { registry: place.id }), repository, tag, digest };
}

/** Runs an operation that is about an address, so that it is seen in the Activity view, in the log, and in traces. */
export async function observeAt<T>(
  observer: Observer,
  operation: Operation,
  address: Parameters<typeof factsOf>[0],
  run: (tell: (facts: OperationFacts) => void) => Promise<T>,
): Promise<T> {
  return await observeOperation(observer, operation, async (tell) => {
    tell(factsOf(address));
    return await run(tell);
  });
}
