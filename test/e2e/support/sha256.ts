import { createHash } from 'node:crypto';

/** The digest of text or bytes, computed without the code under test. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
