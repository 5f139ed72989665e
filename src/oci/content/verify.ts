import { OciError } from '../errors.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { algorithmOf, createHasher, type Hasher } from '../spec/digest.ts';
import { checkDigest, checkSize, type VerifiedContent, verifyContent } from '../spec/verifiedContent.ts';
import { rereading } from './reread.ts';
import type { CallOptions, ReadableStore } from './store.ts';

/**
 * Passes the stream through and fails it before its end when size or digest differ from the descriptor's.
 * A stream that grows past its size fails at once.
 * @throws OciError SIZE_MISMATCH, DIGEST_MISMATCH
 */
export function verified(descriptor: Descriptor, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return passed(descriptor, stream, createHasher(algorithmOf(descriptor.digest)));
}

/**
 * Passes the stream through and fails it when its size differs from the descriptor's, and as soon as it grows past it. Its
 * bytes are not looked at.
 * @throws OciError SIZE_MISMATCH
 */
export function measured(descriptor: Descriptor, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return passed(descriptor, stream);
}

async function* passed(
  descriptor: Descriptor,
  stream: AsyncIterable<Uint8Array>,
  hasher?: Hasher,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > descriptor.size) checkSize(descriptor, size);
    hasher?.update(chunk);
    yield chunk;
  }
  checkSize(descriptor, size);
  if (hasher !== undefined) checkDigest(descriptor, hasher.digest());
}

/**
 * The largest manifest we read. The spec asks clients to support at least 4 MiB; few registries take more.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
 */
export const MAX_MANIFEST_SIZE = 8 * 1024 * 1024;

/** How content is read that is held in memory as a whole. */
export interface ReadVerifiedOptions extends CallOptions {
  /** Bytes; default {@link MAX_MANIFEST_SIZE}. Checked before anything is read. */
  readonly maxSize?: number;
}

/**
 * Reads small content whole, checked.
 * @throws OciError LIMIT_EXCEEDED, SIZE_MISMATCH, DIGEST_MISMATCH, NOT_FOUND
 */
export async function readVerified<D extends Descriptor>(
  store: ReadableStore,
  descriptor: D,
  options: ReadVerifiedOptions = {},
): Promise<VerifiedContent<D>> {
  const { maxSize = MAX_MANIFEST_SIZE, ...call } = options;
  if (descriptor.size > maxSize) {
    throw new OciError('LIMIT_EXCEEDED', `${descriptor.digest} is larger than ${maxSize} bytes`, {
      what: `bytes of ${descriptor.digest}`,
      limit: maxSize,
    });
  }
  return rereading(store, async () => verifyContent(descriptor, await bytesOf(store.read(descriptor, call))), call);
}

/** Gathers a stream that is known to be small. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A source over bytes that are in memory: one chunk, or none when there are no bytes. */
export function sourceOf(bytes: Uint8Array): () => AsyncIterable<Uint8Array> {
  return async function* () {
    if (bytes.length > 0) yield bytes;
  };
}

/** The stream without its first `count` bytes. */
export async function* skip(count: number, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of stream) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
