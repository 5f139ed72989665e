import type { Capabilities } from './capabilities.ts';
import type { ProviderName } from './providerName.ts';

/** Their own API removes tags, whatever they answer to the request of the spec. */
const BY_API: readonly ProviderName[] = ['harbor', 'ecr', 'ecr-public', 'acr', 'docker-hub'];
/** No request of theirs takes a tag and leaves its manifest. */
const NEVER: readonly ProviderName[] = ['ghcr', 'nexus'];

/** Whether a registry takes a tag away and leaves its manifest; undefined when nobody has tried. */
export function removesTags(kind: ProviderName | undefined, { tagDeletion }: Capabilities): boolean | undefined {
  if (kind !== undefined && BY_API.includes(kind)) return true;
  return kind !== undefined && NEVER.includes(kind) ? false : tagDeletion;
}
