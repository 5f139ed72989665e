import { readFileSync, type Stats } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CallOptions } from '../content/store.ts';
import { reading, writing } from '../files/fileErrors.ts';
import { publishFile } from '../files/temporaryFile.ts';
import { invalidLayout } from '../layout/invalidLayout.ts';
import { readRegularFile } from '../layout/regularFile.ts';
import type { Digest } from '../spec/digest.ts';
import { type CacheKey, fileNameOf, nameOf } from './cacheKey.ts';
import type { Endorsement } from './endorsement.ts';
import { REFERENCES } from './format.ts';
import { inSlices, lookAt } from './inSlices.ts';
import { markUsed } from './markUsed.ts';
import { inRecordTurn } from './recordTurn.ts';
import { formatRecord, parseRecord, type ReferenceRecord } from './referenceRecord.ts';

/** Bytes. A repository name has at most 255 characters, a tag 128; the rest is short. */
const MAX_RECORD_SIZE = 16 * 1024;

/** Milliseconds; fine enough to tell what was used least recently, for a cache that holds days. */
const TOUCHED_EVERY = 60 * 60_000;

/** A record of the cache, as it was found on disk. */
export interface FoundRecord {
  readonly record: ReferenceRecord;
  /** Bytes of its file. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** All records of a cache. */
export interface FoundRecords {
  readonly found: readonly FoundRecord[];
  /** Paths of what is no record. */
  readonly invalid: readonly string[];
}

/**
 * The reference records, one small file each, named by what it is about: to look one up is to open one file, however many
 * there are. They are replaced whole, so that readers need no lock; the time of last change of a file is when it was last used.
 */
export class Records {
  /** Folder of the records. */
  readonly path: string;
  readonly #root: string;

  /** @param root folder of the cache */
  constructor(root: string) {
    this.#root = root;
    this.path = join(root, REFERENCES);
  }

  pathOf(key: CacheKey): string {
    return join(this.path, fileNameOf(nameOf(key)));
  }

  /**
   * Undefined when there is none.
   * @throws OciError INVALID_LAYOUT, LIMIT_EXCEEDED when the file is no record of this key; FILE_NOT_READABLE
   */
  async read(key: CacheKey): Promise<ReferenceRecord | undefined> {
    const path = this.pathOf(key);
    const bytes = await readRegularFile(path, MAX_RECORD_SIZE);
    if (bytes === undefined) return undefined;
    const record = parseRecord(bytes, path);
    if (nameOf(record) !== nameOf(key)) throw invalidLayout(path, `is the record of ${nameOf(record)}`);
    return record;
  }

  /**
   * Writes a record, unless another process has asked the registry since. An endorsement stays with the manifest it is about.
   * @param usedAt milliseconds since 1970
   * @throws OciError FILE_NOT_WRITABLE
   */
  async put(record: ReferenceRecord, usedAt: number): Promise<void> {
    await this.#change(record, usedAt, (there) => {
      if (there !== undefined && there.checkedAt > record.checkedAt && there.checkedAt <= usedAt) return undefined;
      const endorsement = there?.descriptor.digest === record.descriptor.digest ? there.endorsement : undefined;
      return { ...(endorsement && { endorsement }), ...record };
    });
  }

  /**
   * Adds an endorsement, unless the record has gone or leads elsewhere by now.
   * @throws OciError FILE_NOT_WRITABLE
   */
  async endorse(key: CacheKey, manifest: Digest, endorsement: Endorsement, usedAt: number): Promise<void> {
    await this.#change(key, usedAt, (there) => {
      if (there?.descriptor.digest !== manifest) return undefined;
      const { by, digest } = there.endorsement ?? {};
      return by === endorsement.by && digest === endorsement.digest ? undefined : { ...there, endorsement };
    });
  }

  /**
   * Notes that a record was used. The file of another user is written anew, once an hour: its time is the other's to set.
   * @param usedAt milliseconds since 1970
   */
  async touch(key: CacheKey, usedAt: number): Promise<void> {
    const path = this.pathOf(key);
    if (await markUsed(path, usedAt)) return;
    const { mtimeMs = usedAt } = lookAt(path) ?? {};
    // Nor does it matter to who reads that it cannot be.
    if (mtimeMs < usedAt - TOUCHED_EVERY) await this.#change(key, usedAt, (there) => there).catch(() => {});
  }

  /** @throws OciError FILE_NOT_WRITABLE */
  async remove(key: CacheKey): Promise<void> {
    const path = this.pathOf(key);
    await writing(path, () => rm(path, { force: true }));
  }

  /**
   * Replaces a record by what `change` makes of the one that is there; undefined: nothing. Nobody's change comes between,
   * so that an older answer never takes the place of a newer one.
   */
  async #change(
    key: CacheKey,
    usedAt: number,
    change: (there: ReferenceRecord | undefined) => ReferenceRecord | undefined,
  ): Promise<void> {
    const path = this.pathOf(key);
    await inRecordTurn(this.#root, basename(path), async (confirm) => {
      const record = change(await this.read(key).catch(() => undefined));
      if (record === undefined) return;
      const bytes = formatRecord(record);
      // Not durable: what a power cut garbles is noticed, and can be fetched again.
      await publishFile(this.#root, path, (append) => append(bytes), { durable: false, confirm });
      await markUsed(path, usedAt);
    });
  }

  /** All there are. @throws OciError FILE_NOT_READABLE, CANCELLED */
  async all(options: CallOptions = {}): Promise<FoundRecords> {
    const found: FoundRecord[] = [];
    const invalid: string[] = [];
    const names = (await reading(this.path, () => readdir(this.path))) ?? [];
    const look = (name: string): void => {
      const path = join(this.path, name);
      const stats = lookAt(path);
      if (stats === undefined) return;
      const record = recordIn(path, stats);
      if (record === undefined) invalid.push(path);
      else found.push({ record, size: stats.size, usedAt: stats.mtimeMs });
    };
    await inSlices(names, look, options);
    return { found, invalid };
  }
}

function recordIn(path: string, stats: Stats): ReferenceRecord | undefined {
  if (!stats.isFile() || stats.size > MAX_RECORD_SIZE) return undefined;
  try {
    const record = parseRecord(readFileSync(path), path);
    return fileNameOf(nameOf(record)) === basename(path) ? record : undefined;
  } catch {
    return undefined;
  }
}
