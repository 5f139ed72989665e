import type { FileHandle } from 'node:fs/promises';
import type { CallOptions } from '../content/store.ts';
import { verified } from '../content/verify.ts';
import { throwIfAborted } from '../errors.ts';
import { reading } from '../files/fileErrors.ts';
import { openRegularFile } from '../layout/regularFile.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { algorithmOf, createHasher } from '../spec/digest.ts';
import { checkDigest, checkSize } from '../spec/verifiedContent.ts';

/** Bytes read at once of what is not kept: enough that hashing, not calling, takes the time. */
const READ_SIZE = 256 * 1024;

/** Bytes up to which content is kept while it is checked, so that it is read once. Eight readers at a time hold 16 MiB. */
const MAX_KEPT = 2 * 1024 * 1024;

/**
 * A file of the cache that has been found right before anything of it is given away. Only so can wrong content be fetched
 * again unnoticed; the second pass over a large file costs less than a second for each GiB, a fraction of fetching it.
 * As long as it is open it can be read, whoever removes it.
 */
export class CachedFile {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #descriptor: Descriptor;
  #kept: Uint8Array[] | undefined;

  private constructor(file: FileHandle, path: string, descriptor: Descriptor) {
    this.#file = file;
    this.#path = path;
    this.#descriptor = descriptor;
    this.#kept = descriptor.size <= MAX_KEPT ? [] : undefined;
  }

  /**
   * Undefined when there is no file. The caller closes what it gets, by reading it or by {@link close}.
   * @throws OciError SIZE_MISMATCH, DIGEST_MISMATCH, INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED
   */
  static async open(path: string, descriptor: Descriptor, options: CallOptions = {}): Promise<CachedFile | undefined> {
    throwIfAborted(options.signal);
    const file = await openRegularFile(path);
    if (file === undefined) return undefined;
    const cached = new CachedFile(file, path, descriptor);
    try {
      await cached.#check(options);
      return cached;
    } catch (error) {
      await cached.close();
      throw error;
    }
  }

  /** Once; closes the file. Should it change meanwhile, the stream fails before its end, as every store's does. */
  async *read(options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#kept ?? verified(this.#descriptor, this.#chunks())) {
        throwIfAborted(options.signal);
        yield chunk;
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #check({ signal }: CallOptions): Promise<void> {
    checkSize(this.#descriptor, (await this.#file.stat()).size);
    const hasher = createHasher(algorithmOf(this.#descriptor.digest));
    // What is not kept can go into the same piece of memory each time.
    const piece = this.#kept === undefined ? Buffer.allocUnsafeSlow(READ_SIZE) : undefined;
    for await (const chunk of this.#chunks(piece)) {
      throwIfAborted(signal);
      hasher.update(chunk);
      this.#kept?.push(chunk);
    }
    checkDigest(this.#descriptor, hasher.digest());
  }

  async *#chunks(piece?: Buffer): AsyncGenerator<Uint8Array> {
    const most = this.#kept === undefined ? READ_SIZE : MAX_KEPT;
    for (let position = 0; position < this.#descriptor.size; ) {
      const length = Math.min(most, this.#descriptor.size - position);
      const read = await reading(this.#path, () =>
        this.#file.read(piece ?? Buffer.allocUnsafeSlow(length), 0, length, position),
      );
      if (read === undefined || read.bytesRead === 0) return;
      position += read.bytesRead;
      yield read.buffer.subarray(0, read.bytesRead);
    }
  }
}
