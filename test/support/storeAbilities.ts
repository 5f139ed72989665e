/** In what stores may differ. */
export interface StoreAbilities {
  /** Takes content named by a sha512 digest. */
  readonly sha512: boolean;
  /** Refuses a manifest whose content it lacks, with MISSING_REFERENCE. */
  readonly enforcesClosure: boolean;
  /** Tells content without tags from no content: where it does not, the tags of either are NOT_FOUND. Default true. */
  readonly listsNoTags?: boolean;
  /** Minds that a tag is expected to name nothing, in the very step that writes it. Default true. */
  readonly mindsExpectedTags?: boolean;
}

/** In what stores that delete may differ. */
export interface DeletionAbilities {
  /** Takes a tag away without its manifest; otherwise UNSUPPORTED, and nothing changes. */
  readonly untags: boolean;
  /** Removes manifests; otherwise UNSUPPORTED, and nothing changes. */
  readonly deletes: boolean;
}
