import type { FileHandle } from 'node:fs/promises';
import { giveBack } from '../lending.ts';

/** Bytes that may wait while others are being written. */
const MAX_WAITING = 1024 * 1024;

/** Bytes after which the disk is given its share while more comes, so that the sync at the end has little left to do. */
const SYNCED_EACH = 32 * 1024 * 1024;

/** How a file is written. */
export interface WriteBehindOptions {
  /** Whether {@link WriteBehind.finish} waits until the disk has it all. */
  readonly durable: boolean;
  /** Told how many more bytes are in the file now, and can be read from it. Must not throw. */
  readonly written?: ((bytes: number) => void) | undefined;
}

/**
 * Adds bytes to the end of a file while the next ones are being fetched. One write is under way at a time, and takes all that
 * came during the one before; nothing waits for company.
 */
export class WriteBehind {
  readonly #file: FileHandle;
  readonly #options: WriteBehindOptions;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #unsynced = 0;
  #isWriting = false;
  /** The write that is under way. It and the others never reject: what goes wrong is kept. */
  #write: Promise<void> = Promise.resolve();
  #sync: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(file: FileHandle, options: WriteBehindOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * Takes a chunk, which must not change any more, and waits while too much waits already.
   * @throws what the system says of an earlier one
   */
  async append(chunk: Uint8Array): Promise<void> {
    this.#check();
    if (chunk.length === 0) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (!this.#isWriting) void this.#writeWaiting();
    if (this.#waitingBytes < MAX_WAITING) return;
    await this.#write;
    this.#check();
  }

  /**
   * Waits until everything is in the file, and on the disk if that was asked for.
   * @throws what the system says
   */
  async finish(): Promise<void> {
    await this.settle();
    this.#check();
    if (this.#options.durable) await this.#file.sync();
  }

  /** Waits until nothing is under way any more; the file can be closed then. */
  async settle(): Promise<void> {
    while (this.#isWriting) await this.#write;
    await this.#sync;
  }

  async #writeWaiting(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      const chunks = this.#waiting;
      const bytes = this.#waitingBytes;
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#write = this.#keepingFailure(writeWhole(this.#file, chunks));
      await this.#write;
      if (this.#failure !== undefined) break;
      this.#options.written?.(bytes);
      for (const chunk of chunks) giveBack(chunk);
      this.#syncSometimes(bytes);
    }
    this.#isWriting = false;
  }

  #syncSometimes(bytes: number): void {
    this.#unsynced += bytes;
    if (!this.#options.durable || this.#unsynced < SYNCED_EACH || this.#sync !== undefined) return;
    this.#unsynced = 0;
    this.#sync = this.#keepingFailure(this.#file.datasync()).finally(() => {
      this.#sync = undefined;
    });
  }

  /** The system tells of a failed sync once: it must not get lost. */
  async #keepingFailure(step: Promise<void>): Promise<void> {
    try {
      await step;
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** The system may take less than it is given. */
async function writeWhole(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let left = chunks;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left);
    left = without(bytesWritten, left);
  }
}

function without(count: number, chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  let gone = count;
  const first = chunks.findIndex((chunk) => {
    if (gone < chunk.length) return true;
    gone -= chunk.length;
    return false;
  });
  if (first < 0) return [];
  const [partial, ...rest] = chunks.slice(first);
  return partial === undefined ? [] : [partial.subarray(gone), ...rest];
}
