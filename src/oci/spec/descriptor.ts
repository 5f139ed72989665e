import * as z from 'zod/mini';
import type { Annotations } from './annotations.ts';
import { type Digest, digestOf, isDigest } from './digest.ts';
import { isManifestMediaType, isMediaType, type ManifestMediaType, MediaType } from './mediaTypes.ts';

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md, property `platform` */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly 'os.version'?: string;
  readonly variant?: string;
}

/**
 * Names content by type, digest and size in bytes.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md
 */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Annotations;
  readonly artifactType?: string;
  readonly platform?: Platform;
  readonly urls?: readonly string[];
  /** Base64 of the content itself. */
  readonly data?: string;
}

/** A descriptor of a manifest or an index. */
export type ManifestDescriptor = Descriptor & { readonly mediaType: ManifestMediaType };

/** Whether its media type says that it describes a manifest or an index; nothing is read. */
export function isManifestDescriptor(descriptor: Descriptor): descriptor is ManifestDescriptor {
  return isManifestMediaType(descriptor.mediaType);
}

/** Type and subtype have at most 127 characters each; this leaves as much for parameters. */
const MAX_MEDIA_TYPE_LENGTH = 512;

/** Parameters are not allowed, but there are: `application/vnd.dev.sigstore.bundle+json;version=0.2` is a layer of many. */
function isAnnouncedMediaType(text: string): boolean {
  if (text.length > MAX_MEDIA_TYPE_LENGTH) return false;
  return isMediaType(text.replace(/ ?;[ -~]*$/, ''));
}

const platformSchema = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  'os.version': z.optional(z.string()),
  variant: z.optional(z.string()),
});

/** Reads a descriptor from untrusted JSON; unknown members are kept. */
export const descriptorSchema = z.looseObject({
  mediaType: z.string().check(z.refine(isAnnouncedMediaType, 'is not a media type')),
  digest: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'is not a sha256 or sha512 digest'),
  size: z.number().check(z.refine((size) => Number.isSafeInteger(size) && size >= 0, 'is not a size in bytes')),
  annotations: z.optional(z.record(z.string(), z.string())),
  artifactType: z.optional(z.string()),
  platform: z.optional(platformSchema),
  urls: z.optional(z.array(z.string())),
  data: z.optional(z.string()),
});

/** The content `{}`, which stands where a manifest needs a blob but has nothing to say. */
export const EMPTY_CONTENT: Uint8Array = new TextEncoder().encode('{}');

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor */
export const EMPTY_DESCRIPTOR: Descriptor = {
  mediaType: MediaType.empty,
  digest: digestOf(EMPTY_CONTENT),
  size: EMPTY_CONTENT.length,
};

/** The descriptor of bytes that are in memory. */
export function descriptorOf(mediaType: ManifestMediaType, bytes: Uint8Array): ManifestDescriptor;
export function descriptorOf(mediaType: string, bytes: Uint8Array): Descriptor;
export function descriptorOf(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
