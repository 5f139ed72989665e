import * as z from 'zod/mini';
import { OciError } from '../errors.ts';
import type { Annotations } from './annotations.ts';
import { type Descriptor, descriptorSchema, type ManifestDescriptor } from './descriptor.ts';
import {
  type ImageIndexMediaType,
  type ImageManifestMediaType,
  isImageIndexMediaType,
  isImageManifestMediaType,
} from './mediaTypes.ts';
import type { VerifiedContent } from './verifiedContent.ts';

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
export interface ImageManifest {
  readonly schemaVersion: 2;
  readonly mediaType?: ImageManifestMediaType;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
export interface ImageIndex {
  readonly schemaVersion: 2;
  readonly mediaType?: ImageIndexMediaType;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** What a manifest's bytes say, whichever of the two it is. */
export type Manifest = ImageManifest | ImageIndex;

/** Whether it is an index; everything else is an image manifest. */
export function isImageIndex(manifest: Manifest): manifest is ImageIndex {
  return 'manifests' in manifest;
}

const common = {
  schemaVersion: z.literal(2),
  artifactType: z.optional(z.string()),
  subject: z.optional(descriptorSchema),
  annotations: z.optional(z.nullable(z.record(z.string(), z.string()))),
};
/** Go programs write `null` for an empty list. */
const descriptors = z.nullable(z.array(descriptorSchema));

const manifestSchema = z.looseObject({
  ...common,
  mediaType: z.optional(z.custom<ImageManifestMediaType>((v) => typeof v === 'string' && isImageManifestMediaType(v))),
  config: descriptorSchema,
  layers: descriptors,
});
const indexSchema = z.looseObject({
  ...common,
  mediaType: z.optional(z.custom<ImageIndexMediaType>((v) => typeof v === 'string' && isImageIndexMediaType(v))),
  manifests: descriptors,
});

/** What the parser calls what it expects, in words. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `is not ${issue.values.join(' or ')}`;
  return issue.code === 'invalid_type'
    ? `is missing, or not ${KINDS[issue.expected] ?? issue.expected}`
    : issue.message;
}

/** Characters of the place of a problem: names of annotations may be as long as the manifest. */
const MAX_PATH = 200;

/**
 * Reads a manifest or an index for its meaning; the bytes stay the truth and are never written again from this.
 * Which of the two it is, the descriptor's media type decides. A document that could be both is refused, as is one whose
 * own `mediaType` says something else: two readers must not see two things in the same bytes (GHSA-77vh-xpmg-72qh).
 * @throws OciError INVALID_MANIFEST with the JSON path of the first problem
 */
export function parseManifest(content: VerifiedContent<ManifestDescriptor>): Manifest {
  const { digest, mediaType } = content.descriptor;
  const fail = (at: string, reason: string): never => {
    const path = at.length > MAX_PATH ? `${at.slice(0, MAX_PATH)}…` : at;
    const where = path === '' ? '' : ` at ${path}`;
    const details = { digest, path, reason };
    throw new OciError('INVALID_MANIFEST', `${digest} is not a manifest${where}: ${reason}`, details);
  };
  const json = parseJson(content.bytes, fail);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return fail('', 'is not a JSON object');
  const isIndex = isImageIndexMediaType(mediaType);
  if ('manifests' in json && ('layers' in json || 'config' in json)) {
    return fail('', 'is both a manifest (layers, config) and an index (manifests)');
  }
  if ('mediaType' in json && json.mediaType !== mediaType) {
    return fail('mediaType', `is not ${mediaType}, which was announced`);
  }
  const result = (isIndex ? indexSchema : manifestSchema).safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    return fail(issue?.path.join('.') ?? '', issue === undefined ? 'does not fit' : reasonOf(issue));
  }
  const { annotations, ...rest } = result.data;
  const lists = 'manifests' in rest ? { manifests: rest.manifests ?? [] } : { layers: rest.layers ?? [] };
  return { ...rest, ...lists, ...(annotations ? { annotations } : {}) } as Manifest;
}

/** What the parsers say is left out: it quotes pieces of the text. */
function parseJson(bytes: Uint8Array, fail: (path: string, reason: string) => never): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    return fail('', error instanceof TypeError ? 'is not UTF-8' : 'is not JSON');
  }
}

/** A reference from a manifest to other content. `subject` is weak: what it names need not exist. */
export interface Edge {
  readonly kind: 'config' | 'layer' | 'manifest' | 'subject';
  readonly descriptor: Descriptor;
}

/** What a manifest references, in the order of the document. */
export function edgesOf(manifest: Manifest): readonly Edge[] {
  const subject: Edge[] = manifest.subject ? [{ kind: 'subject', descriptor: manifest.subject }] : [];
  if (isImageIndex(manifest)) {
    return [...manifest.manifests.map((descriptor): Edge => ({ kind: 'manifest', descriptor })), ...subject];
  }
  return [
    { kind: 'config', descriptor: manifest.config },
    ...manifest.layers.map((descriptor): Edge => ({ kind: 'layer', descriptor })),
    ...subject,
  ];
}

/**
 * What kind of artifact a manifest says it is: `artifactType`, else (missing or empty) the config's media type.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
export function artifactTypeOf(manifest: Manifest): string | undefined {
  return manifest.artifactType || (isImageIndex(manifest) ? undefined : manifest.config.mediaType);
}
