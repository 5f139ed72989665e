import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TagLister } from '../../../../src/oci/content/store.ts';
import { LayoutStore } from '../../../../src/oci/layout/layoutStore.ts';
import { type Digest, encodedOf } from '../../../../src/oci/spec/digest.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** An empty layout of this test's own. */
export function newLayout(): Promise<LayoutStore> {
  return LayoutStore.open(temporaryFolder(), { create: true });
}

export interface IndexDocument {
  manifests: { mediaType: string; digest: Digest; size: number; annotations?: Record<string, string> }[];
  [member: string]: unknown;
}

/** What `index.json` says. */
export async function readIndex(store: LayoutStore): Promise<IndexDocument> {
  return JSON.parse(await readFile(join(store.path, 'index.json'), 'utf8'));
}

/** Writes `index.json` as another tool would. */
export async function writeIndex(store: LayoutStore, document: unknown): Promise<void> {
  await writeFile(join(store.path, 'index.json'), JSON.stringify(document));
}

export function blobPath(store: LayoutStore, digest: Digest): string {
  return join(store.path, 'blobs', 'sha256', encodedOf(digest));
}

export async function tagsOf(store: TagLister): Promise<readonly string[]> {
  const tags: string[] = [];
  for await (const tag of store.tags()) tags.push(tag);
  return tags;
}
