import {
  type Descriptor,
  descriptorOf,
  digestOf,
  EMPTY_CONTENT,
  EMPTY_DESCRIPTOR,
  type ManifestDescriptor,
  MediaType,
  sourceOf,
  type Tag,
  type WritableStore,
} from '../../src/oci/index.ts';

/** Writes a document the way floe's Python client does: no artifact type, a layer that calls itself tar and is plain JSON. */
export async function pushPythonForm(
  store: WritableStore,
  bytes: Uint8Array,
  tags: readonly Tag[],
): Promise<ManifestDescriptor> {
  const config: Descriptor = { ...EMPTY_DESCRIPTOR, mediaType: 'application/vnd.unknown.config.v1+json' };
  const layer: Descriptor = {
    mediaType: MediaType.imageLayerTar,
    size: bytes.length,
    digest: digestOf(bytes),
    annotations: { 'org.opencontainers.image.title': 'compiled_artifacts.json' },
  };
  const manifest = new TextEncoder().encode(
    JSON.stringify(
      {
        schemaVersion: 2,
        mediaType: MediaType.imageManifest,
        config,
        layers: [layer],
        annotations: {
          'org.opencontainers.image.created': '2026-11-23T20:29:14.268302+00:00',
          'io.floe.product.name': 'harbour-traffic',
          'io.floe.product.version': '2.0.1',
          'io.floe.artifacts.version': '0.10.0',
        },
      },
      null,
      2,
    ),
  );
  const descriptor = descriptorOf(MediaType.imageManifest, manifest);
  await store.write(config, sourceOf(EMPTY_CONTENT));
  await store.write(layer, sourceOf(bytes));
  await store.write(descriptor, sourceOf(manifest), { tags });
  return descriptor;
}
