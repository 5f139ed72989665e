/** Globs (see `compileGlob`), as in the settings `floeOci.tags.immutablePatterns` and `floeOci.tags.mutablePatterns`. */
export interface TagPatterns {
  /** More tags to treat as versions are treated, such as `release-*`. Versions themselves need no pattern. */
  readonly immutable: readonly string[];
  readonly mutable: readonly string[];
}

/** floe's own. `dev1`, `developer` and `latest2` are not meant, so the dash is part of each pattern. */
export const DEFAULT_TAG_PATTERNS: TagPatterns = {
  immutable: [],
  mutable: ['latest', 'latest-*', 'dev', 'dev-*', 'snapshot', 'snapshot-*'],
};
