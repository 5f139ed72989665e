import {
  isReferrersTag,
  type ManifestDescriptor,
  type MirrorResult,
  mirror,
  type ReadableStore,
  type ReferrerLister,
  SharedWrites,
  type Tag,
  type TagLister,
  type Target,
} from '../oci/index.ts';
import { type CopiedArtifact, type CopyArtifactOptions, copyArtifact } from './copyArtifact.ts';
import { referenceIn } from './inspectArtifact.ts';
import type { CheckSignature } from './signatureGate.ts';

/** Which tags are mirrored, and how. */
export interface MirrorArtifactsOptions extends Omit<CopyArtifactOptions, 'tag'> {
  /** Which tags; default: all. */
  readonly filter?: (tag: Tag) => boolean;
  /** The one tag to copy; default: all that match. */
  readonly only?: Tag;
  /** Asked of every artifact before it is copied; throws where it must not be used. */
  readonly check?: CheckSignature | undefined;
}

/**
 * Copies the tags of one repository to another, and what they name. Protected tags are never moved, nothing is removed, and
 * a tag that fails keeps no other from being copied. The tags under which a list of referrers is kept are passed over:
 * they are not artifacts, and with `referrers` the destination makes its own lists in its own way.
 * @throws OciError what `mirror` throws
 */
export async function mirrorArtifacts(
  source: ReadableStore & TagLister & ReferrerLister,
  destination: Target & ReferrerLister,
  { filter = () => true, only, check, ...options }: MirrorArtifactsOptions = {},
): Promise<MirrorResult<CopiedArtifact>> {
  const call = options.signal ? { signal: options.signal } : {};
  const shared = new SharedWrites(destination);
  const copyTag = async (tag: Tag): Promise<CopiedArtifact> => {
    const descriptor: ManifestDescriptor = await source.resolve(tag, call);
    await check?.(referenceIn(source, tag), descriptor, source, call);
    return copyArtifact(source, descriptor, shared, { ...options, tag });
  };
  return mirror(only === undefined ? source : { tags: () => tagsOf(only) }, copyTag, {
    ...options,
    filter: (tag) => filter(tag) && (only !== undefined || !isReferrersTag(tag)),
  });
}

async function* tagsOf(only: Tag): AsyncGenerator<Tag> {
  yield only;
}
