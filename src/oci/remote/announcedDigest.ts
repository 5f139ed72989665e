import { OciError } from '../errors.ts';
import { algorithmOf, type Digest, type DigestAlgorithm, digestOf, isDigest } from '../spec/digest.ts';
import { invalidResponse } from '../transport/responseError.ts';
import type { HttpRequest, HttpResponse } from '../transport/transport.ts';

const HEADER = 'docker-content-digest';

/**
 * Compares the digest that the registry announces, if it does, with that of the bytes. It is never believed.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * @throws OciError DIGEST_MISMATCH, INVALID_RESPONSE when the header is not a digest that we can compute
 */
export function checkAnnouncedDigest(response: HttpResponse, request: HttpRequest, bytes: Uint8Array): void {
  const announced = response.headers.get(HEADER);
  if (announced === undefined) return;
  if (!isDigest(announced)) throw invalidResponse(response, request, 'Docker-Content-Digest is not a digest');
  const actual = digestOf(bytes, algorithmOf(announced));
  if (announced === actual) return;
  const message = `${request.url.pathname} is announced as ${announced}, but its digest is ${actual}`;
  throw new OciError('DIGEST_MISMATCH', message, { expected: announced, actual });
}

/**
 * Whether the registry says that what was sent to it has this digest, which it was told so that it compares. One that says
 * nothing may not have done so. It may name another algorithm's, which cannot be compared.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 * @throws OciError DIGEST_MISMATCH when it names other content
 */
export function confirms({ headers }: HttpResponse, { url }: HttpRequest, digest: Digest): boolean {
  const announced = headers.get(HEADER);
  if (announced === undefined || !isDigest(announced) || algorithmOf(announced) !== algorithmOf(digest)) return false;
  if (announced === digest) return true;
  const message = `what was sent to ${url.pathname} as ${digest} is announced as ${announced}`;
  throw new OciError('DIGEST_MISMATCH', message, { expected: digest, actual: announced });
}

/** The algorithm by which the registry names the content; sha256 when it does not say. */
export function announcedAlgorithm({ headers }: HttpResponse): DigestAlgorithm {
  const announced = headers.get(HEADER);
  return announced !== undefined && isDigest(announced) ? algorithmOf(announced) : 'sha256';
}
