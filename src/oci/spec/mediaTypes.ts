import { OciError } from '../errors.ts';

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/media-types.md and their Docker twins. */
export const MediaType = {
  imageManifest: 'application/vnd.oci.image.manifest.v1+json',
  imageIndex: 'application/vnd.oci.image.index.v1+json',
  imageConfig: 'application/vnd.oci.image.config.v1+json',
  imageLayerTar: 'application/vnd.oci.image.layer.v1.tar',
  imageLayerTarGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  imageLayerTarZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerManifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const;

const IMAGE_MANIFESTS = [MediaType.imageManifest, MediaType.dockerManifest] as const;
const IMAGE_INDEXES = [MediaType.imageIndex, MediaType.dockerManifestList] as const;

/** Media types of an image manifest: OCI's and Docker's. */
export type ImageManifestMediaType = (typeof IMAGE_MANIFESTS)[number];
/** Media types of an index: OCI's and Docker's manifest list. */
export type ImageIndexMediaType = (typeof IMAGE_INDEXES)[number];
/** Media types of what has manifests or layers below it. */
export type ManifestMediaType = ImageManifestMediaType | ImageIndexMediaType;

/** Every manifest type we understand, as one `Accept` value. A registry answers 404 to a type that is not listed. */
export const ACCEPT_MANIFESTS = [...IMAGE_MANIFESTS, ...IMAGE_INDEXES].join(', ');

/** Whether it is one of the two types of an image manifest, to the letter. */
export function isImageManifestMediaType(mediaType: string): mediaType is ImageManifestMediaType {
  return (IMAGE_MANIFESTS as readonly string[]).includes(mediaType);
}

/** Whether it is one of the two types of an index, to the letter. */
export function isImageIndexMediaType(mediaType: string): mediaType is ImageIndexMediaType {
  return (IMAGE_INDEXES as readonly string[]).includes(mediaType);
}

/** Whether it is the type of an image manifest or an index, to the letter. */
export function isManifestMediaType(mediaType: string): mediaType is ManifestMediaType {
  return isImageManifestMediaType(mediaType) || isImageIndexMediaType(mediaType);
}

/** RFC 6838 section 4.2, which descriptors demand of `mediaType` and `artifactType`. */
const MEDIA_TYPE = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/;

/** Whether it is `type/subtype` by RFC 6838, without parameters. */
export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text);
}

/** @throws OciError INVALID_MEDIA_TYPE */
export function parseMediaType(text: string): string {
  if (isMediaType(text)) return text;
  throw new OciError('INVALID_MEDIA_TYPE', `not a media type: ${JSON.stringify(text)}`, {
    input: text,
    accepted: 'type/subtype by RFC 6838, such as application/vnd.example.v1+json, without parameters',
  });
}

/** `Content-Type` without its parameters, in lower case, as the distribution spec asks clients to compare it. */
export function essenceOf(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}
