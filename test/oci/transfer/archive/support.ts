import { gzipSync } from 'node:zlib';
import { MemoryStore } from '../../../../src/oci/content/memoryStore.ts';
import type { ManifestDescriptor } from '../../../../src/oci/spec/descriptor.ts';
import { digestOf } from '../../../../src/oci/spec/digest.ts';
import { blob, type Content, emptyConfig, imageManifest, put } from '../../../support/artifacts.ts';

/** A layer that is marked as the packed folder `title`. */
export function folderLayer(
  title: string,
  bytes: Uint8Array,
  annotations: Readonly<Record<string, string>> = {},
): Content {
  const { descriptor } = blob(bytes, { title, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' });
  const marks = { ...descriptor.annotations, 'io.deis.oras.content.unpack': 'true', ...annotations };
  return { descriptor: { ...descriptor, annotations: marks }, bytes };
}

/** The same of a tar archive, compressed and with its digest, as oras writes it. */
export function gzippedLayer(title: string, tar: Uint8Array): Content {
  return folderLayer(title, gzipSync(tar), { 'io.deis.oras.content.digest': digestOf(tar) });
}

/** A store that has an artifact of these layers. */
export async function storeWith(
  ...layers: readonly Content[]
): Promise<{ readonly store: MemoryStore; readonly manifest: ManifestDescriptor }> {
  const store = new MemoryStore();
  const root = imageManifest(layers);
  for (const content of [emptyConfig, ...layers, root]) await put(store, content);
  return { store, manifest: root.descriptor };
}
