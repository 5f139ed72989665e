import { isFloeArtifact } from '../../floe/artifact.ts';
import { cosignTag } from '../../floe/cosignTag.ts';
import { floePromotions, type PromotionReader } from '../../floe/promotionReader.ts';
import { verdictOn } from '../../floe/signatureGate.ts';
import type { SignatureReport, SignatureVerifier } from '../../floe/signatureVerifier.ts';
import {
  type CallOptions,
  type Digest,
  isOciError,
  type Manifest,
  type ManifestDescriptor,
  type ReadableStore,
  type ReferrerLister,
  type Tag,
  type TagLister,
  tagsOfManifest,
} from '../../oci/index.ts';
import type { Address, RepositoryReader } from '../places.ts';
import { COSIGN_TAGS } from '../tree/referrerRows.ts';
import { tagEntries } from '../tree/tagEntries.ts';
import type { KnownTags } from './tagsPart.ts';

/** A manifest, and where it is. */
export interface Subject {
  readonly address: Address;
  readonly reference: string;
  readonly descriptor: ManifestDescriptor;
  readonly manifest: Manifest;
  readonly store: RepositoryReader;
}

/** What refers to a manifest, by the referrers of the registry or by cosign's tags, and what is known of its signatures. */
export async function findReferrers(
  { address, reference, descriptor, store: from }: Subject,
  verifier: SignatureVerifier | undefined,
  options: CallOptions,
): Promise<{ readonly referrers: readonly ManifestDescriptor[]; readonly report: SignatureReport }> {
  const store = await address.place.open(address.repository, options);
  const listed = await Array.fromAsync(store.referrers(descriptor.digest, options));
  const asked = withReferrers(store, listed);
  const tagged = await taggedByCosign(asked, descriptor.digest, options);
  const known = new Set(listed.map(({ digest }) => digest));
  const report = await verdictOn({ reference, descriptor, from, store: asked, ...(verifier && { verifier }) }, options);
  return { referrers: [...listed, ...tagged.filter(({ digest }) => !known.has(digest))], report };
}

/** The store, with the answers that it has given already. */
function withReferrers(store: ReadableStore, listed: readonly ManifestDescriptor[]): ReadableStore & ReferrerLister {
  return {
    ...reading(store),
    async *referrers() {
      yield* listed;
    },
  };
}

function withTags(store: ReadableStore, tags: readonly Tag[]): ReadableStore & TagLister {
  return {
    ...reading(store),
    async *tags() {
      yield* tags;
    },
  };
}

/** As much of the store as it takes to read it. Where a tag leads is asked once. */
function reading(store: ReadableStore): ReadableStore {
  const answers = new Map<string, ReturnType<ReadableStore['resolve']>>();
  return {
    name: store.name,
    exists: (descriptor, options) => store.exists(descriptor, options),
    resolve: (reference, options) => {
      const answer = answers.get(reference) ?? store.resolve(reference, options);
      answers.set(reference, answer);
      return answer;
    },
    read: (descriptor, options) => store.read(descriptor, options),
  };
}

async function taggedByCosign(
  store: ReadableStore,
  digest: Digest,
  options: CallOptions,
): Promise<readonly ManifestDescriptor[]> {
  const found: ManifestDescriptor[] = [];
  for (const { suffix, artifactType } of COSIGN_TAGS) {
    const descriptor = await resolved(store, cosignTag(digest, suffix), options);
    if (descriptor !== undefined) found.push({ ...descriptor, artifactType });
  }
  return found;
}

/** How the tags of a manifest are found, and what they mean. */
export interface TagsOptions extends CallOptions {
  /** Who knows where an artifact was promoted to; default: floe's own tags and records tell. */
  readonly promotions?: PromotionReader | undefined;
}

/** As many as a registry gives in one answer. */
const MAX_LISTED = 1_000;
/** Tags that are each asked about before the user has asked for anything. */
const MAX_ASKED = 20;

/**
 * The tags that name a manifest, as far as that takes few requests: all, where there are few, where they are listed with what
 * they name, or where they are on this machine; else the one that led there.
 */
export async function findTags(subject: Subject, options: TagsOptions): Promise<KnownTags> {
  const { address, descriptor, store } = subject;
  const { place, repository, tag } = address;
  const { signal = new AbortController().signal } = options;
  const naming = new Set<Tag>(tag === undefined ? [] : [tag]);
  const unknown: Tag[] = [];
  let listed = 0;
  for await (const { name, digest } of tagEntries(place, repository, { signal })) {
    listed += 1;
    if (listed > MAX_LISTED) break;
    if (digest === undefined) unknown.push(name);
    else if (digest === descriptor.digest) naming.add(name);
    else naming.delete(name);
  }
  const isCheap = place.kind !== 'registry' || unknown.length <= MAX_ASKED;
  for (const name of isCheap ? unknown : []) {
    if ((await resolved(store, name, options))?.digest === descriptor.digest) naming.add(name);
    else naming.delete(name);
  }
  return await withPromotion(subject, [...naming], isCheap && listed <= MAX_LISTED, options);
}

/** The tags that name a manifest, found by asking about every one there is. */
export async function searchTags(subject: Subject, concurrency: number, options: TagsOptions): Promise<KnownTags> {
  const { store, descriptor } = subject;
  const { promotions: _, ...call } = options;
  const tags = await tagsOfManifest(store, descriptor.digest, { concurrency, ...call });
  return await withPromotion(subject, tags, true, options);
}

/** Where an artifact of floe's was promoted to, as its tags and its manifest say. */
async function withPromotion(
  { manifest, descriptor: { digest }, store }: Subject,
  tags: readonly Tag[],
  isComplete: boolean,
  { promotions = floePromotions, ...options }: TagsOptions,
): Promise<KnownTags> {
  if (!isFloeArtifact(manifest)) return { tags, isComplete };
  const { annotations = {} } = manifest;
  const found = await promotions.read(withTags(store, tags), { digest, annotations }, options);
  const isUnknown = found.status === 'not_promoted' && !isComplete;
  return { tags, isComplete, promotion: isUnknown ? { ...found, status: 'unknown' } : found };
}

/** A tag that is gone since it was listed names nothing. */
async function resolved(store: ReadableStore, tag: Tag, options: CallOptions): Promise<ManifestDescriptor | undefined> {
  try {
    return await store.resolve(tag, options);
  } catch (error) {
    if (!isOciError(error, 'NOT_FOUND')) throw error;
    return undefined;
  }
}
