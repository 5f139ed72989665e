import type { CallOptions, ReadableStore } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { isOciError, type OciErrorCode } from '../errors.ts';
import { type Descriptor, isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { edgesOf, parseManifest } from '../spec/manifest.ts';
import type { VerifiedContent } from '../spec/verifiedContent.ts';

/** What makes a manifest that has a file one that does not exist: it is to be written again. */
const UNUSABLE: ReadonlySet<OciErrorCode> = new Set([
  'DIGEST_MISMATCH',
  'INVALID_MANIFEST',
  'LIMIT_EXCEEDED',
  'NOT_FOUND',
  'SIZE_MISMATCH',
]);

/** Files looked at side by side: as many as Node has threads for them. */
const AT_ONCE = 4;

/** Whether reading a manifest failed in a way that makes it one that does not exist. */
export function isUnusable(error: unknown): boolean {
  return isOciError(error) && UNUSABLE.has(error.code);
}

/**
 * Looks whether content is there with all that it references, `subject` aside. For one question: what it has seen it
 * does not look at again, so that indexes that repeat each other cost no more than their files.
 */
export class Closure {
  readonly #store: ReadableStore;
  readonly #isThere: (blob: Descriptor) => Promise<boolean>;
  readonly #options: CallOptions;
  readonly #seen = new Map<string, Promise<boolean>>();

  /** @param isThere what counts as there, for one file */
  constructor(store: ReadableStore, isThere: (blob: Descriptor) => Promise<boolean>, options: CallOptions) {
    this.#store = store;
    this.#isThere = isThere;
    this.#options = options;
  }

  /** @throws OciError INVALID_LAYOUT, FILE_NOT_READABLE, CANCELLED */
  has(descriptor: Descriptor): Promise<boolean> {
    const key = `${descriptor.digest} ${descriptor.size} ${descriptor.mediaType}`;
    const seen = this.#seen.get(key) ?? this.#look(descriptor);
    this.#seen.set(key, seen);
    return seen;
  }

  /** @throws OciError INVALID_MANIFEST, and what {@link has} throws */
  async missingFrom(content: VerifiedContent<ManifestDescriptor>): Promise<readonly Digest[]> {
    const edges = edgesOf(parseManifest(content)).filter(({ kind }) => kind !== 'subject');
    const missing = new Set<Digest>();
    for (let start = 0; start < edges.length; start += AT_ONCE) {
      const some = edges.slice(start, start + AT_ONCE).map(({ descriptor }) => descriptor);
      for (const [number, answer] of (await Promise.allSettled(some.map((one) => this.has(one)))).entries()) {
        if (answer.status === 'rejected') throw answer.reason;
        if (!answer.value && some[number]) missing.add(some[number].digest);
      }
    }
    return [...missing];
  }

  async #look(descriptor: Descriptor): Promise<boolean> {
    if (!(await this.#isThere(descriptor))) return false;
    if (!isManifestDescriptor(descriptor)) return true;
    try {
      return (await this.missingFrom(await readVerified(this.#store, descriptor, this.#options))).length === 0;
    } catch (error) {
      if (isUnusable(error)) return false;
      throw error;
    }
  }
}
