import { type FileHandle, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CallOptions, ContentSource } from '../content/store.ts';
import { verified } from '../content/verify.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor } from '../spec/descriptor.ts';
import { algorithmOf, type Digest, encodedOf } from '../spec/digest.ts';
import { checkSize } from '../spec/verifiedContent.ts';
import { reading, writing } from './fileErrors.ts';
import { openRegularFile, statRegularFile } from './regularFile.ts';
import { type Append, type PublishOptions, publishFile, sweepTemporaryFiles, syncFolder } from './temporaryFile.ts';

/** Bytes read at once: enough that hashing, not calling, takes the time; few enough that many readers are cheap. */
const READ_SIZE = 256 * 1024;

export interface IngestOptions extends CallOptions, Pick<PublishOptions, 'opened' | 'durable'> {}

/**
 * The immutable half of a layout: `blobs/<algorithm>/<encoded>`. It needs no lock, because the name says what the
 * content is, and files appear whole.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs
 */
export class Blobs {
  readonly #root: string;
  #swept: Promise<unknown> | undefined;

  /** @param root folder of the layout */
  constructor(root: string) {
    this.#root = root;
  }

  pathOf(digest: Digest): string {
    return join(this.#root, 'blobs', algorithmOf(digest), encodedOf(digest));
  }

  /**
   * Whether there is a file of this name and size; its bytes are checked when they are read.
   * @throws OciError INVALID_LAYOUT, FILE_NOT_READABLE
   */
  async has({ digest, size }: Descriptor): Promise<boolean> {
    return (await this.sizeOf(digest)) === size;
  }

  /**
   * Bytes of the file; undefined when it is not there.
   * @throws OciError INVALID_LAYOUT, FILE_NOT_READABLE
   */
  async sizeOf(digest: Digest): Promise<number | undefined> {
    return (await statRegularFile(this.pathOf(digest)))?.size;
  }

  /**
   * Streams a blob, checked as it passes.
   * @throws OciError NOT_FOUND, SIZE_MISMATCH, DIGEST_MISMATCH, INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED
   */
  async *read(descriptor: Descriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    throwIfAborted(options.signal);
    const path = this.pathOf(descriptor.digest);
    const file = await openRegularFile(path);
    if (file === undefined) throw this.#notFound(descriptor);
    try {
      checkSize(descriptor, (await file.stat()).size);
      for await (const chunk of verified(descriptor, chunksOf(file, path, descriptor.size))) {
        throwIfAborted(options.signal);
        yield chunk;
      }
    } finally {
      await file.close();
    }
  }

  /**
   * Takes content in, checked as it passes. Writers of the same digest do not meet: each has its own temporary file, and
   * the last one replaces equal bytes.
   * @throws OciError SIZE_MISMATCH, DIGEST_MISMATCH, FILE_NOT_WRITABLE, CANCELLED, and what the source throws
   */
  async ingest(descriptor: Descriptor, source: ContentSource, options: IngestOptions = {}): Promise<void> {
    const { signal } = options;
    const path = this.pathOf(descriptor.digest);
    await writing(path, async () => {
      const made = await mkdir(dirname(path), { recursive: true });
      if (made !== undefined) await syncFolder(dirname(made));
    });
    // What dead processes left behind must not keep a living one from its work.
    this.#swept ??= sweepTemporaryFiles(this.#root).catch(() => {});
    await this.#swept;
    const write = async (append: Append): Promise<void> => {
      throwIfAborted(signal);
      for await (const chunk of verified(descriptor, source())) {
        throwIfAborted(signal);
        await append(chunk);
      }
      throwIfAborted(signal);
    };
    await publishFile(this.#root, path, write, options);
  }

  #notFound(descriptor: Descriptor): OciError<'NOT_FOUND'> {
    const kind = isManifestDescriptor(descriptor) ? 'manifest' : 'blob';
    const what = `${descriptor.digest} in ${this.#root}`;
    return new OciError('NOT_FOUND', `no ${kind} ${what}`, { kind, what });
  }
}

async function* chunksOf(file: FileHandle, path: string, size: number): AsyncGenerator<Uint8Array> {
  // One byte more than announced, so that a small blob ends in one read and one that has grown is noticed.
  const length = Math.min(READ_SIZE, size + 1);
  for (;;) {
    const chunk = await reading(path, () => file.read(Buffer.allocUnsafe(length)));
    if (chunk === undefined || chunk.bytesRead === 0) return;
    yield chunk.buffer.subarray(0, chunk.bytesRead);
  }
}
