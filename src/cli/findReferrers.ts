import {
  Annotation,
  type Digest,
  isOciError,
  type ManifestDescriptor,
  type Reference,
  type ReferrersOptions,
  type Repository,
} from '../oci/index.ts';
import { versionOf } from './references.ts';

/** A manifest, and what refers to it. */
export interface FoundReferrers {
  /** Its digest alone, when it is gone and only what referred to it is there. */
  readonly subject: ManifestDescriptor | { readonly digest: Digest };
  readonly referrers: readonly ManifestDescriptor[];
}

/**
 * What refers to the manifest that is named.
 * @throws OciError NOT_FOUND when neither the manifest nor anything that refers to it is there
 */
export async function findReferrers(
  store: Repository,
  reference: Reference,
  { artifactType, ...call }: ReferrersOptions,
): Promise<FoundReferrers> {
  const { digest } = reference;
  const version = versionOf(reference);
  const type = artifactType === undefined ? {} : { artifactType };
  const list = (of: Digest) => Array.fromAsync(store.referrers(of, { ...call, ...type }));
  try {
    const subject = await store.resolve(version, call);
    return { subject, referrers: await list(subject.digest) };
  } catch (error) {
    if (digest === undefined || !isOciError(error, 'NOT_FOUND')) throw error;
    const referrers = await list(digest);
    if (referrers.length === 0) throw error;
    return { subject: { digest }, referrers };
  }
}

/** Head and rows; a dash stands for what nobody says. */
export function referrerTable(
  referrers: readonly ManifestDescriptor[],
): [head: readonly string[], rows: readonly (readonly string[])[]] {
  const rows = referrers.map(({ artifactType, digest, annotations = {} }) => [
    artifactType ?? '-',
    digest,
    annotations[Annotation.created] ?? '-',
  ]);
  return [['ARTIFACT TYPE', 'DIGEST', 'CREATED'], rows];
}
