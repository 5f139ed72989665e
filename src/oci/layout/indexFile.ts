import { join } from 'node:path';
import type { CallOptions } from '../content/store.ts';
import { throwIfAborted } from '../errors.ts';
import { publishFile } from '../files/temporaryFile.ts';
import { invalidLayout } from './invalidLayout.ts';
import { type LayoutIndex, parseLayoutIndex } from './layoutIndex.ts';
import { type LockOptions, withLock } from './lock.ts';
import { readRegularFile, settledVersionOf, statRegularFile, tooLarge } from './regularFile.ts';

/** Bytes. An entry takes about 250, so this is room for 100 000 tags, and little enough to hold in memory. */
const MAX_SIZE = 32 * 1024 * 1024;

/** What goes with a change of `index.json`. */
export interface UpdateOptions extends LockOptions {
  /** Done under the lock, before the change; what it throws keeps the file as it is. */
  readonly before?: () => Promise<void>;
  /** Done under the lock, when the change is safe. Told what the file says now, and what it said before. */
  readonly after?: (index: LayoutIndex, former: LayoutIndex) => Promise<void>;
}

/**
 * The mutable half of a layout: `index.json`. Readers need no lock, because the file is replaced whole; who changes it
 * reads it again under the lock `index.json.lock`, so that no two processes lose each other's change.
 */
export class IndexFile {
  readonly path: string;
  readonly #root: string;
  #settled: { readonly version: string; readonly index: LayoutIndex } | undefined;

  /** @param root folder of the layout */
  constructor(root: string) {
    this.#root = root;
    this.path = join(root, 'index.json');
  }

  /**
   * What the file says now. A file that has not changed is not parsed again: a list of tags asks once for each.
   * @throws OciError INVALID_LAYOUT, LIMIT_EXCEEDED, FILE_NOT_READABLE, CANCELLED
   */
  async read(options: CallOptions = {}): Promise<LayoutIndex> {
    throwIfAborted(options.signal);
    const stats = await statRegularFile(this.path);
    const version = stats && settledVersionOf(stats);
    if (version !== undefined && this.#settled?.version === version) return this.#settled.index;
    const index = await this.#parse();
    if (version !== undefined) this.#settled = { version, index };
    return index;
  }

  /**
   * Changes what the file says. `change` is pure and may run twice; when it has nothing to change it returns what it was
   * given, and nothing is locked or written.
   * @throws OciError INVALID_LAYOUT, LIMIT_EXCEEDED, LOCKED, LOCK_LOST, FILE_NOT_WRITABLE, CANCELLED, and what `change` throws
   */
  async update(
    change: (index: LayoutIndex) => LayoutIndex,
    { before, after, ...options }: UpdateOptions = {},
  ): Promise<void> {
    const seen = await this.read(options);
    if (change(seen) === seen) return;
    await this.lock(async (write) => {
      await before?.();
      const current = await this.#parse();
      const changed = change(current);
      if (changed !== current) await write(changed);
      await after?.(changed, current);
    }, options);
  }

  /**
   * Runs a task that nobody's change can come between. What it passes to `write` replaces the file, unless the lock has
   * been lost by then.
   * @throws OciError LOCKED, LOCK_LOST, LIMIT_EXCEEDED, FILE_NOT_WRITABLE, CANCELLED, and what the task throws
   */
  async lock<T>(
    task: (write: (index: LayoutIndex) => Promise<void>) => Promise<T>,
    options: LockOptions = {},
  ): Promise<T> {
    return withLock(
      `${this.path}.lock`,
      ({ confirm }) =>
        task(async (index) => {
          const bytes = Buffer.from(JSON.stringify(index));
          if (bytes.length > MAX_SIZE) throw tooLarge(this.path, MAX_SIZE);
          await publishFile(this.#root, this.path, (append) => append(bytes), { confirm });
        }),
      options,
    );
  }
  async #parse(): Promise<LayoutIndex> {
    const bytes = await readRegularFile(this.path, MAX_SIZE);
    if (bytes === undefined) throw invalidLayout(this.path, 'is missing');
    return parseLayoutIndex(bytes, this.path);
  }
}
