import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { OciError, parseRepositoryName, silentLogger, silentTelemetry, type Tag } from '../../../src/oci/index.ts';
import type { DeleteParts } from '../../../src/views/commands/deleteContent.ts';
import { manifestsText, removeManifestsLabel, removeTags } from '../../../src/views/commands/removeTags.ts';
import { artifact, putGraph, tagOf } from '../../support/artifacts.ts';
import { answers, asked } from '../../support/vscode.ts';
import { MemoryPlace } from '../support/places.ts';

const repository = parseRepositoryName('app');

let place: MemoryPlace;
let store: MemoryStore;
let reread: number;
const parts = {
  settings: { concurrency: 4 },
  observability: { telemetry: silentTelemetry, logger: silentLogger },
  presenter: { attempt: async <T>(_action: string, step: () => Promise<T>) => await step(), logError: () => {} },
  trees: {
    rereadRepository: async () => {
      reread += 1;
    },
  },
} as unknown as DeleteParts;

beforeEach(async () => {
  answers.length = 0;
  asked.length = 0;
  reread = 0;
  place = new MemoryPlace();
  await fillStore(new MemoryStore());
});

const remove = (...tags: readonly string[]) => removeTags(parts, [{ place, repository, tags: tags.map(tagOf) }]);
const left = async (): Promise<readonly Tag[]> => (await Array.fromAsync(store.tags())).toSorted();

/** Takes tags away only together with what they name. */
class KeepingStore extends MemoryStore {
  override untag(): Promise<void> {
    return Promise.reject(new OciError('UNSUPPORTED', 'no', { what: 'deleting a tag' }));
  }
}

async function fillStore(empty: MemoryStore): Promise<void> {
  store = empty;
  place.put('app', store);
  for (const [seed, tag] of [
    [1, 'dev-1'],
    [1, 'dev-2'],
    [2, 'dev-3'],
    [2, 'prod'],
  ] as const) {
    await putGraph(store, artifact(seed), tag);
  }
}

describe('several tags', () => {
  it('go when the user has agreed, and what they name stays', async () => {
    answers.push('Delete 2 Tags');
    await remove('dev-1', 'dev-2');
    expect(asked).toEqual(['Delete 2 tags?']);
    expect(await left()).toEqual(['dev-3', 'prod']);
    expect(await store.exists(artifact(1).root.descriptor)).toBe(true);
    expect(reread).toBe(1);
  });

  it('stay when the user has not', async () => {
    await remove('dev-1', 'dev-2');
    expect([(await left()).length, reread]).toEqual([4, 0]);
  });

  it('that are gone by then are no failure', async () => {
    answers.push('Delete 2 Tags');
    await remove('dev-1', 'nowhere');
    expect(asked).toEqual(['Delete 2 tags?']);
    expect(await left()).toEqual(['dev-2', 'dev-3', 'prod']);
  });
});

describe('where tags only go together with their manifests', () => {
  beforeEach(() => fillStore(new KeepingStore()));

  it('manifests go that have no other tag, once the user has agreed to that, too', async () => {
    answers.push('Delete 3 Tags', 'Delete Manifest and 2 Tags');
    await remove('dev-1', 'dev-2', 'dev-3');
    expect(asked).toEqual(['Delete 3 tags?', 'r.example deletes tags only together with their manifests.']);
    expect(await left()).toEqual(['dev-3', 'prod']);
  });

  it('nothing goes when the user does not want that', async () => {
    answers.push('Delete 2 Tags', undefined);
    await remove('dev-1', 'dev-2');
    expect((await left()).length).toBe(4);
  });

  it('nothing is offered where all have other tags', async () => {
    answers.push('Delete Tag', 'Delete Manifest and 1 Tag');
    await remove('dev-3');
    expect((await left()).length).toBe(4);
  });
});

it('the question names what goes, what stays and why, and what then refers to nothing', () => {
  const { descriptor } = artifact(1).root;
  const signature = { ...descriptor, artifactType: 'application/vnd.cncf.notary.signature' };
  const text = manifestsText([
    { descriptor, tags: ['a', 'b'].map(tagOf), others: [], referrers: [signature] },
    { descriptor, tags: ['c', 'prod'].map(tagOf), others: [tagOf('prod')], referrers: [] },
  ]);
  expect(text).toContain('These go: a, b.');
  expect(text).toContain('other tags name the same: c (also prod).');
  expect(text).toContain('refers to nothing: 1 signature.');
  expect([removeManifestsLabel(1, 1), removeManifestsLabel(2, 3)]).toEqual([
    'Delete Manifest and 1 Tag',
    'Delete 2 Manifests and 3 Tags',
  ]);
});
