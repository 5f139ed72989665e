import { artifactTypeOf, isImageIndex, type Manifest, MediaType } from '../oci/index.ts';
import { isFloeArtifact } from './artifact.ts';
import { COMPILED_ARTIFACTS_TYPE } from './mediaTypes.ts';
import { referrerKindOf } from './referrerKind.ts';

/** What an artifact is to those who use it. `other`: nothing that we know. */
export type ArtifactKind =
  | 'floe'
  | 'image'
  | 'helm'
  | 'wasm'
  | 'model'
  | 'signature'
  | 'sbom'
  | 'attestation'
  | 'other';

const HELM_CONFIG = 'application/vnd.cncf.helm.config.v1+json';
const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
const WASM = /\bwasm\b/;
/** Model packages: CNCF's model spec, Docker's, Ollama's and KitOps's. */
const MODEL = /^application\/vnd\.(cnai\.model|cncf\.model|docker\.ai|ollama\.image\.model|kitops\.modelkit)\b/;

/** By what a registry tells as the type of an artifact: its artifact type, or the media type of its config. */
export function artifactKindOfType(type: string): ArtifactKind {
  if (type === COMPILED_ARTIFACTS_TYPE) return 'floe';
  if (type === HELM_CONFIG) return 'helm';
  if (MODEL.test(type)) return 'model';
  if (WASM.test(type)) return 'wasm';
  if (type === MediaType.imageConfig || type === DOCKER_CONFIG) return 'image';
  return referrerKindOf({ artifactType: type });
}

/** By artifact type, config and layers; an index is an image when it has manifests for platforms. */
export function artifactKindOf(manifest: Manifest): ArtifactKind {
  if (isFloeArtifact(manifest)) return 'floe';
  const artifactType = artifactTypeOf(manifest);
  if (isImageIndex(manifest)) {
    const isImage = artifactType === undefined && manifest.manifests.some(({ platform }) => platform !== undefined);
    return isImage ? 'image' : 'other';
  }
  const types = [artifactType ?? '', manifest.config.mediaType, ...manifest.layers.map(({ mediaType }) => mediaType)];
  if (manifest.config.mediaType === HELM_CONFIG) return 'helm';
  if (types.some((type) => MODEL.test(type))) return 'model';
  if (types.some((type) => WASM.test(type))) return 'wasm';
  if (artifactType === MediaType.imageConfig || artifactType === DOCKER_CONFIG) return 'image';
  return referrerKindOf(artifactType === undefined ? {} : { artifactType });
}
