import { describe, expect, it } from 'vitest';
import type { WriteOptions } from '../../../src/oci/content/store.ts';
import { bytesOf } from '../../../src/oci/content/verify.ts';
import type { Descriptor } from '../../../src/oci/spec/descriptor.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import type { TransferEvent } from '../../../src/oci/transfer/events.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import {
  artifact,
  blob,
  type Content,
  emptyConfig,
  imageIndex,
  imageManifest,
  manifestOf,
  multiPlatform,
  nestedIndex,
  put,
  putGraph,
  seededBytes,
  tagOf,
} from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, tagsOf, UncheckedStore, writtenTo } from '../../support/stores.ts';

describe('copying', () => {
  it.each([1, 4])(
    'moves each node once, children first, the root last and tagged: concurrency %d',
    async (concurrency) => {
      const [source, destination] = [new ObservedStore('from'), new ObservedStore('to')];
      const graph = nestedIndex();
      await putGraph(source, graph, 'v1');
      source.calls.length = 0;
      const result = await copy(source, tagOf('v1'), destination, {
        tags: ['1.0.0', 'latest'].map(tagOf),
        concurrency,
      });

      expect(destination.peak).toBeLessThanOrEqual(concurrency);
      const order = writtenTo(destination);
      expect([...order].sort()).toEqual(graph.contents.map(({ descriptor }) => descriptor.digest).sort());
      for (const { descriptor, bytes } of graph.contents.slice(-4)) {
        const below = [
          ...Buffer.from(bytes)
            .toString()
            .matchAll(/"digest":"([^"]+)"/g),
        ].map(([, digest]) => digest);
        expect(below.length).toBeGreaterThan(0);
        for (const digest of below) expect(order.indexOf(digest ?? '')).toBeLessThan(order.indexOf(descriptor.digest));
      }
      expect(order.at(-1)).toBe(graph.root.descriptor.digest);
      expect(source.calls.filter((call) => call.startsWith('read '))).toHaveLength(graph.contents.length);
      expect(result).toMatchObject({ descriptor: graph.root.descriptor, outcome: 'written' });
      for (const tag of ['1.0.0', 'latest']) {
        expect(await destination.resolve(tagOf(tag))).toEqual(graph.root.descriptor);
      }
      expect((await validate(destination, [result.descriptor])).problems).toEqual([]);
    },
  );

  it('says in graph order what became of each blob', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const graph = nestedIndex();
    const [, shared] = graph.contents as [Content, Content];
    await putGraph(source, graph, 'v1');
    await put(destination, shared);
    const { blobs } = await copy(source, tagOf('v1'), destination);
    const [config, , a, b, c, d] = graph.contents.map(({ descriptor }) => descriptor.digest);
    expect(blobs.map(({ descriptor, outcome }) => [descriptor.digest, outcome])).toEqual([
      [config, 'written'],
      [shared.descriptor.digest, 'existed'],
      [a, 'written'],
      [b, 'written'],
      [c, 'written'],
      [d, 'written'],
    ]);
  });

  it('copies by digest, and gives no tag where none was asked for', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const { digest } = await putGraph(source, artifact(1), 'v1');
    await copy(source, digest, destination);
    expect(await destination.resolve(digest)).toMatchObject({ digest });
    expect(await tagsOf(destination)).toEqual([]);
  });

  it('writes the exact bytes of a manifest', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const config = JSON.stringify(emptyConfig.descriptor);
    const root = manifestOf(`{ "layers":[],\n"config":${config}, "x-own": 1.0, "schemaVersion":2}\n`);
    await putGraph(source, { root, contents: [emptyConfig, root] });
    await copy(source, root.descriptor.digest, destination);
    expect(await bytesOf(destination.read(root.descriptor))).toEqual(Buffer.from(root.bytes));
  });

  it('streams: a blob is read as it is taken, and again from its start when the store asks again', async () => {
    const chunk = seededBytes(1, 1024);
    const layer = blob(Buffer.concat(Array.from({ length: 100 }, () => chunk)));
    let produced = 0;
    class Producer extends ObservedStore {
      override read(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
        if (descriptor.digest !== layer.descriptor.digest) return super.read(descriptor);
        return (async function* () {
          for (produced = 0; produced < 100; produced++) yield chunk;
        })();
      }
    }
    let taken = 0;
    class Consumer extends ObservedStore {
      override async write(descriptor: Descriptor, source: () => AsyncIterable<Uint8Array>, options: WriteOptions) {
        if (descriptor.digest === layer.descriptor.digest) {
          for await (const _ of source()) expect(produced - taken++).toBeLessThanOrEqual(1);
        }
        return super.write(descriptor, source, options);
      }
    }
    const [source, destination] = [new Producer(), new Consumer()];
    const root = imageManifest([layer]);
    await putGraph(source, { root, contents: [emptyConfig, layer, root] }, 'v1');
    await copy(source, tagOf('v1'), destination);
    expect([taken, produced]).toEqual([100, 100]);
    expect(await bytesOf(destination.read(layer.descriptor))).toEqual(Buffer.from(layer.bytes));
  });

  it('tells where content comes from, so that a store can take it without moving bytes', async () => {
    const origins = new Set<unknown>();
    class Mounting extends ObservedStore {
      override write(descriptor: Descriptor, source: () => AsyncIterable<Uint8Array>, options: WriteOptions) {
        origins.add(options.origin);
        return super.write(descriptor, source, options);
      }
    }
    const source = new ObservedStore();
    await putGraph(source, artifact(1), 'v1');
    await copy(source, tagOf('v1'), new Mounting());
    expect([...origins]).toEqual([source]);
  });
});

