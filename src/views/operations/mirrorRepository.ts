import { l10n } from 'vscode';
import type { CopiedArtifact } from '../../floe/copyArtifact.ts';
import { compileGlob } from '../../floe/glob.ts';
import { mirrorArtifacts } from '../../floe/mirrorArtifacts.ts';
import { TagPolicy } from '../../floe/tagPolicy.ts';
import type { MirrorResult, ReadableStore } from '../../oci/index.ts';
import type { Address } from '../places.ts';
import type { CopyContentParts } from './copyContent.ts';
import { type CopyCall, openDestination } from './openDestination.ts';

/** Which tags of a repository go where. */
export interface PlannedMirror {
  readonly source: Pick<Address, 'place' | 'repository'>;
  readonly destination: Pick<Address, 'place' | 'repository'>;
  /** A glob; empty: all of them. */
  readonly filter: string;
  /** Whether what refers to them comes along. */
  readonly referrers: boolean;
}

/** What has become of the tags, and what they are in now. */
export interface MirroredRepository extends MirrorResult<CopiedArtifact> {
  readonly store: ReadableStore;
}

/**
 * Copies the tags of a repository to another one. Nothing is removed there, and protected tags are not moved.
 * @throws OciError what fails for all tags alike, and why the first one failed where none was copied
 */
export async function mirrorRepository(
  { clients, settings: { concurrency, tagPatterns } }: CopyContentParts,
  { source, destination, filter, referrers }: PlannedMirror,
  call: CopyCall,
): Promise<MirroredRepository> {
  const { signal, onEvent } = call;
  const from = await source.place.open(source.repository, { signal });
  const store = await openDestination(destination, source.place, call);
  const result = await mirrorArtifacts(from, store, {
    ...(filter !== '' && { filter: compileGlob(filter, l10n.t('the filter')) }),
    signal,
    onEvent,
    concurrency,
    referrers,
    tagPolicy: new TagPolicy(tagPatterns),
    check: clients.for(source).check,
  });
  const [first] = result.failed;
  // Nothing was done: the reason is worth more than a list of failures.
  if (result.copied.length === 0 && first !== undefined) throw first.error;
  return { ...result, store };
}
