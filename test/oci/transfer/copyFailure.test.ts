import { describe, expect, it } from 'vitest';
import { GRAPH_LIMITS } from '../../../src/oci/content/graph.ts';
import { OciError } from '../../../src/oci/errors.ts';
import type { Descriptor } from '../../../src/oci/spec/descriptor.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import {
  artifact,
  type Content,
  imageIndex,
  type ManifestContent,
  manifestOf,
  multiPlatform,
  putGraph,
  tagOf,
} from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, tagsOf, turns, untilCancelled, writtenTo } from '../../support/stores.ts';

/** Serves any manifest, unlike a store that looks at what is written to it. */
class UncheckedSource extends ObservedStore {
  readonly #served = new Map<string, ManifestContent>();

  serve(content: ManifestContent): void {
    this.#served.set(content.descriptor.digest, content);
  }

  override async resolve(reference: string): Promise<ManifestContent['descriptor']> {
    return (this.#served.get(reference) as ManifestContent).descriptor;
  }

  override async *read(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
    yield (this.#served.get(descriptor.digest) as ManifestContent).bytes;
  }
}

describe('a copy that fails', () => {
  it('never lets a corrupt blob land, nor the manifest and the tag above it', async () => {
    const graph = artifact(1);
    const corrupt = graph.contents[1] as Content;
    class Corrupt extends ObservedStore {
      override async *read(descriptor: Descriptor): AsyncGenerator<Uint8Array> {
        if (descriptor.digest !== corrupt.descriptor.digest) yield* super.read(descriptor);
        else yield Buffer.from(corrupt.bytes).fill(0, 0, 1);
      }
    }
    const [source, destination] = [new Corrupt(), new ObservedStore()];
    await putGraph(source, graph, 'v1');
    const result = copy(source, tagOf('v1'), destination, { tags: [tagOf('v1')] });
    await expect(result).rejects.toEqual(failure('DIGEST_MISMATCH', { expected: corrupt.descriptor.digest }));
    expect(await destination.exists(corrupt.descriptor)).toBe(false);
    expect(await destination.exists(graph.root.descriptor)).toBe(false);
    expect(await tagsOf(destination)).toEqual([]);
  });

  it('says what was not found', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    await expect(copy(source, tagOf('v1'), destination)).rejects.toEqual(failure('NOT_FOUND', { kind: 'tag' }));
    expect(destination.calls).toEqual([]);
  });

  it('stops everything else, and nothing is running when it returns', async () => {
    const [source, destination] = [new ObservedStore('from'), new ObservedStore('to')];
    const graph = multiPlatform(1, 3);
    await putGraph(source, graph, 'v1');
    const [, bad] = graph.contents.map(({ descriptor }) => descriptor.digest);
    destination.interfere = async (call, digest, signal) => {
      if (call !== 'write') return;
      if (digest !== bad) return untilCancelled(signal);
      await turns(3);
      throw new OciError('REGISTRY_UNAVAILABLE', 'gone', { registry: 'to', reason: 'gone', status: 503 });
    };
    const begun = destination.calls.length;
    const result = copy(source, tagOf('v1'), destination, { concurrency: 16 });
    await expect(result).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect([source.running, destination.running]).toEqual([0, 0]);
    const calls = [...source.calls, ...destination.calls];
    await turns(10);
    expect([...source.calls, ...destination.calls]).toEqual(calls);
    expect(destination.calls.length).toBeGreaterThan(begun + 2);
  });

  it('is cancelled by the signal, and nothing is running when it returns', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const graph = multiPlatform(1, 3);
    await putGraph(source, graph, 'v1');
    const controller = new AbortController();
    destination.interfere = async (call, _, signal) => {
      if (call !== 'write') return;
      if (destination.running > 3) controller.abort();
      await untilCancelled(signal);
    };
    const { signal } = controller;
    const result = copy(source, tagOf('v1'), destination, { signal, tags: [tagOf('v1')] });
    await expect(result).rejects.toEqual(failure('CANCELLED'));
    expect([source.running, destination.running]).toEqual([0, 0]);
    expect(await tagsOf(destination)).toEqual([]);
  });

  it('does nothing when it is cancelled before it begins', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    await putGraph(source, artifact(1), 'v1');
    const result = copy(source, tagOf('v1'), destination, { signal: AbortSignal.abort() });
    await expect(result).rejects.toEqual(failure('CANCELLED'));
    expect(destination.calls).toEqual([]);
  });

  it('refuses a manifest that is none, before anything is written', async () => {
    const source = new UncheckedSource();
    const root = manifestOf('<html>not today</html>', 'application/vnd.oci.image.manifest.v1+json');
    source.serve(root);
    const destination = new ObservedStore();
    const result = copy(source, root.descriptor.digest, destination);
    await expect(result).rejects.toEqual(failure('INVALID_MANIFEST'));
    expect(writtenTo(destination)).toEqual([]);
  });

  it('refuses a graph that is deeper than anybody needs', async () => {
    const source = new UncheckedSource();
    let root = imageIndex([]);
    source.serve(root);
    for (let i = 0; i <= GRAPH_LIMITS.depth; i++) {
      root = imageIndex([root]);
      source.serve(root);
    }
    const destination = new ObservedStore();
    const result = copy(source, root.descriptor.digest, destination);
    await expect(result).rejects.toEqual(failure('LIMIT_EXCEEDED', { limit: GRAPH_LIMITS.depth }));
    expect(writtenTo(destination)).toEqual([]);
  });
});
