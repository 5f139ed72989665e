import { isOciError, OciError } from '../errors.ts';
import type { Availability } from './availability.ts';

/**
 * A host that wants to be left alone for longer than anybody waits is not asked, and that is said at once.
 * @param longest milliseconds
 * @throws OciError REGISTRY_UNAVAILABLE, with the time that is left
 */
export function checkPause(host: string, availability: Availability, longest: number): void {
  const left = availability.pauseLeft(host);
  const pause = left > longest ? availability.pauseOf(host) : undefined;
  if (pause === undefined) return;
  const { until, reason } = pause;
  const details = { registry: host, reason, status: null, retryAfterSeconds: Math.ceil(left / 1000) };
  throw new OciError('REGISTRY_UNAVAILABLE', `${host} is left alone until ${until}: ${reason}`, details);
}

/** Whether nothing was sent, as {@link checkPause} has it: to try again is of no use, and the host has not failed. */
export function isLeftAlone(error: unknown): boolean {
  if (!isOciError(error, 'REGISTRY_UNAVAILABLE')) return false;
  return error.details.status === null && error.details.retryAfterSeconds !== undefined;
}
