import { SourceStore } from '../content/sourceStore.ts';
import type { ReadableStore } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import { edgesOf, isImageIndex, parseManifest } from '../spec/manifest.ts';

/** Blobs that are asked for, and begun, one beside the other: more than this would wait for each other. */
const MAX_BLOBS = 4;
/** Bytes of a blob that takes much longer than a round trip to send: there a round trip saved is nothing. */
const MAX_SIZE = 8 * 1024 * 1024;

/**
 * Whether this is a small artifact that was packed just now: most likely the destination has neither its manifest nor its
 * layers. To ask for the manifest first, then for the blobs, then to begin with those that are missing would take three
 * round trips, of which one is enough.
 */
export async function isFreshlyPacked(source: ReadableStore, root: ManifestDescriptor): Promise<boolean> {
  if (!(source instanceof SourceStore)) return false;
  const manifest = parseManifest(await readVerified(source, root));
  if (isImageIndex(manifest)) return false;
  const blobs = edgesOf(manifest).filter(({ kind }) => kind !== 'subject');
  return blobs.length <= MAX_BLOBS && blobs.every(({ descriptor }) => descriptor.size <= MAX_SIZE);
}
