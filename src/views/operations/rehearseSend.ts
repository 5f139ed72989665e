import { type Packed, pushUnderTag, type TagPush } from '../../floe/pushUnderTag.ts';
import { type TagPatterns, TagPolicy } from '../../floe/tagPolicy.ts';
import type { Destination } from '../places.ts';
import type { TransferCall } from '../transfers/transfer.ts';
import { openDestination } from './openDestination.ts';

/** What looking at a push works with. */
export interface RehearseSendParts {
  readonly settings: { readonly concurrency: number; readonly tagPatterns: TagPatterns };
}

/** What sending what has been packed would do; nothing is sent. @throws OciError TAG_IMMUTABLE and others, as sending it would */
export async function rehearseSend(
  { settings: { concurrency, tagPatterns } }: RehearseSendParts,
  destination: Destination,
  packed: Packed,
  { signal, onEvent }: TransferCall,
): Promise<TagPush> {
  const target = await openDestination(destination, undefined, { signal, onEvent, isRehearsal: true });
  const options = { signal, onEvent, concurrency, tagPolicy: new TagPolicy(tagPatterns) };
  return await pushUnderTag(target, destination.tag, packed, options);
}
