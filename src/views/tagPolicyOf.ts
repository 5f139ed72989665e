import { type TagPatterns, TagPolicy } from '../floe/tagPolicy.ts';
import { isOciError } from '../oci/index.ts';

/** The policy of the settings; the default one when its patterns cannot be compiled, which a push says. */
export function tagPolicyOf({ tagPatterns }: { readonly tagPatterns: TagPatterns }): TagPolicy {
  try {
    return new TagPolicy(tagPatterns);
  } catch (error) {
    if (isOciError(error, 'INVALID_ARGUMENT')) return new TagPolicy();
    throw error;
  }
}
