import { isOciError, type OciErrorCode } from '../errors.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What says that the folder, not what is looked for in it, is at fault. */
const OF_THE_FOLDER: ReadonlySet<OciErrorCode> = new Set([
  'FILE_NOT_READABLE',
  'FILE_NOT_WRITABLE',
  'FOREIGN_FOLDER',
  'INVALID_LAYOUT',
  'LOCKED',
  'LOCK_LOST',
  'UNSUPPORTED_VERSION',
]);

/** Milliseconds after which a folder that could not be written is tried again: a full disk may have room by then. */
const PAUSE = 5 * 60_000;

/**
 * Keeps trouble with the cache's folder from whoever uses the cache: it is said once, and then there is nothing in the
 * folder, or nothing goes into it.
 */
export class Health {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #now: () => number;
  #hasWarned = false;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  /** @param path folder of the cache, for messages */
  constructor(path: string, logger: Logger, now: () => number) {
    this.#path = path;
    this.#logger = logger;
    this.#now = now;
  }

  /** What the step gives; undefined when the folder does not let it. @throws what is not about the folder */
  async attempt<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
  }

  /** The same for what puts something in the folder, which is not tried again at once. */
  async write<T>(step: () => Promise<T>): Promise<T | undefined> {
    const now = this.#now();
    if (now < this.#pausedUntil && now >= this.#pausedUntil - PAUSE) return undefined;
    try {
      return await step();
    } catch (error) {
      this.#tell(error);
      this.#pausedUntil = now + PAUSE;
      return undefined;
    }
  }

  #tell(error: unknown): void {
    if (isOciError(error) && !OF_THE_FOLDER.has(error.code)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    this.#logger[this.#hasWarned ? 'debug' : 'warn']('cache_unusable', { path: this.#path, reason });
    this.#hasWarned = true;
  }
}
