import { compileGlob } from './glob.ts';
import { DEFAULT_TAG_PATTERNS, type TagPatterns } from './tagPatterns.ts';
import { isMachineTag, isVersion } from './versionTag.ts';

export { DEFAULT_TAG_PATTERNS, type TagPatterns } from './tagPatterns.ts';

/**
 * What a tag promises.
 *
 *     semver    v1.2.0, 1.2.0-rc.1     protected on push    never expires in the cache
 *     mutable   latest, dev-x          may be overwritten   expires
 *     other     main, prod, v1, dev1   protected on push    expires
 */
export type TagClass = 'semver' | 'mutable' | 'other';

/** The one classifier of tags: for push, for the cache and for what the user sees. */
export class TagPolicy {
  readonly #immutable: readonly ((tag: string) => boolean)[];
  readonly #mutable: readonly ((tag: string) => boolean)[];

  /** @throws OciError INVALID_ARGUMENT naming the setting */
  constructor({ immutable, mutable }: TagPatterns = DEFAULT_TAG_PATTERNS) {
    this.#immutable = immutable.map((pattern) => compileGlob(pattern, 'floeOci.tags.immutablePatterns'));
    this.#mutable = mutable.map((pattern) => compileGlob(pattern, 'floeOci.tags.mutablePatterns'));
  }

  /** Machine tags first, then versions and the immutable patterns, then the mutable ones: what is both is a version. */
  classify(tag: string): TagClass {
    if (isMachineTag(tag)) return 'mutable';
    if (isVersion(tag) || this.#immutable.some((matches) => matches(tag))) return 'semver';
    return this.#mutable.some((matches) => matches(tag)) ? 'mutable' : 'other';
  }

  /** Whether a push must not move the tag to another manifest. */
  isProtected(tag: string): boolean {
    return this.classify(tag) !== 'mutable';
  }
}

/** floe's own rule, without settings. */
export const defaultTagPolicy: TagPolicy = new TagPolicy();

/** By the default policy. */
export function classifyTag(tag: string): TagClass {
  return defaultTagPolicy.classify(tag);
}

/** By the default policy. */
export function isProtected(tag: string): boolean {
  return defaultTagPolicy.isProtected(tag);
}
