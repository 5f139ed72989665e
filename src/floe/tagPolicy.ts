import { compileGlob } from './glob.ts';

/**
 * What a tag promises.
 *
 *     semver    v1.2.0, 1.2.0-rc.1    protected on push    never expires in the cache
 *     mutable   latest, dev-x         may be overwritten   expires
 *     other     main, prod, v1        protected on push    expires
 */
export type TagClass = 'semver' | 'mutable' | 'other';

/** Globs (see `compileGlob`), as in the settings `floeOci.tags.immutablePatterns` and `floeOci.tags.mutablePatterns`. */
export interface TagPatterns {
  /** More tags to treat as versions are treated, such as `release-*`. Versions themselves need no pattern. */
  readonly immutable: readonly string[];
  readonly mutable: readonly string[];
}

/** floe's own. `developer` and `latest2` are not meant, so the dash is part of each pattern. */
export const DEFAULT_TAG_PATTERNS: TagPatterns = {
  immutable: [],
  mutable: ['latest', 'latest-*', 'dev', 'dev-*', 'snapshot', 'snapshot-*'],
};

/** Digits may have leading zeros: `2026.04.01` is a version to those who use it. `+` can be classified, though never pushed. */
const VERSION = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/**
 * The fallback tag of a subject's referrers, and cosign's tags for a manifest: machines rewrite them.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
const MACHINE_TAG = /^sha(?:256|512)-[0-9a-f]{64,128}(?:\.(?:sig|att|sbom))?$/;

/** Whether the tag only carries referrers or signatures of another manifest; people are not interested in it. */
export function isMachineTag(tag: string): boolean {
  return MACHINE_TAG.test(tag);
}

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

export const defaultTagPolicy: TagPolicy = new TagPolicy();

/** By the default policy. */
export function classifyTag(tag: string): TagClass {
  return defaultTagPolicy.classify(tag);
}

/** By the default policy. */
export function isProtected(tag: string): boolean {
  return defaultTagPolicy.isProtected(tag);
}

function isVersion(tag: string): boolean {
  return VERSION.test(tag);
}
