import { isManifestMediaType, type ManifestMediaType, MediaType } from '../spec/mediaTypes.ts';

/**
 * What kind of manifest the bytes are by their own account: their `mediaType`, or where they have none, their members.
 * Undefined when they are no manifest. Whether they are a good one, only parsing tells.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions
 */
export function manifestMediaTypeOf(bytes: Uint8Array): ManifestMediaType | undefined {
  const json = jsonOf(bytes);
  if (typeof json !== 'object' || json === null) return undefined;
  if ('mediaType' in json) {
    return typeof json.mediaType === 'string' && isManifestMediaType(json.mediaType) ? json.mediaType : undefined;
  }
  if (!('schemaVersion' in json)) return undefined;
  if ('manifests' in json) return MediaType.imageIndex;
  return 'config' in json && 'layers' in json ? MediaType.imageManifest : undefined;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
