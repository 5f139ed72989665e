import { nodeKey } from '../content/graph.ts';
import { throughEach } from '../content/sources.ts';
import type { ContentSource } from '../content/store.ts';
import type { Descriptor } from '../spec/descriptor.ts';

/** Knows of content that is being written when all of it has been handed over, and only the answer is waited for. */
export class Sending {
  readonly #handedOver = new Map<string, PromiseWithResolvers<'sent'>>();

  /** The same source, whose end is noted. */
  watch(node: Descriptor, open: ContentSource): ContentSource {
    const { resolve } = this.#of(node);
    return throughEach(open, async function* (stream) {
      yield* stream;
      resolve('sent');
    });
  }

  /**
   * Does something beside the answer to whatever is sent last; not at all when nothing of it was sent, or something failed.
   * @param writes of the nodes, in their order
   */
  async lastOf(
    nodes: readonly Descriptor[],
    writes: readonly Promise<unknown>[],
    act: () => Promise<void>,
  ): Promise<void> {
    const written = writes.map((write) => write.then(() => 'written' as const));
    const ends = nodes.map((node, at) => Promise.race([this.#of(node).promise, written[at]]));
    const states = await Promise.allSettled(ends);
    if (states.some(({ status }) => status === 'rejected')) return;
    const isSent = states.some((state) => state.status === 'fulfilled' && state.value === 'sent');
    if (isSent) await act();
  }

  #of(node: Descriptor): PromiseWithResolvers<'sent'> {
    const key = nodeKey(node);
    const known = this.#handedOver.get(key) ?? Promise.withResolvers<'sent'>();
    this.#handedOver.set(key, known);
    return known;
  }
}