describe('copying what is there already', () => {
  it('asks an enforcing destination for the root alone, and only adds the tag', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const graph = multiPlatform(1);
    const { digest } = await putGraph(source, graph, 'v1');
    await putGraph(destination, graph);
    source.calls.length = 0;
    destination.calls.length = 0;
    const result = await copy(source, tagOf('v1'), destination, { tags: [tagOf('v2')] });
    expect(result).toEqual({ descriptor: graph.root.descriptor, outcome: 'existed', changed: false, blobs: [] });
    expect(source.calls).toEqual(['resolve v1']);
    expect(destination.calls).toEqual([`exists ${digest}`, 'tag v2']);
  });

  it('skips a known sub-graph, not its siblings', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const [known, unknown] = [artifact(1), artifact(2)];
    const root = imageIndex([known.root, unknown.root]);
    await putGraph(source, { root, contents: [...known.contents, ...unknown.contents, root] }, 'v1');
    await putGraph(destination, known);
    destination.calls.length = 0;
    await copy(source, tagOf('v1'), destination);
    const [, a, b] = unknown.contents.map(({ descriptor }) => descriptor.digest);
    expect([...writtenTo(destination)].sort()).toEqual(
      [emptyConfig.descriptor.digest, a, b, unknown.root.descriptor.digest, root.descriptor.digest].sort(),
    );
  });

  it('looks below a manifest that a destination has without promising anything, and repairs it', async () => {
    const source = new ObservedStore();
    const graph = multiPlatform(1);
    await putGraph(source, graph, 'v1');
    const lost = graph.contents[1] as Content;
    class Forgetful extends UncheckedStore {
      forgetting = true;
      override async exists(descriptor: Descriptor): Promise<boolean> {
        return !(this.forgetting && descriptor.digest === lost.descriptor.digest) && super.exists(descriptor);
      }
    }
    const destination = new Forgetful();
    await putGraph(destination, graph);
    destination.calls.length = 0;
    await copy(source, tagOf('v1'), destination, { tags: [tagOf('v1')] });
    expect([...writtenTo(destination)].sort()).toEqual(graph.contents.map((c) => c.descriptor.digest).sort());
    expect(await destination.resolve(tagOf('v1'))).toEqual(graph.root.descriptor);
  });
});

describe('the subject of a manifest', () => {
  const subject = artifact(1);
  const referrer = imageManifest([], { subject: subject.root.descriptor });
  const graph = { root: referrer, contents: [emptyConfig, referrer] };

  it('is not copied, nor need it exist', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    await putGraph(source, graph, 'v1');
    await copy(source, tagOf('v1'), destination);
    await putGraph(source, subject);
    const again = new ObservedStore();
    await copy(source, tagOf('v1'), again);
    for (const store of [destination, again]) expect(await store.exists(subject.root.descriptor)).toBe(false);
  });

  it('is copied on request, where the source has it', async () => {
    const source = new ObservedStore();
    await putGraph(source, graph, 'v1');
    const follow = () => true;
    const without = new ObservedStore();
    await copy(source, tagOf('v1'), without, { follow });
    expect(await without.exists(subject.root.descriptor)).toBe(false);
    await putGraph(source, subject);
    const withSubject = new ObservedStore();
    await copy(source, tagOf('v1'), withSubject, { follow });
    expect((await validate(withSubject, [subject.root.descriptor])).problems).toEqual([]);
  });

  it('is one of the references that can be left out', async () => {
    const source = new ObservedStore();
    const destination = new UncheckedStore();
    const { root, contents } = multiPlatform(1);
    await putGraph(source, { root, contents }, 'v1');
    const wanted = artifact(100).root.descriptor.digest;
    await expect(
      copy(source, tagOf('v1'), destination, {
        follow: ({ kind, descriptor }) => kind !== 'manifest' || descriptor.digest === wanted,
      }),
    ).rejects.toEqual(failure('MISSING_REFERENCE', { missing: [artifact(101).root.descriptor.digest] }));
    expect(await destination.exists(artifact(100).root.descriptor)).toBe(true);
  });
});

describe('the events of a copy', () => {
  it('tell how much of each blob has passed, and how each write ended', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const layer = blob(1, { size: 1000 });
    const root = imageManifest([layer]);
    await putGraph(source, { root, contents: [emptyConfig, layer, root] }, 'v1');
    await put(destination, emptyConfig);
    const events: TransferEvent[] = [];
    await copy(source, tagOf('v1'), destination, { concurrency: 1, onEvent: (event) => events.push(event) });
    const [config, blobs, manifest] = [emptyConfig, layer, root].map(({ descriptor }) => descriptor);
    expect(events).toEqual([
      { kind: 'started', descriptor: config },
      { kind: 'finished', descriptor: config, outcome: 'existed' },
      { kind: 'started', descriptor: blobs },
      { kind: 'progress', descriptor: blobs, bytes: 1000 },
      { kind: 'finished', descriptor: blobs, outcome: 'written' },
      { kind: 'started', descriptor: manifest },
      { kind: 'finished', descriptor: manifest, outcome: 'written' },
    ]);
  });
});
