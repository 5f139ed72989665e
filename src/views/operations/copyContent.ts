import { type CopiedArtifact, copyArtifact } from '../../floe/copyArtifact.ts';
import { type TagPatterns, TagPolicy } from '../../floe/tagPolicy.ts';
import type { ManifestDescriptor } from '../../oci/index.ts';
import type { FloeClients } from '../floeClients.ts';
import { type Address, type Destination, nameOf } from '../places.ts';
import { type CopyCall, openDestination } from './openDestination.ts';

/** What copying content works with. */
export interface CopyContentParts {
  readonly clients: FloeClients;
  readonly settings: { readonly concurrency: number; readonly tagPatterns: TagPatterns };
}

/** A copy of which everything is known. */
export interface PlannedCopy {
  readonly address: Address;
  readonly descriptor: ManifestDescriptor;
  /** What was signed, where only one platform of it is copied. */
  readonly index?: ManifestDescriptor;
  readonly destination: Destination;
  /** Whether what refers to it comes along. */
  readonly referrers: boolean;
}

/**
 * Copies an artifact, once the policy on signatures has said yes.
 * @throws OciError TAG_IMMUTABLE and what `copyArtifact` throws
 */
export async function copyContent(
  { clients, settings: { concurrency, tagPatterns } }: CopyContentParts,
  { address, descriptor, index, destination, referrers }: PlannedCopy,
  call: CopyCall,
): Promise<CopiedArtifact> {
  const { signal, onEvent } = call;
  const source = await address.place.open(address.repository, { signal });
  const target = await openDestination(destination, address.place, call);
  await clients.for(address).check?.(nameOf(address), index ?? descriptor, source, { signal });
  const { tag } = destination;
  const tagPolicy = new TagPolicy(tagPatterns);
  return await copyArtifact(source, descriptor, target, { signal, onEvent, concurrency, referrers, tag, tagPolicy });
}
