import { throughEach } from '../content/sources.ts';
import type { WritableStore } from '../content/store.ts';
import { sourceOf } from '../content/verify.ts';
import { OciError } from '../errors.ts';
import type { Annotations } from '../spec/annotations.ts';
import {
  type Descriptor,
  descriptorOf,
  EMPTY_CONTENT,
  EMPTY_DESCRIPTOR,
  type ManifestDescriptor,
} from '../spec/descriptor.ts';
import { MediaType, parseMediaType } from '../spec/mediaTypes.ts';
import type { Tag } from '../spec/tag.ts';
import { announced, counted, type TransferListener } from './events.ts';
import type { PackLayer } from './packLayer.ts';
import { inScope, type ScopeOptions } from './scope.ts';

/** What an artifact is made of. */
export interface ArtifactParts {
  readonly artifactType: string;
  /** Default: the empty descriptor. */
  readonly config?: PackLayer;
  /** None: the empty descriptor stands for them, since some registries refuse a manifest without layers. */
  readonly layers: readonly PackLayer[];
  readonly annotations?: Annotations;
  /** What the artifact is about. */
  readonly subject?: ManifestDescriptor;
}

/** How an artifact is packed, and what it is called. */
export interface PackOptions extends ScopeOptions {
  readonly tags?: readonly Tag[];
  readonly onEvent?: TransferListener;
}

/**
 * The largest manifest we write: what every registry must take.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
 */
const MAX_WRITTEN_MANIFEST_SIZE = 4 * 1024 * 1024;

const EMPTY: PackLayer = { ...EMPTY_DESCRIPTOR, open: sourceOf(EMPTY_CONTENT) };

/**
 * Writes an artifact: config and layers, then the manifest under its tags. The same parts always give the same manifest,
 * byte for byte.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidelines-for-artifact-usage
 * @throws OciError INVALID_MEDIA_TYPE, LIMIT_EXCEEDED, CANCELLED, what the layers' files and the destination throw
 */
export function packArtifact(
  destination: WritableStore,
  parts: ArtifactParts,
  options: PackOptions = {},
): Promise<ManifestDescriptor> {
  return inScope(options, async ({ signal, run, all }) => {
    const { onEvent, tags = [] } = options;
    const config = parts.config ?? EMPTY;
    const layers = parts.layers.length === 0 ? [EMPTY] : parts.layers;
    const bytes = manifestBytes(parts, config, layers);
    const manifest = descriptorOf(MediaType.imageManifest, bytes);
    const blobs = new Map([config, ...layers].map((blob) => [blob.digest, blob]));
    const writes = [...blobs.values()].map((blob) => {
      const descriptor = describe(blob);
      const open = throughEach(blob.open, (stream, offset) => counted(descriptor, stream, onEvent, offset));
      return run(() => announced(descriptor, onEvent, () => destination.write(descriptor, open, { signal })));
    });
    await all(writes);
    await run(() => announced(manifest, onEvent, () => destination.write(manifest, sourceOf(bytes), { signal, tags })));
    return manifest;
  });
}

/** The order of the members is fixed, and that of annotations by key: the digest must not depend on who built the parts. */
function manifestBytes(parts: ArtifactParts, config: PackLayer, layers: readonly PackLayer[]): Uint8Array {
  const { artifactType, subject, annotations } = parts;
  const document = {
    schemaVersion: 2,
    mediaType: MediaType.imageManifest,
    artifactType: parseMediaType(artifactType),
    config: describe(config),
    layers: layers.map(describe),
    ...(subject && { subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size } }),
    ...sorted(annotations),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  if (bytes.length > MAX_WRITTEN_MANIFEST_SIZE) {
    throw new OciError('LIMIT_EXCEEDED', `the manifest would be larger than ${MAX_WRITTEN_MANIFEST_SIZE} bytes`, {
      what: 'bytes of a manifest',
      limit: MAX_WRITTEN_MANIFEST_SIZE,
    });
  }
  return bytes;
}

function describe({ mediaType, digest, size, annotations }: PackLayer): Descriptor {
  return { mediaType: parseMediaType(mediaType), digest, size, ...sorted(annotations) };
}

function sorted(annotations: Annotations = {}): { annotations?: Annotations } {
  const keys = Object.keys(annotations).sort();
  return keys.length === 0 ? {} : { annotations: Object.fromEntries(keys.map((key) => [key, annotations[key] ?? ''])) };
}
