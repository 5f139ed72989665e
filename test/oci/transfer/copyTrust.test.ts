import { describe, expect, it } from 'vitest';
import type { WriteOptions } from '../../../src/oci/content/store.ts';
import { OciError } from '../../../src/oci/errors.ts';
import type { Descriptor } from '../../../src/oci/spec/descriptor.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import { artifact, type Graph, nestedIndex, putGraph, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, writtenTo } from '../../support/stores.ts';

describe('a destination that contradicts itself', () => {
  /** Claims to have what it lacks until that is written once more, and enforces closure by what it really has. */
  class Lying extends ObservedStore {
    readonly claims = new Set<string>();
    override async exists(descriptor: Descriptor): Promise<boolean> {
      return this.claims.has(descriptor.digest) || super.exists(descriptor);
    }
    override async write(descriptor: Descriptor, source: () => AsyncIterable<Uint8Array>, options: WriteOptions = {}) {
      if (this.claims.has(descriptor.digest) && !options.rewrite) return 'existed';
      return super.write(descriptor, source, options);
    }
  }

  it.each([
    ['a child', (graph: Graph) => [graph.contents.at(-4)]],
    ['a grandchild', (graph: Graph) => [graph.contents.at(-3), graph.contents.at(-2)]],
    ['a layer', (graph: Graph) => [graph.contents[1]]],
  ])('is healed by a second walk without trust: it lied about %s', async (_, lies) => {
    const [source, destination] = [new ObservedStore(), new Lying()];
    const graph = nestedIndex();
    await putGraph(source, graph, 'v1');
    for (const content of lies(graph)) destination.claims.add(content?.descriptor.digest ?? '');
    await copy(source, tagOf('v1'), destination, { tags: [tagOf('v1')] });
    destination.claims.clear();
    const report = await validate(destination, [await destination.resolve(tagOf('v1'))]);
    expect(report.problems).toEqual([]);
    expect(report.checked).toHaveLength(graph.contents.length);
  });

  it('is walked twice, not for ever', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const graph = artifact(1);
    const { digest } = await putGraph(source, graph, 'v1');
    destination.interfere = (call, name) => {
      if (call === 'write' && name === digest) {
        throw new OciError('MISSING_REFERENCE', 'never content', { manifest: digest, missing: [] });
      }
    };
    await expect(copy(source, tagOf('v1'), destination)).rejects.toEqual(failure('MISSING_REFERENCE'));
    expect(writtenTo(destination).filter((name) => name === digest)).toHaveLength(2);
  });
});
