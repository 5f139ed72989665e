import type { Descriptor } from '../spec/descriptor.ts';
import type { CallOptions, ContentSource, ReadableStore } from './store.ts';

/**
 * Content in a store, unchecked where the store can, for whoever sees to it that all of it is checked, as every write does:
 * so it is hashed once at most. It can also be opened further on where the store can.
 */
export function sourceIn(
  store: Pick<ReadableStore, 'read' | 'readAfter' | 'isAtRest'>,
  descriptor: Descriptor,
  options: CallOptions,
): ContentSource {
  const readAfter = store.readAfter?.bind(store);
  if (readAfter === undefined) return () => store.read(descriptor, options);
  const after = (offset: number): AsyncIterable<Uint8Array> => readAfter(descriptor, offset, options);
  return Object.assign(() => after(0), { after, ...(store.isAtRest?.(descriptor) && AT_REST) });
}

/** The same source, whose streams pass through something. `offset` is what the stream lacks at its beginning. */
export function throughEach(
  source: ContentSource,
  pass: (stream: AsyncIterable<Uint8Array>, offset: number) => AsyncIterable<Uint8Array>,
): ContentSource {
  const open = (): AsyncIterable<Uint8Array> => pass(source(), 0);
  const { after, atRest } = source;
  const onward = after && { after: (offset: number) => pass(after(offset), offset) };
  return Object.assign(open, { ...onward, ...(atRest && AT_REST) });
}

const AT_REST = { atRest: true } as const;
