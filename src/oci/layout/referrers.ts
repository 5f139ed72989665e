import { LRUCache } from 'lru-cache';
import { GRAPH_LIMITS } from '../content/graph.ts';
import type { CallOptions, ReadableStore, ReferrersOptions } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { OciError, throwIfAborted } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import { describeReferrer } from '../spec/referrer.ts';
import { isUnusable } from './closure.ts';
import type { IndexFile } from './indexFile.ts';

/** What has to be known of a manifest to find out who refers to what. */
interface Node {
  readonly referrer: ManifestDescriptor;
  readonly subject: Digest | undefined;
  /** Manifests that it references, its subject among them. */
  readonly below: readonly ManifestDescriptor[];
}

/** Bytes of manifests whose nodes are remembered: some ten thousand ordinary ones. */
const REMEMBERED_BYTES = 16 * 1024 * 1024;

/**
 * Who refers to what in a layout, by looking at all that `index.json` lists and at what is below it: the specification
 * has no list of referrers for layouts. An index under a referrers tag, as other tools write it, is below like any index.
 *
 * A manifest that cannot be used does not exist, so it refers to nothing. Manifests never change: each is read once.
 */
export class Referrers {
  readonly #store: ReadableStore;
  readonly #index: IndexFile;
  readonly #nodes = new LRUCache<string, Node>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: ({ referrer }) => Math.max(1, referrer.size),
  });

  constructor(store: ReadableStore, index: IndexFile) {
    this.#store = store;
    this.#index = index;
  }

  /** @throws OciError LIMIT_EXCEEDED, INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED */
  async *list(subject: Digest, options: ReferrersOptions = {}): AsyncGenerator<ManifestDescriptor> {
    const { artifactType, ...call } = options;
    for await (const node of this.#walk(call)) {
      if (node.subject !== subject) continue;
      if (artifactType === undefined || node.referrer.artifactType === artifactType) yield node.referrer;
    }
  }

  /** The index, listed or below one that is, that has the manifest. @throws as {@link list} */
  async indexOf(manifest: Digest, options: CallOptions = {}): Promise<Digest | undefined> {
    for await (const { referrer, subject, below } of this.#walk(options)) {
      if (below.some(({ digest }) => digest === manifest && digest !== subject)) return referrer.digest;
    }
    return undefined;
  }

  async *#walk(options: CallOptions): AsyncGenerator<Node> {
    const { manifests } = await this.#index.read(options);
    const ahead: Descriptor[] = manifests.toReversed();
    const seen = new Set<string>();
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      throwIfAborted(options.signal);
      const key = `${next.digest} ${next.mediaType}`;
      if (!isManifestDescriptor(next) || seen.has(key)) continue;
      seen.add(key);
      if (seen.size > GRAPH_LIMITS.nodes) throw tooMany(this.#store.name);
      const node = this.#nodes.get(key) ?? (await this.#look(next, options));
      if (node === undefined) continue;
      this.#nodes.set(key, node);
      yield node;
      ahead.push(...node.below.toReversed());
    }
  }

  async #look(descriptor: ManifestDescriptor, options: CallOptions): Promise<Node | undefined> {
    try {
      const manifest = parseManifest(await readVerified(this.#store, descriptor, options));
      const below = edgesOf(manifest).map((edge) => edge.descriptor);
      return {
        referrer: describeReferrer(descriptor, manifest),
        subject: manifest.subject?.digest,
        below: below.filter(isManifestDescriptor),
      };
    } catch (error) {
      if (isUnusable(error)) return undefined;
      throw error;
    }
  }
}

function tooMany(name: string): OciError<'LIMIT_EXCEEDED'> {
  const what = `manifests in ${name} to look through for referrers`;
  return new OciError('LIMIT_EXCEEDED', `more than ${GRAPH_LIMITS.nodes} ${what}`, { what, limit: GRAPH_LIMITS.nodes });
}
