import { isOciError } from '../errors.ts';

/** What has to be under a reference for a manifest to be put there: a known state, or nothing. */
export type Condition = { readonly 'if-match': string } | { readonly 'if-none-match': '*' };

/**
 * What was found must be there still. A weak validator never matches, so it cannot be asked for.
 * https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
 * @param found undefined when nothing was there
 */
export function conditionOn(found: { readonly etag?: string } | undefined): Condition | undefined {
  if (found === undefined) return { 'if-none-match': '*' };
  const { etag } = found;
  return etag === undefined || etag.startsWith('W/') ? undefined : { 'if-match': etag };
}

/** Whether a conditional request was answered with: something else is there. */
export function isConditionFailed(error: unknown): boolean {
  return isOciError(error, 'REGISTRY_ERROR') && error.details.status === 412;
}

/**
 * Whether a conditional request failed in a way that may be due to the condition itself: a registry has to ignore headers
 * that it does not know, but a proxy or a storage service before it may answer 400 or 501 to them. What was asked may
 * as well be wrong in other ways, which asking without the condition shows.
 */
export function isConditionRefused(error: unknown): boolean {
  return isOciError(error, 'UNSUPPORTED') || (isOciError(error, 'REGISTRY_ERROR') && error.details.status === 400);
}
