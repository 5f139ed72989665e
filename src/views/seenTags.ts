import type { Memento } from 'vscode';
import * as z from 'zod/mini';
import { type Digest, isDigest, type Logger } from '../oci/index.ts';
import { StateWriter } from './stateWriter.ts';

const KEY = 'floeOci.seenTags.v1';
/** Tags; those that were seen last. With their digests some 100 kB. */
const MAX_TAGS = 1_000;
/** Digests of one tag; the last it led to. */
const MAX_SIGHTINGS = 5;
/** Milliseconds. Many rows are drawn at once. */
const WRITE_AFTER = 1_000;

/** What a tag led to when somebody looked. */
export interface Sighting {
  readonly digest: Digest;
  /** When it was first seen there, and when last; milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

const savedSchema = z.record(
  z.string(),
  z.array(
    z.object({
      digest: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
      from: z.number(),
      until: z.number(),
    }),
  ),
);

/** Where tags led when their rows were seen, by the ids of the rows. Outlives the window. */
export class SeenTags {
  readonly #writer: StateWriter;
  readonly #now: () => number;
  /** By tag, the last first; the tags in the order in which they were seen. */
  readonly #seen: Map<string, readonly Sighting[]>;
  /** Where tags led before, of those that were seen to have moved in this window. */
  readonly #moved = new Map<string, Sighting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(state: Pick<Memento, 'get' | 'update'>, logger: Pick<Logger, 'warn'>, now: () => number = Date.now) {
    this.#writer = new StateWriter(state, logger);
    this.#now = now;
    this.#seen = readSeen(state.get<unknown>(KEY));
  }

  /** The tag leads there now. */
  note(id: string, digest: Digest): void {
    const now = this.#now();
    const known = this.#seen.get(id) ?? [];
    const [last, ...older] = known;
    this.#seen.delete(id);
    if (last?.digest === digest) {
      this.#seen.set(id, [{ ...last, until: now }, ...older]);
    } else {
      this.#seen.set(id, [{ digest, from: now, until: now }, ...known].slice(0, MAX_SIGHTINGS));
      if (last !== undefined) this.#moved.set(id, last);
    }
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MAX_TAGS && oldest !== undefined) this.#seen.delete(oldest);
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER);
  }

  /** Where the tag led when it was last seen, if it has moved since; as long as the window is there. */
  movedFrom(id: string): Sighting | undefined {
    return this.#moved.get(id);
  }

  /** Where the tag led, the last first; nothing of a tag that nobody has looked into. */
  history(id: string): readonly Sighting[] {
    return this.#seen.get(id) ?? [];
  }

  /** Until what was seen so far has been kept. */
  async settled(): Promise<void> {
    this.dispose();
    await this.#writer.settled();
  }

  dispose(): void {
    if (this.#timer !== undefined) this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Another window may have seen what we have not.
    this.#writer.change(KEY, (kept) => {
      const others = [...readSeen(kept)].filter(([id]) => !this.#seen.has(id));
      return Object.fromEntries([...others, ...this.#seen].slice(-MAX_TAGS));
    });
  }
}

function readSeen(kept: unknown): Map<string, readonly Sighting[]> {
  return new Map(Object.entries(savedSchema.safeParse(kept).data ?? {}));
}
