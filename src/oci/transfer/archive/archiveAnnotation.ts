import type { Descriptor } from '../../spec/descriptor.ts';
import { type Digest, isDigest } from '../../spec/digest.ts';

/**
 * How oras marks a layer that is a packed folder, and so do we: each reads what the other wrote.
 * https://oras.land/docs/how_to_guides/pushing_and_pulling/#pushing-artifacts-with-directories
 */
export const ArchiveAnnotation = {
  /** `true`: the layer is a tar archive that stands for the folder of its title. */
  unpack: 'io.deis.oras.content.unpack',
  /** Digest of the archive before it was compressed. */
  contentDigest: 'io.deis.oras.content.digest',
} as const;

/** Whether a layer says that it is a packed folder. */
export function isArchive({ annotations = {} }: Descriptor): boolean {
  return annotations[ArchiveAnnotation.unpack] === 'true';
}

/** The digest that the uncompressed archive is said to have; undefined when none is given that we could compute. */
export function contentDigestOf({ annotations = {} }: Descriptor): Digest | undefined {
  const text = annotations[ArchiveAnnotation.contentDigest];
  return text !== undefined && isDigest(text) ? text : undefined;
}
