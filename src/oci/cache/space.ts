import type { Digest } from '../spec/digest.ts';
import type { CacheFolder } from './cacheFolder.ts';
import { planEviction } from './eviction.ts';
import { Usage } from './usage.ts';

/** Of the limit, how much more than is needed is freed at a time: to look at everything is dear, so it is done seldom. */
const SLACK = 0.05;

/** Told what was removed to make room: how many references, how many bytes, and how many are left. */
export type EvictionListener = (removed: number, freedBytes: number, sizeBytes: number) => void;

/**
 * Keeps a cache within its limit: before something is written there is room for it, or it is not written. Other processes
 * do the same; what several write at once, the last of them makes up for with {@link settle}.
 */
export class Space {
  readonly #folder: CacheFolder;
  readonly #limit: number;
  readonly #onEviction: EvictionListener;
  readonly #usage: Usage;
  /** How many are reading or writing what. */
  readonly #held = new Map<Digest, number>();
  #reserved = 0;
  /** Whether we have written since it was last looked whether that was too much. */
  #isDirty = false;
  /** One after another: two that look at the same time would both find the same room. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param limit bytes of content and records */
  constructor(folder: CacheFolder, limit: number, onEviction: EvictionListener) {
    this.#folder = folder;
    this.#limit = limit;
    this.#onEviction = onEviction;
    this.#usage = new Usage(folder.path);
  }

  /** Whether so many bytes could ever be held. */
  isEnoughFor(size: number): boolean {
    return size <= this.#limit;
  }

  /**
   * Writes so many bytes to a file, when there is room or room can be made.
   * @returns whether it was written
   * @throws OciError FILE_NOT_READABLE, FILE_NOT_WRITABLE, and what `write` throws
   */
  async use(size: number, path: string, write: () => Promise<void>): Promise<boolean> {
    if (!(await this.#inTurn(() => this.#reserve(size)))) return false;
    try {
      await write();
      this.#usage.add(size, path);
      this.#isDirty = true;
    } finally {
      this.#reserved -= size;
    }
    return true;
  }

  /** Keeps content from being removed to make room until {@link release} has been called as often. */
  hold(digest: Digest): void {
    this.#held.set(digest, (this.#held.get(digest) ?? 0) + 1);
  }

  release(digest: Digest): void {
    const left = (this.#held.get(digest) ?? 0) - 1;
    if (left > 0) this.#held.set(digest, left);
    else this.#held.delete(digest);
  }

  /** Removes what is too much, now that we have written. @throws OciError FILE_NOT_READABLE, FILE_NOT_WRITABLE */
  async settle(): Promise<void> {
    if (this.#isDirty) await this.trim();
  }

  /** Removes what is too much, whoever wrote it. @throws OciError as {@link settle} does */
  async trim(): Promise<void> {
    await this.#inTurn(async () => {
      this.#isDirty = false;
      if ((await this.#usage.measure()) > this.#limit) await this.#evict(this.#limit);
    });
  }

  async #reserve(size: number): Promise<boolean> {
    const allowed = this.#limit - this.#reserved - size;
    if (allowed < 0) return false;
    if ((await this.#usage.bytes()) > allowed) {
      await this.#evict(allowed);
      if ((await this.#usage.measure()) > allowed) return false;
    }
    this.#reserved += size;
    return true;
  }

  async #evict(maxSize: number): Promise<void> {
    const survey = await this.#folder.survey();
    const wantedSize = maxSize - Math.min(this.#limit * SLACK, maxSize / 2);
    const eviction = planEviction(survey, { maxSize, wantedSize, isHeld: (digest) => this.#held.has(digest) });
    await this.#folder.remove(eviction);
    if (eviction.freed > 0) {
      this.#onEviction(eviction.entries.length, eviction.freed, survey.totalSize - eviction.freed);
    }
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(task);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}
