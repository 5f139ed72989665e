import type { Packed, TagPush } from '../../floe/pushUnderTag.ts';
import type { TagPatterns } from '../../floe/tagPolicy.ts';
import type { FloeClients } from '../floeClients.ts';
import type { Destination } from '../places.ts';
import type { TransferCall } from '../transfers/transfer.ts';

/** What sending works with. */
export interface SendParts {
  readonly clients: FloeClients;
  readonly settings: { readonly concurrency: number; readonly tagPatterns: TagPatterns };
}

/** Sends what has been packed; see `FloeClient.push`. */
export async function send(
  { clients, settings: { concurrency } }: SendParts,
  destination: Destination,
  packed: Packed,
  call: TransferCall,
): Promise<TagPush> {
  const pushed = await clients.for(destination).push(packed, destination.tag, { ...call, concurrency });
  call.tell?.({ digest: pushed.descriptor.digest });
  return pushed;
}
