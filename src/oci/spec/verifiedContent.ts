import { OciError } from '../errors.ts';
import type { Descriptor } from './descriptor.ts';
import { algorithmOf, type Digest, digestOf } from './digest.ts';

declare const verifiedBrand: unique symbol;

/** Bytes that are known to be what the descriptor says. Only {@link verifyContent} makes it, so only such bytes are parsed. */
export interface VerifiedContent<D extends Descriptor = Descriptor> {
  readonly descriptor: D;
  readonly bytes: Uint8Array;
  readonly [verifiedBrand]: true;
}

/**
 * Checks bytes that are in memory against their descriptor.
 * @throws OciError SIZE_MISMATCH, DIGEST_MISMATCH
 */
export function verifyContent<D extends Descriptor>(descriptor: D, bytes: Uint8Array): VerifiedContent<D> {
  checkSize(descriptor, bytes.length);
  checkDigest(descriptor, digestOf(bytes, algorithmOf(descriptor.digest)));
  return { descriptor, bytes } as unknown as VerifiedContent<D>;
}

/** @throws OciError SIZE_MISMATCH */
export function checkSize({ digest, size: expected }: Descriptor, actual: number): void {
  if (actual === expected) return;
  throw new OciError('SIZE_MISMATCH', `${digest} has ${actual} bytes instead of ${expected}`, {
    digest,
    expected,
    actual,
  });
}

/** @throws OciError DIGEST_MISMATCH */
export function checkDigest({ digest: expected }: Descriptor, actual: Digest): void {
  if (actual === expected) return;
  throw new OciError('DIGEST_MISMATCH', `expected ${expected}, got ${actual}`, { expected, actual });
}
