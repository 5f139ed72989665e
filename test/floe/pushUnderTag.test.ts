import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyArtifact } from '../../src/floe/copyArtifact.ts';
import { type Packed, pushUnderTag, type TagPush } from '../../src/floe/pushUnderTag.ts';
import {
  createStores,
  type Digest,
  LayoutStore,
  MemoryStore,
  parseReference,
  silentLogger,
  type Target,
  validate,
} from '../../src/oci/index.ts';
import { blobPath, newLayout } from '../oci/layout/support/layouts.ts';
import { type Connected, connect } from '../oci/remote/support.ts';
import { artifact, type Graph, multiPlatform, putGraph, tagOf } from '../support/artifacts.ts';
import { startDockerRegistry } from '../support/dockerRegistry.ts';
import type { Quirks } from '../support/registry/index.ts';
import { ObservedStore, UncheckedStore } from '../support/stores.ts';

const v1 = tagOf('v1.0.0');
const latest = tagOf('latest');

async function packed(graph: Graph): Promise<Packed> {
  const store = new MemoryStore('source');
  return { store, descriptor: await putGraph(store, graph) };
}

let connected: Connected;
const start = async (quirks: Quirks = {}): Promise<void> => {
  connected = await connect({ quirks });
};
beforeEach(() => start());
afterEach(() => connected[Symbol.asyncDispose]());

const PLACES: Readonly<Record<string, () => Promise<() => Promise<Target>>>> = {
  memory: async () => {
    const store = new MemoryStore();
    return async () => store;
  },
  'a layout': async () => {
    const { path } = await newLayout();
    return () => LayoutStore.open(path);
  },
  'a registry': async () => async () => connected.fresh(),
};

describe.each(Object.entries(PLACES))('pushes under one new protected tag at once, to %s', (_, place) => {
  const pushAll = async (graphs: readonly Graph[]): Promise<readonly PromiseSettledResult<TagPush>[]> => {
    const open = await place();
    const pushes = graphs.map(async (graph) => pushUnderTag(await open(), v1, await packed(graph)));
    return Promise.allSettled(pushes);
  };

  it.each([2, 10])('go well for one of %i that differ, and the others are told which', async (count) => {
    const results = await pushAll(Array.from({ length: count }, (_, i) => artifact(100 + i)));
    const winners = results.filter((result) => result.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    const existing = winners[0]?.value.descriptor.digest;
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      expect(result.reason).toMatchObject({
        code: 'TAG_IMMUTABLE',
        details: { existing, pushed: expect.not.stringMatching(existing ?? ''), onlyAnnotationsDiffer: false },
      });
    }
  });

  it.each([2, 10])('all go well for %i that are the same', async (count) => {
    const results = await pushAll(Array.from({ length: count }, () => artifact(99)));
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});

describe('a registry that ignores conditions', () => {
  const mine = artifact(1);
  const theirs = artifact(2);
  const others = (): Promise<unknown> => putGraph(connected.fresh(), theirs, 'v1.0.0');
  beforeEach(async () => {
    await connected[Symbol.asyncDispose]();
    await start({ conditionalPuts: false });
    await others();
    connected.server.repository('team/product').tags.clear();
  });

  it('is looked at once more beside the last upload, so that who was first meanwhile stays', async () => {
    const { tags } = connected.server.repository('team/product');
    connected.server.fail({
      method: 'POST',
      path: /uploads/,
      fault: () => {
        tags.set('v1.0.0', theirs.root.descriptor.digest);
        return undefined;
      },
    });
    connected.server.clearRequests();
    await expect(pushUnderTag(connected.fresh(), v1, await packed(mine))).rejects.toMatchObject({
      code: 'TAG_IMMUTABLE',
      details: { existing: theirs.root.descriptor.digest, pushed: mine.root.descriptor.digest },
    });
    expect(connected.server.requests({ method: 'PUT', path: /manifests/ })).toEqual([]);
  });

  it('takes no longer for that', async () => {
    connected.server.fail({ method: 'PUT', path: /uploads/, fault: { kind: 'delay', milliseconds: 100 } });
    connected.server.clearRequests();
    await pushUnderTag(connected.fresh(), v1, await packed(mine));
    const looks = connected.server.requests({ method: 'GET', path: /manifests\/v1\.0\.0$/ });
    // Before, beside the last upload, and after.
    expect(looks.map(({ overlap }) => overlap > 1)).toEqual([false, true, false]);
  });

  it('is not asked about a tag that may move, nor once more when nothing had to be sent', async () => {
    await pushUnderTag(connected.fresh(), latest, await packed(mine));
    const looks = (tag: RegExp): number => connected.server.requests({ method: 'GET', path: tag }).length;
    expect(looks(/manifests\/latest$/)).toBe(1);
    await pushUnderTag(connected.fresh(), v1, await packed(mine));
    expect(looks(/manifests\/v1\.0\.0$/)).toBe(2);
  });

  it('tells the loser afterwards when both saw no tag', async () => {
    const { tags } = connected.server.repository('team/product');
    connected.server.fail({
      method: 'GET',
      path: /manifests\/v1\.0\.0$/,
      skip: 2,
      fault: () => {
        tags.set('v1.0.0', theirs.root.descriptor.digest);
        return undefined;
      },
    });
    await expect(pushUnderTag(connected.fresh(), v1, await packed(mine))).rejects.toMatchObject({
      code: 'TAG_RACE',
      details: { expected: mine.root.descriptor.digest, actual: theirs.root.descriptor.digest },
    });
  });
});

describe("Debian's docker-registry, which takes no notice of conditions", () => {
  const pushAll = async (graphs: readonly Graph[]) => {
    await using server = await startDockerRegistry();
    const stores = createStores({
      engine: 'undici',
      credentials: { credentialFor: async () => undefined },
      // It answers 500 to some of those who write the same at the same moment.
      retry: { maxAttempts: 8, initialDelayMs: 5 },
      circuitBreaker: { enabled: false },
      logger: silentLogger,
      userAgent: 'test',
    });
    const open = (): Promise<Target> => stores.open(parseReference(`oci://${server.host}/team/product`));
    const results = await Promise.allSettled(
      graphs.map(async (graph) => pushUnderTag(await open(), v1, await packed(graph))),
    );
    const { digest } = await (await open()).resolve(v1);
    await stores.close();
    return { results, digest };
  };

  it('never has under the tag what somebody was told has failed, and tells the others but for a narrow order', async () => {
    const { results, digest } = await pushAll(Array.from({ length: 6 }, (_, i) => artifact(200 + i)));
    const pushed = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.descriptor.digest] : []));
    expect(pushed).toContain(digest);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason.code).toMatch(/^TAG_(?:IMMUTABLE|RACE)$/);
    }
  });

  it('takes the same from all', async () => {
    const { results } = await pushAll(Array.from({ length: 6 }, () => artifact(210)));
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});

