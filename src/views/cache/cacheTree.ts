import type { TreeItem } from 'vscode';
import type { Cache, CachedReference } from '../../oci/index.ts';
import type { Caches } from '../caches.ts';
import type { RowSource } from '../lazyTree.ts';
import { itemOfRow } from '../tree/itemOfRow.ts';
import { type CacheNode, nestReferences } from './cacheNode.ts';
import { drawCacheNode } from './cacheRows.ts';

/** What the view is to say of the caches besides its rows. */
export interface CacheOverview {
  readonly state: 'disabled' | 'unusable' | 'empty' | 'filled';
  /** Bytes, each file once. */
  readonly totalSizeBytes: number;
  /** Bytes; 0 when there is no cache. */
  readonly maxSizeBytes: number;
  /** What is wrong with a folder; undefined when nothing is. */
  readonly problem: { readonly path: string; readonly error: unknown } | undefined;
}

interface CacheTreeOptions {
  readonly caches: Pick<Caches, 'all' | 'for' | 'problemOf'>;
  /** Told each time the caches have been looked at. */
  readonly onLook: (overview: CacheOverview) => void;
  readonly logError: (action: string, error: unknown) => void;
}

/** What is in the caches of this window, looked at anew each time the view asks. */
export class CacheTree implements RowSource<CacheNode> {
  readonly #options: CacheTreeOptions;

  constructor(options: CacheTreeOptions) {
    this.#options = options;
  }

  async children(node?: CacheNode): Promise<readonly CacheNode[]> {
    if (node !== undefined) return node.row === 'repository' ? node.references : [];
    const { caches, onLook } = this.#options;
    const looks = await Promise.all(caches.all.map((cache) => this.#look(cache)));
    const references = looks.flatMap((look) => look.references);
    const problem = looks.find((look) => look.problem !== undefined)?.problem;
    const isEmpty = references.length === 0;
    const state = looks.length === 0 ? 'disabled' : !isEmpty ? 'filled' : problem ? 'unusable' : 'empty';
    onLook({
      state,
      totalSizeBytes: looks.reduce((sum, look) => sum + look.totalSizeBytes, 0),
      maxSizeBytes: caches.all.reduce((sum, cache) => sum + cache.maxSizeBytes, 0),
      problem,
    });
    return nestReferences(references);
  }

  item(node: CacheNode): TreeItem {
    return itemOfRow(node.id, drawCacheNode(node, Date.now()));
  }

  parent(): undefined {
    return undefined;
  }

  /** A registry may have a cache of its own in the same folder, which keeps its tags for longer or shorter. */
  async #listOf(cache: Cache): Promise<readonly CachedReference[]> {
    const ownerOf = ({ registry }: CachedReference): Cache => {
      const own = this.#options.caches.for(registry);
      return own?.path === cache.path ? own : cache;
    };
    const all = await cache.list();
    const lists = [...new Set(all.map(ownerOf))].map(async (owner) => {
      const list = owner === cache ? all : await owner.list();
      return list.filter((reference) => ownerOf(reference) === owner);
    });
    return (await Promise.all(lists)).flat();
  }

  async #look(cache: Cache): Promise<{
    references: readonly CachedReference[];
    totalSizeBytes: number;
    problem: CacheOverview['problem'];
  }> {
    const { path } = cache;
    try {
      const { totalSizeBytes } = await cache.status();
      const error = this.#options.caches.problemOf(path);
      const problem = error === undefined ? undefined : { path, error };
      return { references: await this.#listOf(cache), totalSizeBytes, problem };
    } catch (error) {
      this.#options.logError(`Reading the cache in ${path}`, error);
      return { references: [], totalSizeBytes: 0, problem: { path, error } };
    }
  }
}
