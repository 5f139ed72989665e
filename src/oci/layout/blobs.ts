import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWrongContent } from '../content/reread.ts';
import type { CallOptions, ContentSource } from '../content/store.ts';
import { skip, verified } from '../content/verify.ts';
import { isOciError, OciError, throwIfAborted } from '../errors.ts';
import { reading } from '../files/fileErrors.ts';
import { makeFolder } from '../files/folder.ts';
import { readPieces } from '../files/readPieces.ts';
import { resumedFile } from '../files/resumedFile.ts';
import { FolderSyncs } from '../files/syncFolder.ts';
import { type Append, type PublishOptions, publishFile, sweepTemporaryFiles } from '../files/temporaryFile.ts';
import { giveBack } from '../lending.ts';
import { type Descriptor, isManifestDescriptor } from '../spec/descriptor.ts';
import { algorithmOf, type Digest, encodedOf } from '../spec/digest.ts';
import { checkSize } from '../spec/verifiedContent.ts';
import { openRegularFile, settledVersionOf, statRegularFile } from './regularFile.ts';

/** How a blob is taken into a layout; see {@link PublishOptions}. */
export interface IngestOptions extends CallOptions, Pick<PublishOptions, 'opened' | 'written' | 'durable'> {}

/**
 * The immutable half of a layout: `blobs/<algorithm>/<encoded>`. It needs no lock, because the name says what the
 * content is, and files appear whole.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs
 */
export class Blobs {
  readonly #root: string;
  #swept: Promise<unknown> | undefined;
  /** Of many small blobs that come at once, the names become durable together. */
  readonly #syncs = new FolderSyncs();
  /** Files whose bytes were found right, and the state they were in then. */
  readonly #intact = new Map<Digest, string>();

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
   * Whether there is a file of this name that has the right bytes. They are all read, once for each state of the file.
   * @throws OciError INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED
   */
  async holds(descriptor: Descriptor, options: CallOptions = {}): Promise<boolean> {
    const { digest, size } = descriptor;
    const stats = await statRegularFile(this.pathOf(digest));
    if (stats?.size !== size) return false;
    const version = settledVersionOf(stats);
    if (version !== undefined && this.#intact.get(digest) === version) return true;
    try {
      for await (const chunk of this.read(descriptor, options)) giveBack(chunk);
    } catch (error) {
      if (isWrongContent(error) || isOciError(error, 'NOT_FOUND')) return false;
      throw error;
    }
    if (version !== undefined) this.#intact.set(digest, version);
    return true;
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
  read(descriptor: Descriptor, options: CallOptions = {}): AsyncGenerator<Uint8Array> {
    return verified(descriptor, this.readAfter(descriptor, 0, options));
  }

  /**
   * Streams a blob without its first bytes; only its size is checked.
   * @throws OciError NOT_FOUND, SIZE_MISMATCH, INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED
   */
  async *readAfter(descriptor: Descriptor, offset: number, { signal }: CallOptions = {}): AsyncGenerator<Uint8Array> {
    throwIfAborted(signal);
    const path = this.pathOf(descriptor.digest);
    const file = await openRegularFile(path);
    if (file === undefined) throw this.#notFound(descriptor);
    try {
      const stats = await reading(path, () => file.stat());
      if (stats === undefined) throw this.#notFound(descriptor);
      checkSize(descriptor, stats.size);
      for await (const chunk of readPieces(file, path, descriptor.size, offset)) {
        throwIfAborted(signal);
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
    await makeFolder(dirname(path), { durable: true });
    // What dead processes left behind must not keep a living one from its work.
    this.#swept ??= sweepTemporaryFiles(this.#root).catch(() => {});
    await this.#swept;
    const content = { encoded: encodedOf(descriptor.digest), size: descriptor.size };
    const begun = await resumedFile(this.#root, content, source, isWorthKeeping);
    const write = async (append: Append): Promise<void> => {
      throwIfAborted(signal);
      for await (const chunk of skip(begun.size, verified(descriptor, begun.content()))) {
        throwIfAborted(signal);
        await append(chunk);
      }
      throwIfAborted(signal);
    };
    const syncFolder = (folder: string): Promise<void> => this.#syncs.sync(folder);
    await publishFile(this.#root, path, write, { ...options, ...begun.stage, syncFolder });
  }

  /** Frees the space of a blob, if it can: one that nobody needs does no harm where it stays. */
  async remove(digest: Digest): Promise<void> {
    await rm(this.pathOf(digest), { force: true }).catch(() => {});
  }

  #notFound(descriptor: Descriptor): OciError<'NOT_FOUND'> {
    const kind = isManifestDescriptor(descriptor) ? 'manifest' : 'blob';
    const what = `${descriptor.digest} in ${this.#root}`;
    return new OciError('NOT_FOUND', `no ${kind} ${what}`, { kind, what });
  }
}

/** Bytes that proved wrong are not, and a file that could not be written may lack some of what was counted. */
function isWorthKeeping(error: unknown): boolean {
  return !isWrongContent(error) && !isOciError(error, 'FILE_NOT_WRITABLE');
}
