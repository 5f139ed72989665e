import type { Memento } from 'vscode';
import * as z from 'zod/mini';
import { type Digest, isDigest } from '../oci/index.ts';

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
  readonly #state: Pick<Memento, 'get' | 'update'>;
  readonly #now: () => number;
  /** By tag, the last first; the tags in the order in which they were seen. */
  readonly #seen: Map<string, readonly Sighting[]>;
  /** Where tags led before, of those that were seen to have moved in this window. */
  readonly #moved = new Map<string, Sighting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(state: Pick<Memento, 'get' | 'update'>, now: () => number = Date.now) {
    this.#state = state;
    this.#now = now;
    this.#seen = readSeen(state);
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

  dispose(): void {
    if (this.#timer !== undefined) this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Another window may have seen what we have not.
    const merged = new Map([...readSeen(this.#state), ...this.#seen]);
    void this.#state.update(KEY, Object.fromEntries([...merged].slice(-MAX_TAGS)));
  }
}

function readSeen(state: Pick<Memento, 'get'>): Map<string, readonly Sighting[]> {
  const saved = savedSchema.safeParse(state.get<unknown>(KEY));
  return new Map(Object.entries(saved.data ?? {}));
}
