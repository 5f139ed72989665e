import type { Resolution } from '../content/store.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, digestOf, isDigest } from '../spec/digest.ts';
import { essenceOf, isManifestMediaType } from '../spec/mediaTypes.ts';
import type { Tag } from '../spec/tag.ts';
import { verifyContent } from '../spec/verifiedContent.ts';
import { quotable } from '../transport/redact.ts';
import { invalidResponse } from '../transport/responseError.ts';
import type { HttpRequest } from '../transport/transport.ts';
import { announcedAlgorithm, checkAnnouncedDigest } from './announcedDigest.ts';
import type { WholeResponse } from './client.ts';

/** A manifest as it arrived. */
export interface FetchedManifest extends Resolution {
  readonly bytes: Uint8Array;
}

/**
 * What an answer holds, named by what it was asked by.
 * @throws OciError DIGEST_MISMATCH when the bytes are not those that were asked for or announced; INVALID_RESPONSE when the
 *   answer is no manifest
 */
export function manifestIn(
  { response, bytes }: WholeResponse,
  request: HttpRequest,
  reference: Tag | Digest,
): FetchedManifest {
  const mediaType = essenceOf(response.headers.get('content-type') ?? '');
  if (!isManifestMediaType(mediaType)) {
    const said = mediaType === '' ? 'no content type' : `content type ${quotable(mediaType)}`;
    throw invalidResponse(response, request, `${said} where a manifest is due`);
  }
  const encoding = response.headers.get('content-encoding');
  // An engine may have decoded it. A document begins with a brace, after white space.
  if (encoding !== undefined && bytes.length > 0 && !/^[\s{]/.test(String.fromCharCode(bytes[0] ?? 0))) {
    const reason = `the answer is encoded (${quotable(encoding)}), which was not asked for`;
    throw invalidResponse(response, request, reason);
  }
  checkAnnouncedDigest(response, request, bytes);
  const digest = isDigest(reference) ? reference : digestOf(bytes, announcedAlgorithm(response));
  const descriptor: ManifestDescriptor = { mediaType, digest, size: bytes.length };
  if (isDigest(reference)) verifyContent(descriptor, bytes);
  const etag = response.headers.get('etag');
  return { descriptor, bytes, ...(etag === undefined ? {} : { etag }) };
}

/** Registries that name no state of a tag often take the digest for it, as distribution does; others ignore it. */
export function validatorOf({ descriptor, etag }: Resolution): string {
  return etag ?? `"${descriptor.digest}"`;
}
