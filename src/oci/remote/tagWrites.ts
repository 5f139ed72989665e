import { checkExpected } from '../content/expectedTag.ts';
import type { CallOptions, Resolution, TagOptions } from '../content/store.ts';
import { isOciError, OciError } from '../errors.ts';
import type { ManifestDescriptor } from '../spec/descriptor.ts';
import { type Manifest, parseManifest } from '../spec/manifest.ts';
import { hasSameContent } from '../spec/sameContent.ts';
import type { Tag } from '../spec/tag.ts';
import type { VerifiedContent } from '../spec/verifiedContent.ts';
import type { HttpResponse } from '../transport/transport.ts';
import type { KnownAbilities } from './abilities.ts';
import { type Condition, conditionOn, isConditionFailed, isConditionRefused } from './conditions.ts';
import { immutabilityRefusal } from './immutability.ts';

/** What is under a tag now. */
type Found = Resolution & { readonly manifest: Manifest };

/** The requests that this takes: those for the manifests of one repository. */
export interface TagRequests {
  get(tag: Tag, options?: CallOptions): Promise<Found>;
  put(
    descriptor: ManifestDescriptor,
    bytes: Uint8Array,
    tag: Tag,
    options?: CallOptions & { readonly condition?: Condition },
  ): Promise<HttpResponse>;
}

/**
 * Puts manifests under tags, on the condition that the tag names what is expected. Registries may mind the condition, ignore
 * it or choke on it, and some have rules of their own for which tags may be moved. Whatever one of them refuses, the tag
 * is looked at before anything is concluded.
 */
export class TagWrites {
  readonly #manifests: TagRequests;
  readonly #repository: string;
  readonly #abilities: KnownAbilities;

  /** `repository` is `host/name`, for messages. */
  constructor(manifests: TagRequests, repository: string, abilities: KnownAbilities) {
    this.#manifests = manifests;
    this.#repository = repository;
    this.#abilities = abilities;
  }

  /**
   * One request, unless it is refused.
   * @returns undefined when the tag turned out to name this manifest already: by an attempt whose answer was lost, or by
   *   somebody who pushed the same
   * @throws OciError TAG_RACE when it names something else than expected; TAG_IMMUTABLE when the registry lets it not be moved
   */
  async put(
    content: VerifiedContent<ManifestDescriptor>,
    tag: Tag,
    { expected, ...call }: TagOptions,
  ): Promise<HttpResponse | undefined> {
    const { descriptor, bytes } = content;
    const reference = `${this.#repository}:${tag}`;
    const takesConditions = this.#abilities.current.conditionalWrites !== false;
    let condition: Condition | undefined;
    let isRefused = false;
    if (expected === 'absent' && takesConditions) condition = conditionOn(undefined);
    else if (expected !== undefined) {
      const found = await this.#look(tag, call);
      if (found?.descriptor.digest === descriptor.digest) return undefined;
      checkExpected(reference, found?.descriptor.digest ?? 'absent', descriptor.digest, expected);
      if (takesConditions) condition = conditionOn(found);
    }
    for (;;) {
      try {
        const response = await this.#manifests.put(descriptor, bytes, tag, {
          ...call,
          ...(condition && { condition }),
        });
        if (isRefused) this.#abilities.learn({ conditionalWrites: false });
        return response;
      } catch (error) {
        const refusal = immutabilityRefusal(error);
        const isAboutCondition = condition !== undefined && (isConditionFailed(error) || isConditionRefused(error));
        if (refusal === undefined && !isAboutCondition) throw error;
        const found = await this.#look(tag, call);
        if (found?.descriptor.digest === descriptor.digest) return undefined;
        if (refusal !== undefined && found !== undefined) throw immutable(reference, found, content, refusal, error);
        checkExpected(reference, found?.descriptor.digest ?? 'absent', descriptor.digest, expected);
        // All is as expected, so it is the condition that is not understood: once more, without.
        if (condition === undefined) throw error;
        isRefused = isConditionRefused(error);
        condition = undefined;
      }
    }
  }

  async #look(tag: Tag, call: CallOptions): Promise<Found | undefined> {
    try {
      return await this.#manifests.get(tag, call);
    } catch (error) {
      if (isOciError(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }
}

function immutable(
  reference: string,
  found: Found,
  pushed: VerifiedContent<ManifestDescriptor>,
  refusal: string,
  cause: unknown,
): OciError<'TAG_IMMUTABLE'> {
  const existing = found.descriptor.digest;
  const details = {
    reference,
    existing,
    pushed: pushed.descriptor.digest,
    onlyAnnotationsDiffer: hasSameContent(found.manifest, parseManifest(pushed)),
    refusal,
  };
  const message = `the registry does not let ${reference} be moved from ${existing}: ${refusal}`;
  return new OciError('TAG_IMMUTABLE', message, details, { cause });
}
