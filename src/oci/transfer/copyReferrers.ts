import { GRAPH_LIMITS } from '../content/graph.ts';
import type { ReadableStore, ReferrerLister, Target } from '../content/store.ts';
import { readVerified } from '../content/verify.ts';
import { OciError } from '../errors.ts';
import { isManifestDescriptor, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { isImageIndex, parseManifest } from '../spec/manifest.ts';
import { isImageIndexMediaType } from '../spec/mediaTypes.ts';
import { type CopyResult, copy } from './copy.ts';
import { ensureListed } from './ensureListed.ts';
import type { TransferListener } from './events.ts';
import { inScope, type ScopeOptions } from './scope.ts';

/** How referrers are copied. */
export interface CopyReferrersOptions extends ScopeOptions {
  readonly onEvent?: TransferListener;
}

/** A referrer, and what its copy has come to. */
export interface CopiedReferrer extends CopyResult {
  /** What it is about. */
  readonly subject: Digest;
}

/**
 * Copies everything that refers to a manifest, to what is below it, and to those referrers: signatures, SBOMs, attestations,
 * and signatures of these. The manifest itself is in the destination already.
 * @returns them in the order of their subjects
 * @throws OciError LIMIT_EXCEEDED for chains or numbers of them that nobody makes in good faith, and what `copy` throws
 */
export function copyReferrers(
  source: ReadableStore & ReferrerLister,
  root: ManifestDescriptor,
  destination: Target & ReferrerLister,
  options: CopyReferrersOptions = {},
): Promise<readonly CopiedReferrer[]> {
  return inScope(options, async ({ signal, run, all }) => {
    const { concurrency, onEvent } = options;
    const how = { signal, ...(concurrency !== undefined && { concurrency }), ...(onEvent && { onEvent }) };
    const seen = new Set<Digest>([root.digest]);
    const copied: CopiedReferrer[] = [];
    let subjects: readonly ManifestDescriptor[] = [root];
    for (let depth = 0; subjects.length > 0; depth++) {
      check('referrers of referrers', depth, GRAPH_LIMITS.depth);
      const below = await all(subjects.map((each) => run(() => manifestsBelow(source, each, seen, signal))));
      const asked = [...subjects, ...below.flat()];
      const lists = await all(
        asked.map(({ digest }) => run(() => Array.fromAsync(source.referrers(digest, { signal })))),
      );
      const found = lists.flatMap((list, at) =>
        list.filter(({ digest }) => isNew(seen, digest)).map((referrer) => ({ referrer, subject: asked[at]?.digest })),
      );
      check('referrers', seen.size, GRAPH_LIMITS.nodes);
      const results = await all(
        found.map(({ referrer, subject = root.digest }) =>
          run(async () => {
            const result = await copy(source, referrer.digest, destination, how);
            if (result.outcome === 'existed') await ensureListed(destination, referrer, subject, { signal });
            return { ...result, subject };
          }),
        ),
      );
      copied.push(...results);
      subjects = found.map(({ referrer }) => referrer);
    }
    return copied;
  });
}

/** The manifests of an index and of those nested in it, which may be signed on their own. */
async function manifestsBelow(
  source: ReadableStore,
  { digest, size, mediaType }: ManifestDescriptor,
  seen: Set<Digest>,
  signal: AbortSignal,
): Promise<readonly ManifestDescriptor[]> {
  if (!isImageIndexMediaType(mediaType)) return [];
  const manifest = parseManifest(await readVerified(source, { digest, size, mediaType }, { signal }));
  if (!isImageIndex(manifest)) return [];
  const children = manifest.manifests.filter(isManifestDescriptor).filter((child) => isNew(seen, child.digest));
  check('manifests below one index', seen.size, GRAPH_LIMITS.nodes);
  const nested: ManifestDescriptor[] = [];
  for (const child of children) nested.push(child, ...(await manifestsBelow(source, child, seen, signal)));
  return nested;
}

function isNew(seen: Set<Digest>, digest: Digest): boolean {
  return !seen.has(digest) && seen.add(digest) !== undefined;
}

function check(what: string, actual: number, limit: number): void {
  if (actual > limit) throw new OciError('LIMIT_EXCEEDED', `more than ${limit} ${what}`, { what, limit });
}
