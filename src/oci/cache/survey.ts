import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../content/store.ts';
import { MAX_MANIFEST_SIZE } from '../content/verify.ts';
import { reading } from '../files/fileErrors.ts';
import type { Blobs } from '../layout/blobs.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import { type Digest, isDigest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import { verifyContent } from '../spec/verifiedContent.ts';
import { inSlices, lookAt } from './inSlices.ts';
import type { FoundRecord, Records } from './records.ts';
import type { ReferenceRecord } from './referenceRecord.ts';

/** A file of content. */
export interface SurveyedBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** A reference with what it leads to. */
export interface SurveyedEntry {
  readonly record: ReferenceRecord;
  readonly usedAt: number;
  /** Bytes of the record itself. */
  readonly recordSize: number;
  /** What is there of the manifest and of all below it; each once, the manifest first. */
  readonly blobs: readonly SurveyedBlob[];
  /** Bytes of all that. Blobs that entries share count for each of them. */
  readonly size: number;
}

/** Everything in a cache, as one look at the disk found it. */
export interface Survey {
  readonly entries: readonly SurveyedEntry[];
  readonly blobs: ReadonlyMap<Digest, SurveyedBlob>;
  /** Blobs that no reference leads to. */
  readonly loose: readonly SurveyedBlob[];
  /** Paths of files among the records that are none. */
  readonly invalidRecords: readonly string[];
  /** Bytes of everything, each file once. */
  readonly totalSize: number;
}

/** Of a cache whose folder is not there. */
export const EMPTY_SURVEY: Survey = { entries: [], blobs: new Map(), loose: [], invalidRecords: [], totalSize: 0 };

/** As much of a cache folder as there is to see. */
export interface Surveyed {
  readonly path: string;
  readonly blobs: Blobs;
  readonly records: Records;
}

/** The folders of blobs. */
export const ALGORITHMS = ['sha256', 'sha512'] as const;

/**
 * Looks at everything that is in a cache. Blobs come first: of what is written meanwhile, none is taken for loose.
 * @throws OciError FILE_NOT_READABLE, CANCELLED
 */
export async function survey({ path, blobs, records }: Surveyed, options: CallOptions = {}): Promise<Survey> {
  const present = await blobsIn(path, options);
  const { found, invalid } = await records.all(options);
  const reach = new Reach(blobs, present);
  const entries: SurveyedEntry[] = [];
  const enter = ({ record, usedAt, size }: FoundRecord): void => {
    const below = reach.of(record.descriptor);
    // A manifest that was read by its digest was used, too.
    const lastUse = Math.max(usedAt, below[0]?.usedAt ?? 0);
    entries.push({ record, usedAt: lastUse, recordSize: size, blobs: below, size: size + sizeOf(below) });
  };
  await inSlices(found, enter, options);
  const reached = new Set(entries.flatMap((entry) => entry.blobs));
  return {
    entries,
    blobs: present,
    loose: [...present.values()].filter((blob) => !reached.has(blob)),
    invalidRecords: invalid,
    totalSize: sizeOf([...present.values(), ...found]),
  };
}

async function blobsIn(root: string, options: CallOptions): Promise<ReadonlyMap<Digest, SurveyedBlob>> {
  const blobs = new Map<Digest, SurveyedBlob>();
  for (const algorithm of ALGORITHMS) {
    const folder = join(root, 'blobs', algorithm);
    const names = (await reading(folder, () => readdir(folder))) ?? [];
    const look = (name: string): void => {
      const digest = `${algorithm}:${name}`;
      if (!isDigest(digest)) return;
      const stats = lookAt(join(folder, name));
      if (stats?.isFile()) blobs.set(digest, { digest, size: stats.size, usedAt: stats.mtimeMs });
    };
    await inSlices(names, look, options);
  }
  return blobs;
}

/** What is below manifests, of which each is read once. A manifest that cannot be read has nothing below it. */
class Reach {
  readonly #blobs: Blobs;
  readonly #present: ReadonlyMap<Digest, SurveyedBlob>;
  readonly #known = new Map<string, readonly Descriptor[]>();

  constructor(blobs: Blobs, present: ReadonlyMap<Digest, SurveyedBlob>) {
    this.#blobs = blobs;
    this.#present = present;
  }

  of(root: ManifestDescriptor): readonly SurveyedBlob[] {
    const reached = new Map<Digest, SurveyedBlob>();
    const ahead: Descriptor[] = [root];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      const blob = this.#present.get(next.digest);
      if (blob === undefined || reached.has(next.digest)) continue;
      reached.set(next.digest, blob);
      if (isManifestDescriptor(next)) ahead.push(...this.#below(next));
    }
    return [...reached.values()];
  }

  #below(manifest: ManifestDescriptor): readonly Descriptor[] {
    const key = `${manifest.digest} ${manifest.size} ${manifest.mediaType}`;
    const known = this.#known.get(key) ?? this.#read(manifest);
    this.#known.set(key, known);
    return known;
  }

  #read(manifest: ManifestDescriptor): readonly Descriptor[] {
    if (manifest.size > MAX_MANIFEST_SIZE || this.#present.get(manifest.digest)?.size !== manifest.size) return [];
    try {
      const bytes = readFileSync(this.#blobs.pathOf(manifest.digest));
      const edges = edgesOf(parseManifest(verifyContent(manifest, bytes)));
      return edges.filter(({ kind }) => kind !== 'subject').map(({ descriptor }) => descriptor);
    } catch {
      return [];
    }
  }
}

/** Bytes of these files. */
export function sizeOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
