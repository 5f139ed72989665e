import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import type { TagLister, Target } from '../../../src/oci/content/store.ts';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import { anonymous } from '../../../src/oci/credentials/credentials.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { parseRegistryReference } from '../../../src/oci/spec/reference.ts';
import { createStores } from '../../../src/oci/stores.ts';
import type { Stores } from '../../../src/oci/storesOptions.ts';
import { silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { unpack } from '../../../src/oci/transfer/unpack.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import { blob, emptyConfig, imageManifest, nestedIndex, put, putGraph, tagOf } from '../../support/artifacts.ts';
import { type DockerRegistry, startDockerRegistry } from '../../support/dockerRegistry.ts';
import { makeFolder, readTree, removeFolder } from '../../support/fileTree.ts';
import { tagsOf } from '../../support/stores.ts';
import { type Connected, connect } from '../remote/support.ts';

describe('between any two stores', () => {
  let folder: string;
  let registry: Connected;
  let real: DockerRegistry;
  let realStores: Stores;
  let stores = 0;
  beforeAll(async () => {
    real = await startDockerRegistry();
    realStores = createStores({ engine: 'undici', credentials: anonymous, logger: silentLogger, userAgent: 'test' });
  });
  afterAll(async () => {
    await realStores.close();
    await real[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    folder = await makeFolder();
    registry = await connect();
  });
  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    await removeFolder(folder);
  });

  type Make = () => Promise<Target & TagLister>;
  const kinds: readonly (readonly [kind: string, make: Make])[] = [
    ['memory', async () => new MemoryStore()],
    ['layout', () => LayoutStore.open(join(folder, `layout-${++stores}`), { create: true })],
    ['repository', async () => registry.repository(`team/product-${++stores}`)],
    [
      'repository of docker-registry',
      () => realStores.open(parseRegistryReference(`${real.host}/team/product-${++stores}`)),
    ],
  ];
  const pairs = kinds.flatMap(([from, makeSource]) =>
    kinds.map(([to, makeDestination]) => [from, to, makeSource, makeDestination] as const),
  );

  it.each(pairs)(
    'a graph moves whole, and a second time not at all: %s to %s',
    async (_from, _to, makeSource, makeDestination) => {
      const [source, destination] = [await makeSource(), await makeDestination()];
      const graph = nestedIndex();
      await putGraph(source, graph, 'v1');
      const tags = ['v1', 'latest'].map(tagOf);
      const first = await copy(source, tagOf('v1'), destination, { tags });
      expect(first).toMatchObject({ descriptor: graph.root.descriptor, blobs: { length: 6 } });
      for (const { descriptor, bytes } of graph.contents) {
        expect(await bytesOf(destination.read(descriptor))).toEqual(Buffer.from(bytes));
      }
      expect([...(await tagsOf(destination))].sort()).toEqual(['latest', 'v1']);
      expect((await validate(destination, [await destination.resolve(tagOf('latest'))])).problems).toEqual([]);
      const second = await copy(source, tagOf('v1'), destination, { tags });
      expect(second.blobs.filter(({ outcome }) => outcome !== 'existed')).toEqual([]);
      expect((await destination.resolve(tagOf('v1'))).digest).toBe(graph.root.descriptor.digest);
    },
  );

  it.each(kinds)('the files of an artifact come out of a %s as they went in', async (_kind, make) => {
    const store = await make();
    const layers = [
      blob('{}', { title: 'compiled_artifacts.json' }),
      blob(1, { size: 300_000, title: 'data/large.bin' }),
    ];
    const root = imageManifest(layers);
    for (const content of [emptyConfig, ...layers, root]) await put(store, content);
    const { files } = await unpack(store, root.descriptor, join(folder, 'out'));
    expect(files.map(({ digest, size }) => ({ digest, size }))).toEqual(
      layers.map(({ descriptor: { digest, size } }) => ({ digest, size })),
    );
    const tree = await readTree(join(folder, 'out'));
    expect(Object.keys(tree)).toEqual(['compiled_artifacts.json', 'data', 'data/large.bin']);
  });
});
