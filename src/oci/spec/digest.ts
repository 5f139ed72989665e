import { createHash, type Hash } from 'node:crypto';
import { OciError } from '../errors.ts';

/**
 * The registered algorithms every implementation may rely on.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#registered-algorithms
 */
export type DigestAlgorithm = 'sha256' | 'sha512';

declare const digestBrand: unique symbol;

/** `algorithm:hex`. Only {@link parseDigest}, {@link digestOf} and {@link createHasher} make one. */
export type Digest = `${DigestAlgorithm}:${string}` & { readonly [digestBrand]: true };

const ENCODED_LENGTH: Readonly<Record<DigestAlgorithm, number>> = { sha256: 64, sha512: 128 };
const ACCEPTED = 'sha256: followed by 64, or sha512: followed by 128 lower-case hexadecimal digits';

/** Whether the text is a digest we can compute. Safe to use in paths and URLs when true. */
export function isDigest(text: string): text is Digest {
  const match = /^(sha256|sha512):([0-9a-f]+)$/.exec(text);
  const [, algorithm, encoded] = match ?? [];
  return encoded !== undefined && encoded.length === ENCODED_LENGTH[algorithm as DigestAlgorithm];
}

/** @throws OciError INVALID_DIGEST */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new OciError('INVALID_DIGEST', `not a digest: ${JSON.stringify(text)}`, { input: text, accepted: ACCEPTED });
}

/** The part before the colon. */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

/** The part after the colon: a file name in an image layout. */
export function encodedOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** The first 12 hexadecimal digits, for people; never for comparison. */
export function shortDigest(digest: Digest): string {
  return encodedOf(digest).slice(0, 12);
}

/** The digest of bytes that are in memory. `algorithm` defaults to sha256. */
export function digestOf(bytes: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

/** Hashes a stream piece by piece; `digest` ends it and may be called once. */
export interface Hasher {
  update(chunk: Uint8Array): void;
  digest(): Digest;
}

/** Begins a digest over content that comes in pieces. `algorithm` defaults to sha256. */
export function createHasher(algorithm: DigestAlgorithm = 'sha256'): Hasher {
  const hash: Hash = createHash(algorithm);
  return {
    update: (chunk) => {
      hash.update(chunk);
    },
    digest: () => `${algorithm}:${hash.digest('hex')}` as Digest,
  };
}
