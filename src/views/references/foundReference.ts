import {
  formatReference,
  isDigest,
  isOciError,
  isTag,
  parseRegistryReference,
  type RegistryReference,
} from '../../oci/index.ts';

/** A reference in a text, and where it stands in it, in UTF-16 units. */
export interface FoundReference {
  readonly start: number;
  readonly end: number;
  readonly reference: RegistryReference;
}

/**
 * What a text means as a reference of a registry that it names; undefined when it means something else, or a template
 * is in it.
 */
export function referenceIn(text: string): RegistryReference | undefined {
  if (/[{}$\s]/.test(text)) return undefined;
  try {
    return parseRegistryReference(text);
  } catch (error) {
    if (isOciError(error)) return undefined;
    throw error;
  }
}

/** The same reference with a tag or a digest that stands beside it; a version that is no tag is left out. */
export function withVersion(reference: RegistryReference, version: string | undefined): RegistryReference {
  if (version === undefined || reference.tag !== undefined || reference.digest !== undefined) return reference;
  if (isDigest(version)) return { ...reference, digest: version };
  return isTag(version) ? { ...reference, tag: version } : reference;
}

/** As commands take it. */
export function writtenReference({ reference }: FoundReference): string {
  return formatReference(reference);
}
