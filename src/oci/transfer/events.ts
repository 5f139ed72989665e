import type { WriteOutcome } from '../content/store.ts';
import type { Descriptor } from '../spec/descriptor.ts';

/**
 * What happens to one piece of content during a transfer. `bytes` counts what has passed of this content so far; it falls
 * back when the content is sent again from its start.
 */
export type TransferEvent =
  | { readonly kind: 'started'; readonly descriptor: Descriptor }
  | { readonly kind: 'progress'; readonly descriptor: Descriptor; readonly bytes: number }
  | { readonly kind: 'finished'; readonly descriptor: Descriptor; readonly outcome: WriteOutcome };

/** Hears of events as they happen. Must not throw: what it throws fails the transfer. */
export type TransferListener = (event: TransferEvent) => void;

/** Passes the stream through and tells how much of the content has passed, `offset` before it. */
export async function* counted(
  descriptor: Descriptor,
  stream: AsyncIterable<Uint8Array>,
  onEvent: TransferListener | undefined,
  offset = 0,
): AsyncGenerator<Uint8Array> {
  let bytes = offset;
  for await (const chunk of stream) {
    yield chunk;
    bytes += chunk.length;
    onEvent?.({ kind: 'progress', descriptor, bytes });
  }
}

/** Tells of the start and the end of a write; a write that fails has no end. */
export async function announced(
  descriptor: Descriptor,
  onEvent: TransferListener | undefined,
  write: () => Promise<WriteOutcome>,
): Promise<WriteOutcome> {
  onEvent?.({ kind: 'started', descriptor });
  const outcome = await write();
  onEvent?.({ kind: 'finished', descriptor, outcome });
  return outcome;
}
