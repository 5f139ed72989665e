import { isOciError, type OciError } from '../errors.ts';

/** Answers that say "not now". Every other status is about the request, and repeating it would repeat the answer. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** Whether the same request may well be answered otherwise a little later. */
export function isPassingStatus(status: number): boolean {
  return PASSING.has(status);
}

/** Whether the status says that the registry is not available, for now or for longer; 501 is about the request. */
export function isUnavailableStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}

/** Whether the error is one of a connection or an answer that may well go right a little later. */
export function isPassing(error: unknown): error is OciError<'REGISTRY_UNAVAILABLE'> {
  if (!isOciError(error, 'REGISTRY_UNAVAILABLE')) return false;
  const { status } = error.details;
  return status === null || isPassingStatus(status);
}

/** Whether a registry could not be asked, or not be made to answer: somebody else may be asked in its place. */
export function isUnavailable(error: unknown): boolean {
  return isOciError(error, 'REGISTRY_UNAVAILABLE') || isOciError(error, 'CIRCUIT_OPEN');
}
