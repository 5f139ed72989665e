import { type ListTagsOptions, listTags, type TagList } from '../../floe/listTags.ts';
import { type TagPatterns, TagPolicy } from '../../floe/tagPolicy.ts';
import type { Observer } from '../../oci/index.ts';
import type { Address } from '../places.ts';
import { observeAt } from '../telemetry/observeAt.ts';

/** What a list works with. */
export interface ListParts {
  readonly settings: { readonly concurrency: number; readonly tagPatterns: TagPatterns };
  /** Told of what is done. */
  readonly observability: Observer;
}

/** The tags of a repository, with what their manifests say, for programs. @throws OciError what `listTags` throws */
export async function listRepository(
  { settings: { concurrency, tagPatterns }, observability }: ListParts,
  { place, repository }: Address,
  options: Omit<ListTagsOptions, 'concurrency' | 'tagPolicy'>,
): Promise<TagList> {
  const call = options.signal === undefined ? {} : { signal: options.signal };
  return await observeAt(observability, 'list', { place, repository }, async () =>
    listTags(await place.reader(repository, call), {
      ...options,
      concurrency,
      tagPolicy: new TagPolicy(tagPatterns),
    }),
  );
}
