import { isOciError, type RepositoryName, type TagEntry, type TagLister } from '../../oci/index.ts';
import type { Place } from '../places.ts';
import type { LevelOptions } from './level.ts';

/**
 * The tags of a repository, with what its registry says of each where it says more than the name. While the registry is not
 * available, whoever stands in for it is asked for the names.
 * @throws OciError NOT_FOUND, UNAUTHORIZED, DENIED; REGISTRY_UNAVAILABLE where nobody stands in
 */
export async function* tagEntries(
  place: Pick<Place, 'hosting' | 'reader'>,
  repository: RepositoryName,
  { signal }: Pick<LevelOptions, 'signal'>,
): AsyncGenerator<TagEntry> {
  const { hosting } = place;
  if (hosting?.describesTags === true) {
    let isBegun = false;
    try {
      for await (const entry of hosting.tags(repository, { signal })) {
        isBegun = true;
        yield entry;
      }
      return;
    } catch (error) {
      const isAway = isOciError(error, 'REGISTRY_UNAVAILABLE') || isOciError(error, 'CIRCUIT_OPEN');
      if (isBegun || !isAway) throw error;
    }
  }
  const store: TagLister = await place.reader(repository, { signal });
  for await (const name of store.tags({ signal })) yield { name };
}
