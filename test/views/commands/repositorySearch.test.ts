import { describe, expect, it } from 'vitest';
import { OciError } from '../../../src/oci/index.ts';
import { RepositorySearch } from '../../../src/views/commands/repositorySearch.ts';
import { artifact, putGraph } from '../../support/artifacts.ts';
import { MemoryPlace } from '../support/places.ts';

const { signal } = new AbortController();
const names = (search: RepositorySearch) => search.found.map(({ place, repository }) => `${place.id}/${repository}`);

function filled(id: string, count: number): MemoryPlace {
  const place = new MemoryPlace({ id });
  for (let at = 0; at < count; at += 1) place.repository(`team/app-${at}`);
  return place;
}

describe('a search', () => {
  it('reads the repositories of all places page by page', async () => {
    const search = new RepositorySearch([filled('one', 150), filled('two', 1)], signal);
    await search.readMore();
    expect([names(search).length, search.hasMore]).toEqual([101, true]);
    await search.readMore();
    expect([names(search).length, search.hasMore]).toEqual([151, false]);
  });

  it('goes on where one place does not list, and has what was added by name there', async () => {
    const catalogError = new OciError('UNSUPPORTED', 'x', { what: 'listing' });
    const closed = new MemoryPlace({ id: 'closed', catalogError, pinned: ['team/known'] });
    const search = new RepositorySearch([closed, filled('open', 1)], signal);
    await search.readMore();
    expect(names(search)).toEqual(['closed/team/known', 'open/team/app-0']);
    expect(search.failed).toMatchObject([{ place: { id: 'closed' }, error: { code: 'UNSUPPORTED' } }]);
    expect(search.candidates('team/other:1.0.0')).toMatchObject([
      { place: { id: 'closed' }, repository: 'team/other', tag: '1.0.0' },
    ]);
    expect([search.candidates('team/known'), search.candidates('No Name')]).toEqual([[], []]);
  });

  it('has the tags of a name that was typed out, by their beginning', async () => {
    const place = filled('one', 1);
    for (const tag of ['1.0.0', '1.1.0', '2.0.0']) await putGraph(place.repository('team/app-0'), artifact(1), tag);
    const search = new RepositorySearch([place], signal);
    await search.readMore();
    const tags = async (text: string) => (await search.tagsOf(text)).map(({ tag }) => tag);
    expect(await tags('team/app-0')).toEqual(['1.0.0', '1.1.0', '2.0.0']);
    expect(await tags('team/app-0:1.')).toEqual(['1.0.0', '1.1.0']);
    expect(await tags('team/app')).toEqual([]);
  });
});
