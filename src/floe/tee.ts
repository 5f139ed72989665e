import type { CallOptions, Descriptor, Digest, ReadableStore, Tag } from '../oci/index.ts';

/**
 * A store that also remembers what was last read through it, up to `limit` bytes. `seen` is undefined when it was more.
 * For one reader at a time.
 */
export function tee(
  source: ReadableStore,
  limit: number,
): { readonly store: ReadableStore; readonly seen: () => Uint8Array | undefined } {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const store: ReadableStore = {
    name: source.name,
    exists: (descriptor: Descriptor, options?: CallOptions) => source.exists(descriptor, options),
    resolve: (reference: Tag | Digest, options?: CallOptions) => source.resolve(reference, options),
    mayReread: async (attempt: number, options?: CallOptions) => (await source.mayReread?.(attempt, options)) ?? false,
    async *read(descriptor: Descriptor, options?: CallOptions) {
      chunks.length = 0;
      size = 0;
      for await (const chunk of source.read(descriptor, options)) {
        size += chunk.length;
        if (size <= limit) chunks.push(chunk);
        else chunks.length = 0;
        yield chunk;
      }
    },
  };
  return { store, seen: () => (size > limit ? undefined : Buffer.concat(chunks)) };
}
