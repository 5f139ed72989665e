import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import { CachedRepository } from '../../../src/oci/cache/cachedRepository.ts';
import { WatchedRepository } from '../../../src/oci/cache/watchedRepository.ts';
import type { Repository, Revalidator } from '../../../src/oci/content/store.ts';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { MirroredRepository } from '../../../src/oci/remote/mirroredRepository.ts';
import { RemoteRepository } from '../../../src/oci/remote/repository.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';

const { root } = artifact(1);
const { descriptor } = root;
const tag = tagOf('latest');
const place = { registry: 'registry.example', repository: parseRepositoryName('team/product') };

type Behind = Repository & Revalidator;

/** Something to stand behind the others, which notes what it is asked and has an answer to everything. */
function notebook(): { readonly behind: Behind; readonly asked: [string, readonly unknown[]][] } {
  const asked: [string, readonly unknown[]][] = [];
  const answers: Readonly<Record<string, unknown>> = {
    resolve: descriptor,
    revalidate: { descriptor },
    exists: true,
    write: 'written',
    mayReread: true,
  };
  const streams: Readonly<Record<string, readonly unknown[]>> = {
    read: [root.bytes],
    readAfter: [root.bytes],
    tags: [tag],
    referrers: [descriptor],
  };
  const behind: Record<string, unknown> = { name: 'registry.example/team/product', closure: 'enforced' };
  for (const method of abilitiesOf(RemoteRepository)) {
    behind[method] = (...args: readonly unknown[]) => {
      asked.push([method, args]);
      if (streams[method] === undefined) return Promise.resolve(answers[method]);
      return (async function* () {
        yield* streams[method] ?? [];
      })();
    };
  }
  return { behind: behind as unknown as Behind, asked };
}

function abilitiesOf({ prototype }: { readonly prototype: object }): readonly string[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
}

/** What can be done with each, and what with a repository cannot be done with it, which is for a repository itself. */
const FRONTS = {
  cached: {
    type: CachedRepository,
    // Its downloads go on where they were by themselves.
    lacks: ['revalidate', 'referrers', 'untag', 'delete', 'readAfter'],
    make: (behind: Behind) => new Cache({ path: join(temporaryFolder(), 'cache') }).repository(place, behind),
  },
  watched: {
    type: WatchedRepository,
    lacks: ['revalidate'],
    make: (behind: Behind) => new Cache({ path: join(temporaryFolder(), 'cache') }).watch(place, behind),
  },
  mirrored: {
    type: MirroredRepository,
    lacks: ['referrers', 'untag', 'delete'],
    make: (behind: Behind) => new MirroredRepository(behind, []),
  },
} as const;

const { signal } = new AbortController();

/** One call of each, with all that it can be told. */
const CALLS: Readonly<Record<string, readonly unknown[]>> = {
  resolve: [tag, { signal }],
  revalidate: [tag, undefined, { signal }],
  read: [descriptor, { signal }],
  readAfter: [descriptor, 5, { signal }],
  mayReread: [2, { signal }],
  exists: [descriptor, { signal }],
  tags: [{ signal }],
  referrers: [descriptor.digest, { signal, artifactType: 'application/vnd.example.signature' }],
  write: [
    descriptor,
    sourceOf(root.bytes),
    {
      signal,
      origin: { name: 'elsewhere', exists: async () => true },
      tags: [tag],
      rewrite: true,
      likelyNew: true,
      expected: 'absent',
    },
  ],
  tag: [descriptor, tag, { signal, expected: descriptor.digest }],
  untag: [tag, { signal }],
  delete: [descriptor, { signal }],
};

/** Asked in other words, or for several at once with a signal of their own. */
const REPHRASED: Readonly<Record<string, readonly string[]>> = { cached: ['resolve', 'read'], mirrored: ['resolve'] };

it('what is tried below is all there is', () => {
  expect(Object.keys(CALLS).sort()).toEqual([...abilitiesOf(RemoteRepository)].sort());
});

describe.each(Object.entries(FRONTS))('in front of a repository, %s', (name, { type, lacks, make }) => {
  it('has all abilities of it but those that are named here', () => {
    const front = make(notebook().behind);
    const own = [...abilitiesOf(type), ...Object.keys(front)];
    expect(
      abilitiesOf(RemoteRepository)
        .filter((ability) => !own.includes(ability))
        .sort(),
    ).toEqual([...lacks].sort());
  });

  it('has its name and its closure, and says what is behind', () => {
    const { behind } = notebook();
    const front = make(behind);
    expect([front.name, front.closure, front.behind]).toEqual([behind.name, behind.closure, behind]);
  });

  it('lets nothing be read again where the repository does not say that it may', async () => {
    const { mayReread: _, ...behind } = notebook().behind;
    expect(await make(behind).mayReread(1)).toBe(false);
  });

  it.each(Object.keys(CALLS).filter((ability) => ![...lacks, ...(REPHRASED[name] ?? [])].includes(ability as never)))(
    'passes %s on with all that it is told, and the answer back',
    async (ability) => {
      const { behind, asked } = notebook();
      const call = async (store: unknown): Promise<unknown> => {
        const answer = (store as Record<string, (...args: readonly unknown[]) => unknown>)[ability]?.(
          ...(CALLS[ability] ?? []),
        );
        const isStream = typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
        return isStream ? Array.fromAsync(answer as AsyncIterable<unknown>) : answer;
      };
      const through = await call(make(behind));
      expect(asked).toEqual([[ability, CALLS[ability]]]);
      expect(through).toEqual(await call(behind));
    },
  );
});
