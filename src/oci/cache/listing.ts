import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import { writing } from '../files/fileErrors.ts';
import { IndexFile } from '../layout/indexFile.ts';
import type { LayoutIndex } from '../layout/layoutIndex.ts';
import { MARKER, openLayout } from '../layout/openLayout.ts';
import { Annotation } from '../spec/annotations.ts';
import type { Descriptor, ManifestDescriptor } from '../spec/descriptor.ts';

/** What `index.json` should say of each name; undefined: nothing. */
export type ListingChanges = ReadonlyMap<string, ManifestDescriptor | undefined>;

/**
 * Milliseconds to wait for other processes. What nobody gets to list is found by us all the same, and listed when the
 * cache is next cleaned; twice as long as a process that was killed while it held the lock can keep it.
 */
const TIMEOUT = 20_000;

/** Milliseconds that whoever is about to end waits for the lock. One that is held by the living is free within a few. */
const PATIENCE = 2000;

/** Milliseconds for which changes are gathered: the list is written whole, which takes a while when it is long. */
const DELAY = 1000;

/** Told of what happens to the list of entries; nothing that was asked for fails by it. */
export interface ListingListener {
  /** Told why a change was lost. */
  readonly onUnlisted: (error: unknown) => void;
  /** Told why the list was made anew. */
  readonly onRelisted: (error: unknown) => void;
}

/**
 * `index.json` of the cache, by which other tools find what is in it. We never read it to find something, so it is
 * written behind the work, and what came up meanwhile is written in one go: it is the only file that is changed under a lock.
 */
export class Listing {
  readonly #root: string;
  readonly #index: IndexFile;
  readonly #listed: () => Promise<ListingChanges>;
  readonly #listener: ListingListener;
  #pending = new Map<string, ManifestDescriptor | undefined>();
  #writing: Promise<void> | undefined;
  #hurry = new AbortController();
  #patience = new AbortController();

  /**
   * @param root folder of the cache
   * @param listed what the list should say when it is made anew
   */
  constructor(root: string, listed: () => Promise<ListingChanges>, listener: ListingListener) {
    this.#root = root;
    this.#index = new IndexFile(root);
    this.#listed = listed;
    this.#listener = listener;
  }

  /** Lists a manifest by this name, or takes the name off the list, soon. */
  set(name: string, manifest: ManifestDescriptor | undefined): void {
    this.#pending.set(name, manifest);
    this.#writing ??= this.#write();
  }

  /**
   * Writes what was asked for now, unless others keep the lock for too long: a process that was killed while it held the
   * lock must not keep the next one from ending.
   */
  async settled(): Promise<void> {
    const written = new AbortController();
    const patience = this.#patience;
    const tooLong = sleep(PATIENCE, undefined, { signal: written.signal });
    tooLong.then(
      () => patience.abort(),
      () => {},
    );
    this.#hurry.abort();
    await this.#writing;
    written.abort();
    this.#hurry = new AbortController();
    this.#patience = new AbortController();
  }

  /**
   * Changes the list now; see `IndexFile.update`. One that was lost, or cannot be read, is made anew first, since nothing is
   * in it that is not elsewhere.
   * @throws OciError as `IndexFile.update` does
   */
  async update(change: (index: LayoutIndex) => LayoutIndex, options: CallOptions = {}): Promise<void> {
    try {
      await this.#change(change, options);
    } catch (error) {
      if (!isOciError(error, 'INVALID_LAYOUT') && !isOciError(error, 'LIMIT_EXCEEDED')) throw error;
      await this.#empty();
      const listed = await this.#listed();
      await this.#change((index) => change(withNames(index, listed)), options);
      this.#listener.onRelisted(error);
    }
  }

  async #change(change: (index: LayoutIndex) => LayoutIndex, options: CallOptions): Promise<void> {
    await openLayout(this.#root, { ...options, create: true });
    await this.#index.update(change, { ...options, timeout: TIMEOUT });
  }

  /** Makes the list anew, with nothing on it. @throws OciError FILE_NOT_WRITABLE, LOCKED, LOCK_LOST */
  async reset(): Promise<void> {
    await this.settled();
    await this.#empty();
  }

  async #empty(): Promise<void> {
    for (const path of [this.#index.path, join(this.#root, MARKER)]) {
      await writing(path, () => rm(path, { force: true, recursive: true }));
    }
    await openLayout(this.#root, { create: true });
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.size > 0) {
        await sleep(DELAY, undefined, { signal: this.#hurry.signal }).catch(() => {});
        const changes = this.#pending;
        this.#pending = new Map();
        await this.update((index) => withNames(index, changes), { signal: this.#patience.signal });
      }
    } catch (error) {
      this.#pending.clear();
      this.#listener.onUnlisted(error);
    } finally {
      this.#writing = undefined;
    }
  }
}

/** The name that the entry of an index has; undefined where it has none. */
export function nameOfEntry(entry: Descriptor): string | undefined {
  return entry.annotations?.[Annotation.refName];
}

/** The same index when there is nothing to change in it. */
export function withNames(index: LayoutIndex, changes: ListingChanges): LayoutIndex {
  const listed = new Map<string, Descriptor>();
  for (const entry of index.manifests) {
    const name = nameOfEntry(entry);
    if (name !== undefined && changes.has(name)) listed.set(name, entry);
  }
  const isUnchanged = [...changes].every(([name, manifest]) => isSame(listed.get(name), manifest));
  if (isUnchanged) return index;
  const others = index.manifests.filter((entry) => !changes.has(nameOfEntry(entry) ?? ''));
  const named = [...changes].flatMap(([name, manifest]) => (manifest === undefined ? [] : [entryFor(manifest, name)]));
  return { ...index, manifests: [...others, ...named] };
}

function entryFor({ mediaType, digest, size }: ManifestDescriptor, name: string): Descriptor {
  return { mediaType, digest, size, annotations: { [Annotation.refName]: name } };
}

function isSame(entry: Descriptor | undefined, manifest: ManifestDescriptor | undefined): boolean {
  return entry?.digest === manifest?.digest && entry?.mediaType === manifest?.mediaType;
}
