import { expect } from 'vitest';
import type { OciErrorCode } from '../../src/oci/errors.ts';

/** Matches an error with this code, and with these details where they matter. */
export function failure(code: OciErrorCode, details: Readonly<Record<string, unknown>> = {}): object {
  return expect.objectContaining({ code, details: expect.objectContaining(details) });
}
