import type { Descriptor } from '../spec/descriptor.ts';
import type { CallOptions, ContentSource, ReadableStore } from './store.ts';

/**
 * Content in a store, for whoever checks all of it, as every write does: so it is hashed once. It can also be opened further
 * on where the store can.
 */
export function sourceIn(
  store: Pick<ReadableStore, 'read' | 'readAfter'>,
  descriptor: Descriptor,
  options: CallOptions,
): ContentSource {
  const readAfter = store.readAfter?.bind(store);
  if (readAfter === undefined) return () => store.read(descriptor, options);
  const after = (offset: number): AsyncIterable<Uint8Array> => readAfter(descriptor, offset, options);
  return Object.assign(() => after(0), { after });
}

/** The same source, whose streams pass through something. `offset` is what the stream lacks at its beginning. */
export function throughEach(
  source: ContentSource,
  pass: (stream: AsyncIterable<Uint8Array>, offset: number) => AsyncIterable<Uint8Array>,
): ContentSource {
  const open = (): AsyncIterable<Uint8Array> => pass(source(), 0);
  const { after } = source;
  return after === undefined ? open : Object.assign(open, { after: (offset: number) => pass(after(offset), offset) });
}
