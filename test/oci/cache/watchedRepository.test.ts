import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import type { WatchedRepository } from '../../../src/oci/cache/watchedRepository.ts';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { artifact, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { storeContract } from '../../support/storeContract.ts';
import { temporaryFolder } from '../layout/support/temporaryFolder.ts';
import { connect } from '../remote/support.ts';
import { type CacheSetup, publish, pull, setUp } from './support/caches.ts';

const repository = parseRepositoryName('team/product');

storeContract('a repository that a cache watches', async () => {
  const connected = await connect();
  const cache = new Cache({ path: join(temporaryFolder(), 'cache') });
  return {
    store: cache.watch({ registry: connected.server.host, repository }, connected.repository()),
    abilities: { sha512: true, enforcesClosure: true },
    cleanup: () => connected[Symbol.asyncDispose](),
  };
});

const [first, second] = [artifact(1), artifact(2)];

/** A tag that is cached, and the repository by another way. */
async function pulled(): Promise<CacheSetup & { readonly watched: WatchedRepository }> {
  const setup = await setUp();
  publish(setup.remote, first, 'v1.0.0');
  publish(setup.remote, second);
  await pull(setup.repository(), 'v1.0.0', first);
  await pull(setup.repository(), first.root.descriptor.digest, first);
  const watched = setup.open().watch({ registry: setup.remote.server.host, repository }, setup.remote.fresh());
  setup.asked();
  return { ...setup, watched };
}

describe('a repository that a cache watches', () => {
  it('is asked, whatever is cached', async () => {
    const { watched, asked } = await pulled();
    await watched.resolve(tagOf('v1.0.0'));
    expect(asked()).toEqual(['GET /v2/team/product/manifests/v1.0.0']);
  });

  it('leads elsewhere at once when a tag is moved through it', async () => {
    const { watched, repository: cached } = await pulled();
    await watched.tag(second.root.descriptor, tagOf('v1.0.0'));
    await pull(cached(), 'v1.0.0', second);
    await watched.write(first.root.descriptor, sourceOf(first.root.bytes), { tags: [tagOf('v1.0.0')] });
    await pull(cached(), 'v1.0.0', first);
  });

  it('leads nowhere when a tag is taken away through it', async () => {
    const { watched, repository: cached } = await pulled();
    await watched.untag(tagOf('v1.0.0'));
    await expect(cached().resolve(tagOf('v1.0.0'))).rejects.toEqual(failure('NOT_FOUND'));
  });

  it('leads nowhere when a manifest is removed through it', async () => {
    const { watched, repository: cached } = await pulled();
    await watched.delete(first.root.descriptor);
    await expect(cached().resolve(tagOf('v1.0.0'))).rejects.toEqual(failure('NOT_FOUND'));
  });

  it('forgets where a tag led also when moving it failed', async () => {
    const { watched, repository: cached, remote, asked } = await pulled();
    remote.server.fail({ method: 'PUT', fault: { kind: 'status', status: 400 } });
    await expect(watched.tag(second.root.descriptor, tagOf('v1.0.0'))).rejects.toEqual(failure('REGISTRY_ERROR'));
    asked();
    await cached().resolve(tagOf('v1.0.0'));
    expect(asked()).toHaveLength(1);
  });

  it('mounts blobs, from and to', async () => {
    const { open, remote, watched } = await pulled();
    const place = { registry: remote.server.host, repository: parseRepositoryName('team/other') };
    const other = open().watch(place, remote.fresh('team/other'));
    const { blobs } = await copy(watched, tagOf('v1.0.0'), other);
    expect(new Set(blobs.map(({ outcome }) => outcome))).toEqual(new Set(['mounted']));
  });

  it('makes nothing of what the registry said before: neither for who asked, nor for who asks next', async () => {
    const { open, remote, path } = await pulled();
    await rm(path, { recursive: true });
    const cache = open();
    const place = { registry: remote.server.host, repository };
    const [isAsked, mayAnswer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = remote.fresh();
    const revalidate = slow.revalidate.bind(slow);
    slow.revalidate = async (...args) => {
      const answer = await revalidate(...args);
      isAsked.resolve();
      await mayAnswer.promise;
      return answer;
    };
    const before = cache.repository(place, slow).resolve(tagOf('v1.0.0'));
    await isAsked.promise;
    await cache.watch(place, remote.fresh()).tag(second.root.descriptor, tagOf('v1.0.0'));
    const after = cache.repository(place, remote.fresh());
    await pull(after, 'v1.0.0', second);
    mayAnswer.resolve();
    expect((await before).digest).toBe(first.root.descriptor.digest);
    await pull(after, 'v1.0.0', second);
    await pull(cache.repository(place, remote.fresh(), { mode: 'offline' }), 'v1.0.0', second);
  });
});
