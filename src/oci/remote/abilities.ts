/** What a registry was found to take and to refuse, by which requests are chosen; what is not known is left out. */
export interface Abilities {
  /** The API for referrers. Where it is known to be missing, the tags that stand in for it are read at once. */
  readonly referrersApi?: boolean;
  /** Blobs are mounted from other repositories. False where the request itself is refused: it is no longer made. */
  readonly mount?: boolean;
  /** Blobs in several requests. */
  readonly chunkedUploads?: boolean;
  /** Large blobs in one request; false behind a proxy that refuses them. */
  readonly wholeUploads?: boolean;
  /** `If-Match` and `If-None-Match` of a PUT are minded; false where they are refused. */
  readonly conditionalWrites?: boolean;
  /** Lists are given in pages of a thousand; false where that is refused, and the registry chooses. */
  readonly pageSizes?: boolean;
}

/** What is known of one registry, wherever it is kept. */
export interface KnownAbilities {
  readonly current: Abilities;
  /** Adds what has shown; what shows otherwise later counts. */
  learn(news: Abilities): void;
}

/** Known to one client alone. */
export function ownAbilities(): KnownAbilities {
  let current: Abilities = {};
  return {
    get current() {
      return current;
    },
    learn: (news) => {
      current = { ...current, ...news };
    },
  };
}
