import type { CallOptions } from '../content/store.ts';
import { Blobs } from '../layout/blobs.ts';
import { nameOf } from './cacheKey.ts';
import type { Eviction } from './eviction.ts';
import { findCache, isCache, makeCache } from './formatFile.ts';
import { lookAt } from './inSlices.ts';
import { Listing, type ListingChanges, type ListingListener } from './listing.ts';
import { Records } from './records.ts';
import { removeFiles } from './removeFiles.ts';
import { shareFolders } from './sharing.ts';
import { type Survey, survey } from './survey.ts';

/**
 * A cache on disk: an OCI image layout, which may lack content that its manifests name, beside a folder of records.
 *
 *     floe-oci-cache.json            the format
 *     references/<sha256>.json       where a reference led, one file each; used when it was last changed
 *     blobs/<algorithm>/<encoded>    content, shared by all references
 *     oci-layout, index.json         what other tools need to find it
 *
 * Whatever fails is thrown; nothing is made before something is written.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs
 */
export class CacheFolder {
  readonly path: string;
  readonly blobs: Blobs;
  readonly records: Records;
  readonly listing: Listing;
  #isThere = false;
  #isMade = false;

  constructor(path: string, listener: ListingListener) {
    this.path = path;
    this.blobs = new Blobs(path);
    this.records = new Records(path);
    this.listing = new Listing(path, () => this.#listed(), listener);
  }

  /**
   * Whether there is a cache to look into.
   * @throws OciError UNSUPPORTED_VERSION, INVALID_LAYOUT, FILE_NOT_READABLE
   */
  async isThere(): Promise<boolean> {
    this.#isThere ||= await isCache(this.path);
    return this.#isThere;
  }

  /**
   * The same for those who look after the cache: they should know when they are in the wrong place.
   * @throws OciError FOREIGN_FOLDER, and what {@link isThere} throws
   */
  find(): Promise<boolean> {
    return findCache(this.path);
  }

  /**
   * Makes the cache unless it is there, then writes to it.
   * @throws OciError FOREIGN_FOLDER, UNSUPPORTED_VERSION, INVALID_LAYOUT, FILE_NOT_READABLE, FILE_NOT_WRITABLE, and what the step throws
   */
  async write<T>(step: () => Promise<T>): Promise<T> {
    if (!this.#isMade) {
      await makeCache(this.path);
      await shareFolders(this.path);
    }
    this.#isMade = true;
    try {
      return await step();
    } catch (error) {
      // Somebody may have removed the folder.
      this.#isMade = false;
      throw error;
    }
  }

  /** @throws OciError FILE_NOT_READABLE, CANCELLED, and what {@link isThere} throws */
  async survey(options: CallOptions = {}): Promise<Survey> {
    return survey(this, options);
  }

  /** Records go first, so that none is left that leads nowhere. @throws OciError FILE_NOT_WRITABLE */
  async remove({ entries, blobs }: Pick<Eviction, 'entries' | 'blobs'>): Promise<void> {
    const paths = [
      ...entries.map(({ record }) => this.records.pathOf(record)),
      ...blobs.map(({ digest }) => this.blobs.pathOf(digest)),
    ];
    await removeFiles(this.path, paths);
    for (const { record } of entries) this.listing.set(nameOf(record), undefined);
  }

  /** What `index.json` should say, by what is there. */
  async #listed(): Promise<ListingChanges> {
    const { found } = await this.records.all();
    const isThere = found.filter(({ record }) => lookAt(this.blobs.pathOf(record.descriptor.digest)) !== undefined);
    return new Map(isThere.map(({ record }) => [nameOf(record), record.descriptor]));
  }
}
