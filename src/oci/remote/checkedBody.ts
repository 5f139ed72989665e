import type { ContentSource } from '../content/store.ts';
import { measured, verified } from '../content/verify.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { HttpBody } from '../transport/transport.ts';

/** Bytes up to which content is hashed in any case: it takes a few milliseconds, and nobody has to be believed. */
export const ALWAYS_HASHED = 8 * 1024 * 1024;

/** A request body that is checked against its descriptor while it is sent. */
export interface CheckedBody extends HttpBody {
  /** What the source threw, or how it differs from the descriptor; the transport may have told it in its own words. */
  readonly failure: unknown;
  /**
   * Whether the content went out whole, and right as far as it is checked. A body of no bytes may never have been opened; it
   * is checked now.
   */
  isComplete(): Promise<boolean>;
  /**
   * Hashes what went out whole and was not hashed then.
   * @throws OciError DIGEST_MISMATCH, SIZE_MISMATCH, and what the source throws; `failure` then repeats it
   */
  verify(): Promise<void>;
}

/**
 * The last piece is held back until all are known to be right, so that no registry ever gets wrong content whole; of large
 * content at rest, only the size is known by then.
 * @param believes whether the registry may be left to find the digest of content at rest
 */
export function checkedBody(descriptor: Descriptor, source: ContentSource, believes: boolean): CheckedBody {
  const isHashed = !(believes && source.atRest) || descriptor.size <= ALWAYS_HASHED;
  const check = isHashed ? verified : measured;
  let failure: unknown;
  let complete = false;

  async function* open(): AsyncGenerator<Uint8Array> {
    complete = false;
    failure = undefined;
    let held: Uint8Array | undefined;
    try {
      for await (const chunk of check(descriptor, source())) {
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
    async verify() {
      if (isHashed || !complete) return;
      try {
        for await (const _ of verified(descriptor, source()));
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  };
}
