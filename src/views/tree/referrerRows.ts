import { REFERRER_KINDS, referrerKindOf } from '../../floe/referrerKind.ts';
import {
  type Digest,
  isOciError,
  type ManifestDescriptor,
  parseTag,
  type ReadableStore,
  type ReferrerLister,
  type Tag,
} from '../../oci/index.ts';
import type { ContentNode, Node, ReferrersNode, RepositoryNode, TagNode } from './node.ts';

/** Cosign's tags for what belongs to a manifest, where it uses no referrers, and what is under them. */
export const COSIGN_TAGS = [
  { suffix: 'sig', artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json' },
  { suffix: 'att', artifactType: 'application/vnd.in-toto+json' },
  { suffix: 'sbom', artifactType: 'application/vnd.dev.cosign.artifact.sbom.v1+json' },
] as const;

/**
 * Rows for what refers to a manifest, one for each kind. When it cannot be listed, that is a row of its own: what the
 * manifest consists of is there all the same.
 */
export async function referrerRows(
  parent: TagNode | ContentNode,
  subject: Digest,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly Node[]> {
  const { place, repository, tag } = parent;
  try {
    const store = await place.open(repository, { signal });
    const listed = await Array.fromAsync(store.referrers(subject, { signal }));
    const tagged = await readTagged(store, subject, hiddenTagsOf(parent), signal);
    const byKind = Map.groupBy([...listed, ...tagged], referrerKindOf);
    return REFERRER_KINDS.flatMap((group): ReferrersNode[] => {
      const referrers = byKind.get(group);
      if (referrers === undefined) return [];
      const id = `${parent.id}|${group}`;
      return [{ kind: 'referrers', id, place, repository, tag, group, referrers, subject, parent }];
    });
  } catch (error) {
    if (signal.aborted) throw error;
    return [{ kind: 'error', id: `${parent.id}|referrers|error`, error, parent }];
  }
}

/** The rows below one kind. */
export function referrersOf(parent: ReferrersNode): readonly ContentNode[] {
  const { place, repository, tag, group, referrers, subject: manifest } = parent;
  const common = {
    kind: 'content',
    place,
    repository,
    tag,
    role: 'manifest',
    referrer: group,
    manifest,
    parent,
  } as const;
  return referrers.map((descriptor) => ({ ...common, id: `${parent.id}|${descriptor.digest}`, descriptor }));
}

/** What is under cosign's tags of a manifest, as far as the list of tags has them. */
async function readTagged(
  store: ReadableStore & ReferrerLister,
  subject: Digest,
  hidden: ReadonlySet<Tag>,
  signal: AbortSignal,
): Promise<readonly ManifestDescriptor[]> {
  const found: ManifestDescriptor[] = [];
  for (const { suffix, artifactType } of COSIGN_TAGS) {
    const tag = parseTag(`${subject.replace(':', '-')}.${suffix}`);
    if (!hidden.has(tag)) continue;
    try {
      found.push({ ...(await store.resolve(tag, { signal })), artifactType });
    } catch (error) {
      // It was deleted since the tags were listed.
      if (!isOciError(error, 'NOT_FOUND')) throw error;
    }
  }
  return found;
}

function hiddenTagsOf(node: TagNode | ContentNode | ReferrersNode): ReadonlySet<Tag> {
  const { parent } = node;
  return parent.kind === 'repository'
    ? ((parent as RepositoryNode).listing?.hidden ?? new Set())
    : hiddenTagsOf(parent);
}
