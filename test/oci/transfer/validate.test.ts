import { describe, expect, it } from 'vitest';
import { GRAPH_LIMITS } from '../../../src/oci/content/graph.ts';
import { OciError } from '../../../src/oci/errors.ts';
import type { Descriptor } from '../../../src/oci/spec/descriptor.ts';
import type { Digest } from '../../../src/oci/spec/digest.ts';
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
  putGraph,
} from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, turns, untilCancelled } from '../../support/stores.ts';

/** Gives whatever bytes it was told to, unlike a store that keeps its promises. */
class CarelessStore extends ObservedStore {
  readonly #served = new Map<Digest, Uint8Array>();

  serve(...contents: readonly Content[]): this {
    for (const { descriptor, bytes } of contents) this.#served.set(descriptor.digest, bytes);
    return this;
  }

  damage({ digest }: Descriptor, bytes: Uint8Array | undefined): void {
    if (bytes) this.#served.set(digest, bytes);
    else this.#served.delete(digest);
  }

  override async exists({ digest }: Descriptor): Promise<boolean> {
    return this.#served.has(digest);
  }

  override async *read(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
    const bytes = this.#served.get(descriptor.digest);
    if (bytes) yield bytes;
    else yield* super.read(descriptor);
  }
}

const flipped = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes).fill((bytes[0] ?? 0) ^ 1, 0, 1);
const codes = ({ problems }: Awaited<ReturnType<typeof validate>>) =>
  problems.map(({ descriptor, error }) => [descriptor.digest, error.code]);

