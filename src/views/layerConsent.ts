import type { Descriptor, Digest } from '../oci/index.ts';

/** Bytes. A few seconds over a slow line. */
const MAX_UNASKED = 32 * 1024 * 1024;

/** Which layers may be read whole to show what is in them: small ones, and those that the user wants in spite of their size. */
export class LayerConsent {
  readonly #allowed = new Set<Digest>();

  /** The user has seen its size. */
  allow({ digest }: Descriptor): void {
    this.#allowed.add(digest);
  }

  isAllowed({ digest, size }: Descriptor): boolean {
    return size <= MAX_UNASKED || this.#allowed.has(digest);
  }
}
