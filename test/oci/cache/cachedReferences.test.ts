import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAX_MANIFEST_SIZE } from '../../../src/oci/content/verify.ts';
import { artifact, imageManifest, type ManifestContent, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { blobFile, publish, pull, setUp } from './support/caches.ts';

const graph = artifact(1);

/** A manifest of so many bytes. */
function manifestOfSize(size: number): ManifestContent {
  const ofText = (length: number): ManifestContent => imageManifest([], { annotations: { text: 'x'.repeat(length) } });
  return ofText(size - ofText(0).bytes.length);
}

it('a manifest is found by its digest up to the size that is read of one', async () => {
  const { remote, repository, path } = await setUp();
  publish(remote, graph, 'latest');
  await pull(repository(), 'latest', graph);
  const [largest, larger] = [manifestOfSize(MAX_MANIFEST_SIZE), manifestOfSize(MAX_MANIFEST_SIZE + 1)];
  for (const { descriptor, bytes } of [largest, larger]) await writeFile(blobFile(path, descriptor), bytes);
  const offline = repository({ mode: 'offline' });
  expect(await offline.resolve(largest.descriptor.digest)).toMatchObject({ size: MAX_MANIFEST_SIZE });
  await expect(offline.resolve(larger.descriptor.digest)).rejects.toEqual(failure('NOT_FOUND'));
});

it('a record says nothing in a cache that a newer version has changed the format of, and stays as it is', async () => {
  const { remote, repository, path, open, clock } = await setUp();
  publish(remote, graph, 'latest');
  await pull(repository(), 'latest', graph);
  await writeFile(join(path, 'floe-oci-cache.json'), '{"version":2}');
  const [name = ''] = await readdir(join(path, 'references'));
  const before = await readFile(join(path, 'references', name), 'utf8');
  clock.now += 1;
  await pull(repository({ cache: open() }), 'latest', graph);
  expect(await readFile(join(path, 'references', name), 'utf8')).toBe(before);
  const offline = repository({ cache: open(), mode: 'offline' });
  await expect(offline.resolve(tagOf('latest'))).rejects.toEqual(failure('NOT_FOUND'));
});

it('a tag that was moved is on the list no more, until it is asked for again', async () => {
  const { remote, repository, path, open } = await setUp();
  publish(remote, graph, 'latest');
  const cache = open();
  const listed = async (): Promise<readonly unknown[]> => {
    await cache.close();
    return JSON.parse(await readFile(join(path, 'index.json'), 'utf8')).manifests;
  };
  await pull(repository({ cache }), 'latest', graph);
  expect(await listed()).toHaveLength(1);
  await repository({ cache }).tag(graph.root.descriptor, tagOf('latest'));
  expect(await listed()).toEqual([]);
  await pull(repository({ cache }), 'latest', graph);
  expect(await listed()).toHaveLength(1);
});