describe('validating', () => {
  it('checks everything below the roots once, and finds nothing wrong', async () => {
    const graph = multiPlatform(1);
    const store = new CarelessStore().serve(...graph.contents);
    const { checked, problems } = await validate(store, [graph.root.descriptor, graph.root.descriptor]);
    expect(problems).toEqual([]);
    expect(checked[0]).toEqual({ descriptor: graph.root.descriptor });
    expect(checked.map(({ descriptor }) => descriptor.digest).sort()).toEqual(
      graph.contents.map(({ descriptor }) => descriptor.digest).sort(),
    );
  });

  it('finds a flipped bit, a missing blob and a blob that is too long, each with the way to it', async () => {
    const graph = multiPlatform(1, 3);
    const store = new CarelessStore().serve(...graph.contents);
    const [a, b, c] = [100, 101, 102].map((seed) => artifact(seed));
    const layer = (of: typeof a): Content => of?.contents[1] as Content;
    store.damage(layer(a).descriptor, flipped(layer(a).bytes));
    store.damage(layer(b).descriptor, undefined);
    store.damage(layer(c).descriptor, Buffer.concat([layer(c).bytes, Buffer.from('x')]));
    const report = await validate(store, [graph.root.descriptor]);
    expect(codes(report)).toEqual([
      [layer(a).descriptor.digest, 'DIGEST_MISMATCH'],
      [layer(b).descriptor.digest, 'NOT_FOUND'],
      [layer(c).descriptor.digest, 'SIZE_MISMATCH'],
    ]);
    expect(report.problems[0]?.path).toEqual([graph.root.descriptor.digest, a?.root.descriptor.digest]);
    expect(report.checked).toHaveLength(graph.contents.length);
  });

  it('finds a damaged manifest, and goes on beside it', async () => {
    const graph = multiPlatform(1);
    const store = new CarelessStore().serve(...graph.contents);
    const [a, b] = [artifact(100), artifact(101)];
    store.damage(a.root.descriptor, flipped(a.root.bytes));
    const report = await validate(store, [graph.root.descriptor]);
    expect(codes(report)).toEqual([[a.root.descriptor.digest, 'DIGEST_MISMATCH']]);
    for (const { descriptor } of b.contents) expect(report.checked).toContainEqual({ descriptor });
  });

  it('finds a manifest that is none, and one that is too large', async () => {
    const nonsense = manifestOf('{}', 'application/vnd.oci.image.manifest.v1+json');
    const huge = imageManifest([], { annotations: { a: 'b' } });
    const root = imageIndex([nonsense, { ...huge, descriptor: { ...huge.descriptor, size: 9 * 1024 * 1024 } }]);
    const store = new CarelessStore().serve(nonsense, huge, root);
    expect(codes(await validate(store, [root.descriptor]))).toEqual([
      [nonsense.descriptor.digest, 'INVALID_MANIFEST'],
      [huge.descriptor.digest, 'LIMIT_EXCEEDED'],
    ]);
  });

  it('finds that two descriptors of one blob contradict each other', async () => {
    const layer = blob(1);
    const root = imageManifest([layer, { ...layer, descriptor: { ...layer.descriptor, size: 63 } }]);
    const store = new CarelessStore().serve(emptyConfig, layer, root);
    expect(codes(await validate(store, [root.descriptor]))).toEqual([[layer.descriptor.digest, 'SIZE_MISMATCH']]);
  });

  it('follows a subject where it is, and does not miss it where it is not', async () => {
    const subject = artifact(1);
    const root = imageManifest([], { subject: subject.root.descriptor });
    const store = new CarelessStore().serve(emptyConfig, root);
    expect(await validate(store, [root.descriptor])).toMatchObject({ checked: { length: 2 }, problems: [] });
    store.serve(...subject.contents);
    const layer = subject.contents[1] as Content;
    store.damage(layer.descriptor, flipped(layer.bytes));
    expect(codes(await validate(store, [root.descriptor]))).toEqual([[layer.descriptor.digest, 'DIGEST_MISMATCH']]);
  });

  it('says what is wrong with the roots themselves', async () => {
    const { descriptor } = artifact(1).root;
    const { checked, problems } = await validate(new CarelessStore(), [descriptor]);
    expect(checked).toEqual([{ descriptor }]);
    expect(problems).toEqual([{ descriptor, path: [], error: failure('NOT_FOUND') }]);
  });

  it('changes nothing', async () => {
    const graph = multiPlatform(1);
    const store = new ObservedStore();
    await putGraph(store, graph);
    store.calls.length = 0;
    await validate(store, [graph.root.descriptor]);
    expect(store.calls.filter((call) => !call.startsWith('read '))).toEqual([]);
  });

  it('fails when it cannot look, rather than call the content wrong', async () => {
    const store = new ObservedStore();
    const graph = multiPlatform(1, 3);
    await putGraph(store, graph);
    const bad = graph.contents[1]?.descriptor.digest;
    store.interfere = async (_, digest) => {
      if (digest !== bad) return;
      await turns(2);
      throw new OciError('REGISTRY_UNAVAILABLE', 'gone', { registry: 'x', reason: 'gone', status: null });
    };
    await expect(validate(store, [graph.root.descriptor])).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(store.running).toBe(0);
  });

  it('is cancelled by the signal, and nothing is running when it returns', async () => {
    const store = new ObservedStore();
    const graph = multiPlatform(1, 3);
    await putGraph(store, graph);
    const controller = new AbortController();
    store.interfere = async (_, digest, signal) => {
      if (digest === graph.root.descriptor.digest) return;
      controller.abort();
      await untilCancelled(signal);
    };
    const validated = validate(store, [graph.root.descriptor], { signal: controller.signal });
    await expect(validated).rejects.toEqual(failure('CANCELLED'));
    expect(store.running).toBe(0);
  });

  it('refuses a graph that is deeper than anybody needs', async () => {
    const store = new CarelessStore();
    let root = imageIndex([]);
    store.serve(root);
    for (let i = 0; i <= GRAPH_LIMITS.depth; i++) {
      root = imageIndex([root]);
      store.serve(root);
    }
    await expect(validate(store, [root.descriptor])).rejects.toEqual(failure('LIMIT_EXCEEDED'));
  });
});
