import { OciError } from '../errors.ts';

/** @param reason goes on where the path ends: `is missing` */
export function invalidLayout(path: string, reason: string, cause?: unknown): OciError<'INVALID_LAYOUT'> {
  return new OciError('INVALID_LAYOUT', `${path} ${reason}`, { path, reason }, cause === undefined ? {} : { cause });
}
