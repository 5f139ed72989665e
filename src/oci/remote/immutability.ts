import { isOciError } from '../errors.ts';

/**
 * How registries that keep tags from being moved say so, in code or message of the answer to a PUT. The status says little:
 *
 *     Harbor             412 PRECONDITION: … configured as immutable
 *     Amazon ECR         400 TAG_INVALID: … cannot be overwritten because the repository is immutable
 *     Azure (locked)     405 REGISTRY_DISALLOWED_OPERATION: The operation is disallowed on this registry, repository or image
 *     Google AR          400 FAILED_PRECONDITION, or a sentence about immutable tags
 *     Quay               409 TAG_IMMUTABLE
 *     Docker Hub, MSR    403, 400: … is an immutable repository
 *     Nexus              400: Repository does not allow updating assets
 *
 * Each may be about something else than the tag that was put; so nobody takes it for more than a reason to look.
 */
const REFUSAL =
  /immutab|cannot be overwritten|FAILED_PRECONDITION|REGISTRY_DISALLOWED_OPERATION|operation is disallowed|not allow updating/i;

/** What a registry said when it did not let a tag be moved; undefined when it refused for another reason, or did not. */
export function immutabilityRefusal(error: unknown): string | undefined {
  const said = wordsOf(error);
  return said !== undefined && REFUSAL.test(said) ? said : undefined;
}

/** The registry's own words, without the URL, in which the tag is. */
function wordsOf(error: unknown): string | undefined {
  if (isOciError(error, 'REGISTRY_ERROR')) {
    return error.details.errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
  }
  if (isOciError(error, 'DENIED')) return error.details.reason;
  // `PUT URL (words)`
  if (isOciError(error, 'UNSUPPORTED')) return /\((.*)\)$/s.exec(error.details.what)?.[1];
  return undefined;
}
