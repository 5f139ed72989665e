import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { isOciError, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import { reading } from './fileErrors.ts';
import { IndexFile } from './indexFile.ts';
import type { LayoutStore } from './layoutStore.ts';
import { sweepTemporaryFiles } from './temporaryFile.ts';

/** A blob that nothing listed in `index.json` references. */
export interface Orphan {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export interface Collection {
  /** In lexical order of their digests. */
  readonly orphans: readonly Orphan[];
  /** Paths of the temporary files of dead processes, which are gone now. */
  readonly temporaryFiles: readonly string[];
}

export interface CollectOptions extends CallOptions {
  /** Milliseconds; a younger blob is no orphan, since the push that it belongs to may not have ended. Default one day. */
  readonly minAge?: number;
}

const DAY = 86_400_000;

/**
 * Mark and sweep: finds the blobs that nothing needs any more, and removes what dead processes left half-written.
 *
 * 1. Look which blobs there are. Before marking, so that one which is listed meanwhile is marked.
 * 2. Mark what `index.json` lists, and everything below it; a subject too, where it is there.
 * 3. What is there, old enough and not marked, is an orphan. Orphans are named, not removed.
 * 4. Remove temporary files that nobody is writing.
 * @throws OciError INVALID_MANIFEST, DIGEST_MISMATCH, SIZE_MISMATCH, LIMIT_EXCEEDED when something listed cannot be read, so
 * that nobody knows what it needs; INVALID_LAYOUT, FILE_NOT_READABLE, FILE_NOT_WRITABLE, CANCELLED
 */
export async function collect(store: LayoutStore, options: CollectOptions = {}): Promise<Collection> {
  const { minAge = DAY, signal } = options;
  const call: CallOptions = signal ? { signal } : {};
  const present = await blobsOf(store.path, Date.now() - minAge);
  const marked = await mark(store, call);
  return {
    orphans: present.filter(({ digest }) => !marked.has(digest)),
    temporaryFiles: await sweepTemporaryFiles(store.path),
  };
}

async function blobsOf(root: string, before: number): Promise<readonly Orphan[]> {
  const found: Orphan[] = [];
  for (const algorithm of ['sha256', 'sha512']) {
    const folder = join(root, 'blobs', algorithm);
    const names = (await reading(folder, () => readdir(folder))) ?? [];
    for (const name of names.sort()) {
      const digest = `${algorithm}:${name}`;
      const stats = await reading(join(folder, name), () => lstat(join(folder, name)));
      if (isDigest(digest) && stats?.isFile() && stats.mtimeMs <= before) found.push({ digest, size: stats.size });
    }
  }
  return found;
}

async function mark(store: LayoutStore, options: CallOptions): Promise<ReadonlySet<Digest>> {
  const marked = new Set<Digest>();
  const read = new Set<string>();
  const ahead: Descriptor[] = [...(await new IndexFile(store.path).read(options)).manifests];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    throwIfAborted(options.signal);
    marked.add(next.digest);
    const key = `${next.digest} ${next.mediaType}`;
    if (!isManifestDescriptor(next) || read.has(key)) continue;
    read.add(key);
    ahead.push(...(await referencesOf(store, next, options)));
  }
  return marked;
}

/** None when the manifest is not there: a layout may lack content, and a subject need not exist. */
async function referencesOf(
  store: LayoutStore,
  descriptor: ManifestDescriptor,
  options: CallOptions,
): Promise<readonly Descriptor[]> {
  try {
    return edgesOf(parseManifest(await readVerified(store, descriptor, options))).map((edge) => edge.descriptor);
  } catch (error) {
    if (isOciError(error, 'NOT_FOUND')) return [];
    throw error;
  }
}
