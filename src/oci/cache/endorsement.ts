import type { ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';

/**
 * The word of whoever read content below a reference that there is nothing to say of it, which spares the next reader of
 * the same kind to look through it again. It holds as long as the reference leads to the same manifest.
 */
export interface Endorsement {
  /**
   * The reader with its version, and whatever else decides what it has to say, such as a policy that it holds content
   * against: one that looks for other things does not take its word.
   */
  readonly by: string;
  /** What was read. */
  readonly digest: Digest;
}

/** A store that keeps such words. */
export interface EndorsementKeeper {
  /** Keeps the word with the reference, if it can, and if that leads to `manifest`. Never fails. */
  endorse(reference: Tag | Digest, manifest: ManifestDescriptor, endorsement: Endorsement): Promise<void>;
}
