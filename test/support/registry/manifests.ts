import type { Descriptor } from '../../../src/oci/spec/descriptor.ts';
import { algorithmOf, type Digest, digestOf, isDigest } from '../../../src/oci/spec/digest.ts';
import { essenceOf, isManifestMediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { isTag } from '../../../src/oci/spec/tag.ts';
import { type Answer, answer, errorAnswer } from './answer.ts';
import type { RepositoryContent } from './content.ts';
import type { Exchange } from './exchange.ts';

/** HEAD, GET, PUT and DELETE of a manifest, by tag or digest. */
export async function handleManifest(exchange: Exchange, name: string, reference: string): Promise<Answer> {
  if (!isTag(reference) && !isDigest(reference)) {
    return reference.includes(':')
      ? errorAnswer(400, 'DIGEST_INVALID', 'not a digest', { detail: { reference } })
      : errorAnswer(400, 'TAG_INVALID', 'not a tag', { detail: { reference } });
  }
  const repository = exchange.content.repositories.get(name);
  switch (exchange.method) {
    case 'HEAD':
    case 'GET':
      return readManifest(exchange, repository, reference);
    case 'PUT':
      return await putManifest(exchange, name, reference);
    case 'DELETE':
      return deleteManifest(exchange, repository, reference);
    default:
      return errorAnswer(405, 'UNSUPPORTED', 'method not allowed');
  }
}

function readManifest(
  { headers, quirks }: Exchange,
  repository: RepositoryContent | undefined,
  reference: string,
): Answer {
  const dashed = quirks.dashedDigests ? reference.replace(/^(sha256|sha512)-/, '$1:') : reference;
  const digest = repository?.resolve(reference) ?? repository?.resolve(dashed);
  const manifest = repository?.manifests.get(digest ?? '');
  if (digest === undefined || !manifest) return unknownManifest(reference);
  const accepted = (headers['accept'] ?? '*/*').split(',').map(essenceOf);
  // distribution hides a manifest from a client that does not name its type; an answer of another type is no use either.
  if (!accepted.includes('*/*') && !accepted.includes(essenceOf(manifest.mediaType))) return unknownManifest(reference);
  const etag = `"${digest}"`;
  if (headers['if-none-match'] === etag) return answer(304, { etag });
  const common = { 'content-type': manifest.mediaType, 'docker-content-digest': digest, etag };
  return answer(200, common, manifest.bytes);
}

async function putManifest(exchange: Exchange, name: string, reference: string): Promise<Answer> {
  const { content, headers, locate, query, quirks } = exchange;
  const max = quirks.maxManifestSize ?? 8 * 1024 * 1024;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of exchange.body) {
    size += chunk.length;
    if (size > max) return errorAnswer(413, 'MANIFEST_INVALID', 'manifest too large');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const document = documentOf(bytes);
  const mediaType = essenceOf(headers['content-type'] ?? document?.mediaType ?? '');
  if (!document || !isManifestMediaType(mediaType)) return errorAnswer(400, 'MANIFEST_INVALID', 'not a manifest');
  if (document.mediaType !== undefined && document.mediaType !== mediaType) {
    return errorAnswer(400, 'MANIFEST_INVALID', 'mediaType and Content-Type differ');
  }
  const digest = digestOf(bytes, isDigest(reference) ? algorithmOf(reference) : 'sha256');
  if (isDigest(reference) && (reference !== digest || (digest.startsWith('sha512:') && quirks.sha512 === false))) {
    return errorAnswer(400, 'DIGEST_INVALID', 'digest and content differ', { detail: { digest } });
  }
  const tags = isDigest(reference) ? query.getAll('tag') : [reference];
  if (!tags.every(isTag)) return errorAnswer(400, 'TAG_INVALID', 'not a tag', { detail: { tags } });
  const repository = content.repository(name);
  const missing = quirks.enforcesClosure === false ? [] : edgesOf(document).filter((edge) => !repository.has(edge));
  if (missing.length > 0) return missingContent(missing);
  if (quirks.conditionalPuts !== false && !meets(headers, repository.resolve(reference))) {
    return errorAnswer(412, 'UNKNOWN', 'the tag has been moved');
  }
  repository.manifests.set(digest, { mediaType, bytes });
  for (const tag of tags) repository.tags.set(tag, digest);
  return answer(201, {
    location: locate(`/v2/${name}/manifests/${digest}`),
    'docker-content-digest': digest,
    ...(document.subject && quirks.referrersApi !== false ? { 'oci-subject': document.subject.digest } : {}),
    ...(isDigest(reference) && tags.length > 0 ? { 'oci-tag': tags } : {}),
  });
}

/** Whether what is under the reference is what the client expects there. */
function meets(headers: Exchange['headers'], current: string | undefined): boolean {
  if (headers['if-none-match'] === '*' && current !== undefined) return false;
  return headers['if-match'] === undefined || headers['if-match'] === `"${current}"`;
}

function deleteManifest(exchange: Exchange, repository: RepositoryContent | undefined, reference: string): Answer {
  if (exchange.quirks.deletion === false) return errorAnswer(405, 'UNSUPPORTED', 'deletion is off');
  if (exchange.quirks.tagDeletion === false && isTag(reference)) {
    return errorAnswer(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  if (!repository?.resolve(reference)) return unknownManifest(reference);
  if (repository.tags.delete(reference)) return answer(202);
  repository.manifests.delete(reference);
  for (const [tag, digest] of repository.tags) if (digest === reference) repository.tags.delete(tag);
  return answer(202);
}

/** As much of a manifest as a registry looks at. */
interface ManifestDocument {
  readonly mediaType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[] | null;
  readonly manifests?: readonly Descriptor[] | null;
  readonly subject?: { readonly digest: Digest };
}

function documentOf(bytes: Buffer): ManifestDocument | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What has to be there before the manifest may be. Layers that may not be distributed need not. */
function edgesOf({ config, layers, manifests }: ManifestDocument): readonly Descriptor[] {
  const all = [...(config ? [config] : []), ...(layers ?? []), ...(manifests ?? [])];
  return all.filter(({ mediaType }) => !/nondistributable|rootfs\.foreign/.test(mediaType));
}

function missingContent(missing: readonly Descriptor[]): Answer {
  const errors = missing.map(({ digest }) => ({
    code: 'MANIFEST_BLOB_UNKNOWN',
    message: 'blob unknown to registry',
    detail: { digest },
  }));
  return answer(404, { 'content-type': 'application/json' }, JSON.stringify({ errors }));
}

function unknownManifest(reference: string): Answer {
  return errorAnswer(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { detail: { reference } });
}
