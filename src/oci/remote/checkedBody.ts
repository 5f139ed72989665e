import type { ContentSource } from '../content/store.ts';
import { verified } from '../content/verify.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { HttpBody } from '../transport/transport.ts';

/** A request body that is checked against its descriptor while it is sent. */
export interface CheckedBody extends HttpBody {
  /** What the source threw, or how it differs from the descriptor; the transport may have told it in its own words. */
  readonly failure: unknown;
  /** Whether the content went out whole and right. A body of no bytes may never have been opened; it is checked now. */
  isComplete(): Promise<boolean>;
}

/** The last piece is held back until all are known to be right, so that no registry ever gets wrong content whole. */
export function checkedBody(descriptor: Descriptor, source: ContentSource): CheckedBody {
  let failure: unknown;
  let complete = false;

  async function* open(): AsyncGenerator<Uint8Array> {
    complete = false;
    failure = undefined;
    let held: Uint8Array | undefined;
    try {
      for await (const chunk of verified(descriptor, source())) {
        if (held !== undefined) yield held;
        held = chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
    complete = true;
    if (held !== undefined) yield held;
  }

  return {
    size: descriptor.size,
    open,
    get failure() {
      return failure;
    },
    async isComplete() {
      if (descriptor.size === 0 && !complete) for await (const _ of open());
      return complete;
    },
  };
}
