import type { CallOptions } from '../content/store.ts';
import { isOciError, OciError } from '../errors.ts';
import type { DistributionProvider, ProviderParts } from './distribution.ts';
import type { RegistryProvider, TagPeriod } from './provider.ts';

/**
 * A provider that takes the spec's way where the registry's own API does not let us in, or answers what its documents do not
 * say. Each time is a line in the log. Of a list that breaks off, the spec's way gives what has not been given yet. Where the
 * other way fails too, the API's reason is what is thrown, for it is about what was asked; unless nobody could ask the API at
 * all.
 *
 * An API that is not there, or does not know what the registry has, may be that of another kind of registry: then it is asked
 * whether it still is of this one, and a change is made the spec's way if it is not.
 */
export function fallingBack(
  own: RegistryProvider,
  plain: DistributionProvider,
  { logger, isStill = async () => true }: Pick<ProviderParts, 'logger' | 'isStill'>,
): RegistryProvider {
  const registry = plain.host;

  const note = (operation: string, error: unknown): void => {
    const reason = isOciError(error) ? error.message : String(error);
    // Without an identity for the API, the spec's way is the usual one.
    const level = isOciError(error, 'MISSING_CREDENTIAL') ? 'info' : 'warn';
    logger[level]('registry_api_not_used', { registry, provider: own.name, operation, reason });
  };

  async function* pagesOf<T extends { readonly name: string }>(
    operation: string,
    first: () => AsyncIterable<readonly T[]>,
    second: () => AsyncIterable<readonly T[]>,
    call: CallOptions,
  ): AsyncGenerator<readonly T[]> {
    const given = new Set<string>();
    const fresh = (page: readonly T[]): readonly T[] => {
      const entries = page.filter(({ name }) => !given.has(name));
      for (const { name } of entries) given.add(name);
      return entries;
    };
    try {
      for await (const page of first()) {
        const entries = fresh(page);
        if (page.length > 0 && entries.length === 0) throw repeated(registry, operation);
        yield entries;
      }
      return;
    } catch (error) {
      if (isFinal(error)) throw error;
      // An API hides from strangers what the registry shows to whoever has signed in.
      if (!isOciError(error, 'NOT_FOUND')) note(operation, error);
      try {
        for await (const page of second()) yield fresh(page);
        if (isDoubtful(error)) await isStill(call);
      } catch (other) {
        throw saysMore(other, error) ? other : error;
      }
    }
  }

  /** The spec has none: what the API does not tell is not known. */
  async function* historyOf(pages: AsyncIterable<readonly TagPeriod[]>): AsyncGenerator<readonly TagPeriod[]> {
    try {
      yield* pages;
    } catch (error) {
      if (isFinal(error)) throw error;
      note('tagHistory', error);
    }
  }

  const tagHistory = own.tagHistory?.bind(own);
  return {
    name: own.name,
    remarks: own.remarks,
    describesTags: own.describesTags,
    repositories: (options) =>
      pagesOf(
        'repositories',
        () => own.repositories(options),
        () => plain.repositories(options),
        callOf(options),
      ),
    tags: (repository, options) =>
      pagesOf(
        'tags',
        () => own.tags(repository, options),
        () => plain.tags(repository, options),
        callOf(options),
      ),
    ...(tagHistory && { tagHistory: (...asked) => historyOf(tagHistory(...asked)) }),
    async createRepository(repository, options) {
      try {
        return await own.createRepository(repository, options);
      } catch (error) {
        if (!isDoubtful(error) || (await isStill(callOf(options)))) throw error;
        note('createRepository', error);
        return await plain.createRepository(repository, options);
      }
    },
    async deleteTag(repository, tag, options) {
      try {
        await own.deleteTag(repository, tag, options);
      } catch (error) {
        if (!isDoubtful(error)) throw error;
        const isRight = await isStill(callOf(options));
        if (isRight && !isOciError(error, 'INVALID_RESPONSE')) throw error;
        note('deleteTag', error);
        await plain.deleteTag(repository, tag, options);
      }
    },
    ...(own.deleteManifest && { deleteManifest: own.deleteManifest.bind(own) }),
    async rules(repository, options) {
      try {
        return await own.rules(repository, options);
      } catch (error) {
        if (isFinal(error)) throw error;
        note('rules', error);
        return { remarks: [] };
      }
    },
    async webUrl(reference, options) {
      try {
        return await own.webUrl(reference, options);
      } catch (error) {
        if (isOciError(error, 'CANCELLED')) throw error;
        note('webUrl', error);
        return undefined;
      }
    },
  };
}

/** Pages that bring nothing new have no end. */
function repeated(registry: string, operation: string): OciError<'LIMIT_EXCEEDED'> {
  const what = `pages with the same ${operation} as before, of the API of ${registry}`;
  return new OciError('LIMIT_EXCEEDED', `more than 0 ${what}`, { what, limit: 0 });
}

/** Whether what became of the spec's way says more than what became of the API's. */
function saysMore(other: unknown, api: unknown): boolean {
  if (isOciError(other, 'NOT_FOUND') || isOciError(other, 'CANCELLED')) return true;
  return (['MISSING_CREDENTIAL', 'INVALID_RESPONSE', 'LIMIT_EXCEEDED'] as const).some((code) => isOciError(api, code));
}

/** Whether it is how a registry would answer that has no such API. */
function isDoubtful(error: unknown): boolean {
  if (isOciError(error, 'INVALID_RESPONSE') || isOciError(error, 'NOT_FOUND')) return true;
  return isOciError(error, 'REGISTRY_ERROR') && error.details.status === 404;
}

function callOf({ signal }: CallOptions = {}): CallOptions {
  return signal ? { signal } : {};
}

/** What is ours, and not the API's. That the API is not there says nothing of the registry, which may be another host. */
function isFinal(error: unknown): boolean {
  return !isOciError(error) || error.code === 'CANCELLED';
}
