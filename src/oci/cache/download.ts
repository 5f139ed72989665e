import { type FileHandle, open } from 'node:fs/promises';
import { throughEach } from '../content/sources.ts';
import type { CallOptions, ContentSource } from '../content/store.ts';
import { cancelled, throwIfAborted } from '../errors.ts';
import type { IngestOptions } from '../layout/blobs.ts';

/** Bytes read at once from what has arrived. */
const READ_SIZE = 256 * 1024;

/** The steps of a download that several readers share. */
export interface DownloadSteps {
  /** Opens the content where it is; the signal is the download's. */
  readonly source: (options: CallOptions) => ContentSource;
  /**
   * Takes the content into the cache, or does not: for the reasons of the cache it answers false, and fails only when the
   * source does.
   */
  readonly ingest: (source: ContentSource, options: IngestOptions) => Promise<boolean>;
}

/** What a reader is left with when the download did not bring everything. */
export interface Interrupted {
  /** Bytes that it has. */
  readonly given: number;
  /** What the source failed with; undefined when the cache could not take it. */
  readonly error?: unknown;
}

/**
 * Content on its way into the cache. Any number of readers follow the file while it grows, each at its own speed: none
 * waits for another, nothing but the file holds what the slowest has not read. It ends when the last reader leaves.
 */
export class Download {
  /** Whether the content is in the cache now. Never fails. */
  readonly finished: Promise<boolean>;
  readonly #abandoned = new AbortController();
  #readers = 0;
  #file: FileHandle | undefined;
  /** Bytes in the file. */
  #arrived = 0;
  #ended = false;
  #failure: unknown;
  #news = Promise.withResolvers<void>();

  constructor(steps: DownloadSteps) {
    this.finished = this.#run(steps);
  }

  /** Whether one more reader may come. */
  get isOpen(): boolean {
    return !this.#ended && !this.#abandoned.signal.aborted;
  }

  /**
   * The content from its first byte, unchecked. Returns what there is to say when the rest has to come from elsewhere.
   * @throws OciError CANCELLED when the reader's own signal is aborted
   */
  async *read({ signal }: CallOptions = {}): AsyncGenerator<Uint8Array, Interrupted | undefined> {
    const stop = (): void => this.#tell();
    signal?.addEventListener('abort', stop, { once: true });
    this.#readers++;
    try {
      for (let position = 0; ; ) {
        throwIfAborted(signal);
        // Between looking and waiting nothing may happen, or news would be missed.
        if (position < this.#arrived) {
          const chunk = await this.#chunkAt(position);
          if (chunk === undefined) return { given: position };
          position += chunk.length;
          yield chunk;
        } else if (this.#ended) {
          if (await this.finished) return undefined;
          return { given: position, error: this.#failure };
        } else {
          await this.#news.promise;
        }
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      await this.#leave();
    }
  }

  async #run({ source, ingest }: DownloadSteps): Promise<boolean> {
    const { signal } = this.#abandoned;
    try {
      const begun = throughEach(source({ signal }), (stream, offset) => {
        this.#has(offset);
        return stream;
      });
      return await ingest(begun, {
        signal,
        durable: false,
        opened: async (temporary) => {
          this.#file = await open(temporary, 'r');
        },
        written: (bytes) => this.#has(this.#arrived + bytes),
      });
    } catch (error) {
      this.#failure = error;
      return false;
    } finally {
      this.#ended = true;
      this.#tell();
      await this.#closeUnlessRead();
    }
  }

  #has(bytes: number): void {
    this.#arrived = bytes;
    this.#tell();
  }

  /** Undefined when the file cannot be read. */
  async #chunkAt(position: number): Promise<Uint8Array | undefined> {
    const length = Math.min(READ_SIZE, this.#arrived - position);
    const read = await this.#file?.read(Buffer.allocUnsafeSlow(length), 0, length, position).catch(() => undefined);
    return read === undefined || read.bytesRead === 0 ? undefined : read.buffer.subarray(0, read.bytesRead);
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  async #leave(): Promise<void> {
    this.#readers--;
    if (this.#readers === 0 && !this.#ended) {
      this.#abandoned.abort(cancelled());
      await this.finished;
    }
    await this.#closeUnlessRead();
  }

  async #closeUnlessRead(): Promise<void> {
    if (!this.#ended || this.#readers > 0) return;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
