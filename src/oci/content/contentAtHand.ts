import { type Descriptor, EMPTY_CONTENT, EMPTY_DESCRIPTOR } from '../spec/descriptor.ts';
import { algorithmOf, digestOf } from '../spec/digest.ts';

/**
 * Content that need not be fetched: the empty `{}`, and what a descriptor carries in itself. Embedded content that is not
 * what its descriptor says counts as absent, so the store's own is read and judged instead.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#embedded-content
 */
export function contentAtHand({ digest, size, data }: Descriptor): Uint8Array | undefined {
  if (digest === EMPTY_DESCRIPTOR.digest && size === EMPTY_DESCRIPTOR.size) return EMPTY_CONTENT;
  if (data === undefined || Buffer.byteLength(data, 'base64') !== size) return undefined;
  const bytes = Buffer.from(data, 'base64');
  return bytes.length === size && digestOf(bytes, algorithmOf(digest)) === digest ? bytes : undefined;
}
