import { accessSync, closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { algorithmOf, type Digest, digestOf, encodedOf, isDigest } from '../spec/digest.ts';
import type { Tag } from '../spec/tag.ts';
import { type CachePlace, fileNameOf, nameOf } from './cacheKey.ts';
import { FORMAT_FILE, REFERENCES, VERSION } from './format.ts';
import { type Freshness, isExpired } from './freshness.ts';
import { isIntact } from './recordChecksum.ts';

/** What is looked for in a cache without loading more than that takes. */
export interface QuickHitQuery extends CachePlace, Freshness {
  /** Folder of the cache. */
  readonly path: string;
  readonly reference: Tag | Digest;
  /** Who asks; only content that the same reader has endorsed before is found. */
  readonly by: string;
  /** Bytes of the content. */
  readonly maxSize: number;
  /** Whether a record that has expired is good, too. */
  readonly isOffline: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Content that the cache had, and still is what its digest says. */
export interface QuickHit {
  /** Of the manifest that the reference leads to. */
  readonly manifest: Digest;
  readonly digest: Digest;
  /** The content, found right. */
  readonly bytes: Uint8Array;
  /** Milliseconds since the registry said where the reference leads. */
  readonly age: number;
}

const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Bytes. What we write is far smaller, and what is larger is for others to judge. */
const MAX_RECORD_SIZE = 16 * 1024;
const MAX_MANIFEST_SIZE = 1024 * 1024;

/** As `toISOString` writes it, and nothing else that a date may look like. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * What `Cache` would give for an artifact of one layer, for a process that has nothing else to do: it loads next to nothing
 * and waits for nothing. It knows only what is as we write it. Whatever is not, is missing, has expired or is damaged, it
 * leaves to `Cache`, which knows what to do about it, and what to say.
 *
 * A hit is read and hashed whole, as is its manifest, and is noted as used.
 */
export function findQuickHit(query: QuickHitQuery): QuickHit | undefined {
  try {
    return find(query);
  } catch {
    return undefined;
  }
}

function find(query: QuickHitQuery): QuickHit | undefined {
  const { path, by, reference, now, isOffline, maxSize } = query;
  if (objectIn(readSmall(join(path, FORMAT_FILE), MAX_RECORD_SIZE))['version'] !== VERSION) return undefined;
  const recordPath = join(path, REFERENCES, fileNameOf(nameOf(query)));
  const record = objectIn(readSmall(recordPath, MAX_RECORD_SIZE));
  const isAboutIt = (['registry', 'repository', 'reference'] as const).every((name) => record[name] === query[name]);
  const checkedAt = timeIn(record['checkedAt']);
  timeIn(record['fetchedAt']);
  const { mediaType, ...manifest } = describedIn(record['descriptor']);
  const endorsement = objectOf(record['endorsement']);
  if (!isAboutIt || !isIntact(record) || mediaType !== IMAGE_MANIFEST || endorsement['by'] !== by) return undefined;
  if (isDigest(reference) && manifest.digest !== reference) return undefined;
  if (!isOffline && isExpired({ reference, checkedAt }, query, now)) return undefined;

  const manifestPath = blobPath(path, manifest.digest);
  const { layers } = objectIn(readContent(manifestPath, manifest, MAX_MANIFEST_SIZE));
  if (!Array.isArray(layers) || layers.length !== 1) return undefined;
  const layer = describedIn(layers[0]);
  if (layer.digest !== endorsement['digest']) return undefined;
  const layerPath = blobPath(path, layer.digest);
  const bytes = readContent(layerPath, layer, maxSize);
  if (!markUsed(recordPath, now)) return undefined;
  for (const file of [manifestPath, layerPath]) markUsed(file, now);
  return { manifest: manifest.digest, digest: layer.digest, bytes, age: Math.max(0, now - checkedAt) };
}

/** Thrown inside only: the file is not as we write it. */
function unusual(): never {
  throw new Error('unusual');
}

function objectIn(bytes: Buffer): Record<string, unknown> {
  return objectOf(JSON.parse(bytes.toString('utf8')));
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : unusual();
}

function timeIn(value: unknown): number {
  return typeof value === 'string' && TIME.test(value) ? Date.parse(value) : unusual();
}

interface Described {
  readonly mediaType: unknown;
  readonly digest: Digest;
  readonly size: number;
}

function describedIn(value: unknown): Described {
  const { mediaType, digest, size } = objectOf(value);
  if (typeof digest !== 'string' || !isDigest(digest)) return unusual();
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { mediaType, digest, size } : unusual();
}

function blobPath(root: string, digest: Digest): string {
  return join(root, 'blobs', algorithmOf(digest), encodedOf(digest));
}

function readContent(path: string, { digest, size }: Pick<Described, 'digest' | 'size'>, limit: number): Buffer {
  if (size > limit) return unusual();
  const bytes = readSmall(path, size);
  return bytes.length === size && digestOf(bytes, algorithmOf(digest)) === digest ? bytes : unusual();
}

/** Looked at before it is opened, for to open a pipe may take for ever. */
function readSmall(path: string, limit: number): Buffer {
  if (!lstatSync(path).isFile()) return unusual();
  const file = openSync(path, constants.O_RDONLY | NO_FOLLOW);
  try {
    return fstatSync(file).size <= limit ? readFileSync(file) : unusual();
  } finally {
    closeSync(file);
  }
}

/** Milliseconds, as `Records` has it. */
const TOUCHED_EVERY = 60 * 60_000;

/** Whether it is noted, or cannot be by `Cache` either; a record of another user's is for `Records.touch`. */
function markUsed(path: string, usedAt: number): boolean {
  try {
    utimesSync(path, usedAt / 1000, usedAt / 1000);
    return true;
  } catch (error) {
    const isOfAnother = error instanceof Error && 'code' in error && error.code === 'EPERM';
    return !isOfAnother || lstatSync(path).mtimeMs >= usedAt - TOUCHED_EVERY || !isWritable(dirname(path));
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