describe('pushing again to a layout', () => {
  const graph = multiPlatform(3);
  const root = graph.root.descriptor;
  const firstOf = (kind: 'layer' | 'manifest'): Digest => {
    const at =
      kind === 'layer' ? 1 : graph.contents.findIndex(({ descriptor }) => /manifest/.test(descriptor.mediaType));
    return graph.contents[at]?.descriptor.digest as Digest;
  };
  const DAMAGES: Readonly<Record<string, (path: string) => Promise<void>>> = {
    removed: (path) => rm(path),
    shortened: (path) => truncate(path, 1),
    altered: async (path) => {
      const bytes = await readFile(path);
      bytes[3] = (bytes[3] ?? 0) ^ 0xff;
      await writeFile(path, bytes);
    },
  };
  const PARTS = { layer: firstOf('layer'), 'platform manifest': firstOf('manifest'), 'manifest itself': root.digest };
  const cases = Object.keys(DAMAGES).flatMap((damage) => Object.keys(PARTS).map((part) => [part, damage] as const));

  it.each(cases)('puts back the %s that was %s', async (part, damage) => {
    const layout = await newLayout();
    await pushUnderTag(layout, v1, await packed(graph));
    await DAMAGES[damage]?.(blobPath(layout, PARTS[part as keyof typeof PARTS]));

    const push = async (): Promise<string> => {
      const again = await LayoutStore.open(layout.path);
      return (await pushUnderTag(again, v1, await packed(graph))).outcome;
    };
    expect(await push()).toBe('pushed');
    expect((await validate(layout, [root])).problems).toEqual([]);
    expect(await push()).toBe('unchanged');
  });

  it.each(cases)('through a copy without a tag, puts back the %s that was %s', async (part, damage) => {
    const layout = await newLayout();
    const { store } = await packed(graph);
    const source = store as MemoryStore;
    await copyArtifact(source, root, layout);
    await DAMAGES[damage]?.(blobPath(layout, PARTS[part as keyof typeof PARTS]));
    expect((await copyArtifact(source, root, layout)).outcome).toBe('copied');
    expect((await validate(layout, [root])).problems).toEqual([]);
    expect((await copyArtifact(source, root, layout)).outcome).toBe('unchanged');
  });

  it('under another tag puts back what was altered, too', async () => {
    const layout = await newLayout();
    await pushUnderTag(layout, v1, await packed(graph));
    await DAMAGES['altered']?.(blobPath(layout, PARTS.layer));
    await pushUnderTag(layout, latest, await packed(graph));
    expect((await validate(layout, [root])).problems).toEqual([]);
  });

  it('keeps a protected tag for the manifest that it has lost', async () => {
    const layout = await newLayout();
    await pushUnderTag(layout, v1, await packed(graph));
    await rm(blobPath(layout, root.digest));
    await expect(pushUnderTag(layout, v1, await packed(artifact(5)))).rejects.toMatchObject({
      code: 'TAG_IMMUTABLE',
      details: { existing: root.digest, pushed: artifact(5).root.descriptor.digest, onlyAnnotationsDiffer: false },
    });
  });
});

describe('pushing again', () => {
  it('asks a store that sees to its closure for the tag alone', async () => {
    const store = new ObservedStore();
    await pushUnderTag(store, v1, await packed(artifact(6)));
    store.calls.length = 0;
    expect((await pushUnderTag(store, v1, await packed(artifact(6)))).outcome).toBe('unchanged');
    expect(store.calls).toEqual(['resolve v1.0.0']);
  });

  it('looks through a store that promises nothing, and has changed nothing when all is there', async () => {
    const store = new UncheckedStore();
    await pushUnderTag(store, v1, await packed(artifact(7)));
    expect(await pushUnderTag(store, v1, await packed(artifact(7)))).toMatchObject({ outcome: 'unchanged', blobs: [] });
  });
});
