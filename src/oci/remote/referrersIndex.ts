import type { CallOptions } from '../content/store.ts';
import { isOciError, OciError } from '../errors.ts';
import { type Descriptor, descriptorOf, type ManifestDescriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { type ImageIndex, isImageIndex } from '../spec/manifest.ts';
import { MediaType } from '../spec/mediaTypes.ts';
import { referrersTagOf } from '../spec/referrersTag.ts';
import type { Tag } from '../spec/tag.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { KnownAbilities } from './abilities.ts';
import type { RegistryClient } from './client.ts';
import { type Condition, conditionOn, isConditionFailed, isConditionRefused } from './conditions.ts';
import type { Manifests } from './manifests.ts';
import type { Turns } from './turns.ts';

/** How often a change is begun anew because somebody else's came first. Of all who compete, one gets through each time. */
const MAX_ATTEMPTS = 10;

const EMPTY: ImageIndex = { schemaVersion: 2, mediaType: MediaType.imageIndex, manifests: [] };

/** What is under a referrers tag. */
interface Found {
  readonly index: ImageIndex;
  /** Nothing was there. */
  readonly isNew?: boolean;
  readonly etag?: string;
  /** It is not the tag's: the registry took the tag for the digest that it is made of, and gave the subject. */
  readonly isSubject?: boolean;
}

/**
 * The index of a subject's referrers that clients keep under a tag, where the registry does not keep a list itself.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#referrers-tag-schema
 */
export class ReferrersIndex {
  readonly #manifests: Manifests;
  readonly #turns: Turns;
  readonly #repository: string;
  readonly #logger: Logger;
  readonly #abilities: KnownAbilities;

  /** `turns` are those of all who change indexes of this registry; `repository` is `host/name`. */
  constructor(manifests: Manifests, turns: Turns, repository: string, { logger, abilities }: RegistryClient) {
    this.#manifests = manifests;
    this.#turns = turns;
    this.#repository = repository;
    this.#logger = logger;
    this.#abilities = abilities;
  }

  /** None where the tag is not there, or is not such an index. */
  async list(subject: Digest, options: CallOptions): Promise<readonly Descriptor[]> {
    return (await this.#find(subject, options).catch((error: unknown) => this.#unlessForeign(subject, error))).index
      .manifests;
  }

  /**
   * Adds a referrer, unless it is there.
   * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
   * @throws OciError WRONG_ARTIFACT_TYPE, INVALID_MANIFEST when something else has the tag, which is left alone;
   *   UNSUPPORTED where the registry cannot hold the tag
   */
  async add(subject: Digest, referrer: ManifestDescriptor, options: CallOptions): Promise<void> {
    await this.#change(
      subject,
      () => this.#find(subject, options),
      options,
      (manifests) =>
        manifests.some(({ digest }) => digest === referrer.digest) ? manifests : [...manifests, referrer],
    );
  }

  /**
   * Takes a referrer that was deleted off the index, if there is one that has it.
   * https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#deleting-manifests
   */
  async remove(subject: Digest, referrer: Digest, options: CallOptions): Promise<void> {
    const find = () => this.#find(subject, options).catch((error: unknown) => this.#unlessForeign(subject, error));
    await this.#change(subject, find, options, (manifests) => {
      const rest = manifests.filter(({ digest }) => digest !== referrer);
      return rest.length === manifests.length ? manifests : rest;
    });
  }

  /** A change by somebody else in between is seen where the registry minds conditions; then everything is done anew. */
  #change(
    subject: Digest,
    find: () => Promise<Found>,
    options: CallOptions,
    change: (manifests: readonly Descriptor[]) => readonly Descriptor[],
  ): Promise<void> {
    const tag = referrersTagOf(subject);
    return this.#turns.take(`${this.#repository}:${tag}`, async () => {
      let takesConditions = this.#abilities.current.conditionalWrites !== false;
      for (let attempt = 1; ; attempt++) {
        const found = await find();
        const { index } = found;
        const manifests = change(index.manifests);
        if (manifests === index.manifests) return;
        const bytes = new TextEncoder().encode(JSON.stringify({ ...index, manifests }));
        const condition = takesConditions ? conditionFor(found) : undefined;
        try {
          const put = { ...options, ...(condition && { condition }) };
          await this.#manifests.put(descriptorOf(MediaType.imageIndex, bytes), bytes, tag, put);
          if (found.isSubject) await this.#checkHolds(subject, options);
          return;
        } catch (error) {
          const isRefused = condition !== undefined && isConditionRefused(error);
          if (attempt >= MAX_ATTEMPTS || !(isRefused || isConditionFailed(error))) throw error;
          if (isRefused) takesConditions = false;
        }
      }
    });
  }

  async #find(subject: Digest, options: CallOptions): Promise<Found> {
    const tag = referrersTagOf(subject);
    try {
      const { descriptor, etag, manifest } = await this.#manifests.get(tag, options);
      if (descriptor.digest === subject) return { index: EMPTY, isSubject: true };
      const { mediaType } = descriptor;
      if (mediaType !== MediaType.imageIndex || !isImageIndex(manifest)) throw this.#foreign(tag, mediaType);
      return { index: manifest, ...(etag === undefined ? {} : { etag }) };
    } catch (error) {
      if (isOciError(error, 'NOT_FOUND')) return { index: EMPTY, isNew: true };
      throw error;
    }
  }

  /** What is not an index of referrers says nothing about any; where the tag stands for a web page, neither. */
  #unlessForeign(subject: Digest, error: unknown): Found {
    const isForeign =
      isOciError(error, 'WRONG_ARTIFACT_TYPE') ||
      isOciError(error, 'INVALID_MANIFEST') ||
      isOciError(error, 'INVALID_RESPONSE');
    if (!isForeign) throw error;
    const facts = { repository: this.#repository, tag: referrersTagOf(subject), reason: error.message };
    this.#logger.debug('referrers_tag_ignored', facts);
    return { index: EMPTY };
  }

  #foreign(tag: Tag, mediaType: string): OciError<'WRONG_ARTIFACT_TYPE'> {
    const reference = `${this.#repository}:${tag}`;
    const expected = 'the index of referrers that belongs under this tag';
    const details = { reference, artifactType: mediaType, expected };
    return new OciError('WRONG_ARTIFACT_TYPE', `${reference} is ${mediaType}, not ${expected}`, details);
  }

  /** A registry that takes the tag for a digest may take the index and never give it back. */
  async #checkHolds(subject: Digest, options: CallOptions): Promise<void> {
    if (!(await this.#find(subject, options)).isSubject) return;
    const what = `referrers in ${this.#repository}: the registry has no list of them, and takes their tag for a digest`;
    throw new OciError('UNSUPPORTED', what, { what });
  }
}

/** A tag that the registry took for a digest names nothing of ours, and no state of it can be asked for. */
function conditionFor(found: Found): Condition | undefined {
  return conditionOn(found.isNew ? undefined : found);
}
