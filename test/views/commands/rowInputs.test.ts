import { describe, expect, it } from 'vitest';
import { parseRepositoryName } from '../../../src/oci/index.ts';
import { addressesOf, artifactsOf, tagsOf } from '../../../src/views/commands/rowInputs.ts';
import type { RepositoryNode, TagNode } from '../../../src/views/tree/node.ts';
import { tagOf } from '../../support/artifacts.ts';
import { MemoryPlace } from '../support/places.ts';

const place = new MemoryPlace();
const root = { kind: 'place', id: place.id, place, parent: undefined } as const;

function repositoryRow(name: string): RepositoryNode {
  return { kind: 'repository', id: name, place, repository: parseRepositoryName(name), parent: root };
}

function tagRow(name: string, text: string): TagNode {
  const tag = tagOf(text);
  const parent = repositoryRow(name);
  const { repository } = parent;
  return { kind: 'tag', id: `${name}|${tag}`, place, repository, tag, entry: { name: tag }, parent };
}

const [one, other, elsewhere] = [tagRow('a', '1.0.0'), tagRow('a', '2.0.0'), tagRow('b', '1.0.0')];

describe('a command on a row', () => {
  it('is for all that are selected, or for the row alone', () => {
    expect(addressesOf(one, [one, elsewhere]).map(({ repository }) => repository)).toEqual(['a', 'b']);
    expect(addressesOf(one, undefined).map(({ tag }) => tag)).toEqual(['1.0.0']);
    expect([addressesOf(undefined, undefined), addressesOf('text', ['text'])]).toEqual([[], []]);
  });

  it('on artifacts leaves out what is none, and has each once', () => {
    expect(artifactsOf(one, [one, one, repositoryRow('a')]).map(({ tag }) => tag)).toEqual(['1.0.0']);
  });

  it('on tags has them by repository', () => {
    const groups = tagsOf(addressesOf(one, [one, other, elsewhere, repositoryRow('c')]));
    expect(groups).toMatchObject([
      { repository: 'a', tags: ['1.0.0', '2.0.0'] },
      { repository: 'b', tags: ['1.0.0'] },
    ]);
  });
});
