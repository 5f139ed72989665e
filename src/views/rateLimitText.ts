import { l10n } from 'vscode';
import type { Capabilities, RateLimit } from '../oci/index.ts';
import { formatDuration } from './format.ts';

/** Of a limit, so much or less is little: a tenth. */
const LITTLE = 0.1;

/** Whether so little is left of what the registry allows that its row should say so. */
export function isScarce({ rateLimit, apiRateLimit }: Capabilities, now: number = Date.now()): boolean {
  return [rateLimit, apiRateLimit].some(
    (each) => each !== undefined && !isOver(each, now) && each.remaining <= each.limit * LITTLE,
  );
}

/** What is left, and until when: `76 of 100 requests left in 6 h`. Undefined when it is not told, or no longer true. */
export function rateLimitText(rateLimit: RateLimit | undefined, now: number = Date.now()): string | undefined {
  if (rateLimit === undefined || isOver(rateLimit, now)) return undefined;
  const { remaining, limit, resetAt, windowSeconds } = rateLimit;
  if (resetAt !== undefined) {
    const time = new Date(resetAt).toLocaleTimeString();
    return l10n.t('{0} of {1} requests left until {2}', remaining, limit, time);
  }
  if (windowSeconds !== undefined) {
    return l10n.t('{0} of {1} requests left in {2}', remaining, limit, formatDuration(windowSeconds));
  }
  return l10n.t('{0} of {1} requests left', remaining, limit);
}

/** It begins anew at a time that has passed. */
function isOver({ resetAt }: RateLimit, now: number): boolean {
  return resetAt !== undefined && Date.parse(resetAt) <= now;
}
