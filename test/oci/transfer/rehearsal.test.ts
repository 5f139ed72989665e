import { describe, expect, it } from 'vitest';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { Rehearsal } from '../../../src/oci/transfer/rehearsal.ts';
import { artifact, nestedIndex, putGraph, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, tagsOf } from '../../support/stores.ts';

describe('a rehearsal', () => {
  it('reports what the copy would do, and then does nothing', async () => {
    const [source, destination] = [new ObservedStore('source'), new ObservedStore('destination')];
    const graph = nestedIndex();
    const root = await putGraph(source, graph, 'v1');
    for (const content of graph.contents.slice(0, 2)) {
      await destination.write(content.descriptor, async function* () {
        yield content.bytes;
      });
    }
    const { length } = destination.calls;
    source.calls.length = 0;
    const rehearsed = await copy(source, tagOf('v1'), new Rehearsal(destination), { tags: [tagOf('v1')] });
    expect(destination.calls.slice(length).filter((call) => !call.startsWith('exists'))).toEqual([]);
    expect(await tagsOf(destination)).toEqual([]);
    const blobs = graph.contents.filter(
      ({ descriptor }) => !descriptor.mediaType.includes('manifest') && !descriptor.mediaType.includes('index'),
    );
    const readBlobs = source.calls.filter((call) =>
      blobs.some(({ descriptor }) => call === `read ${descriptor.digest}`),
    );
    expect(readBlobs).toEqual([]);

    const copied = await copy(source, tagOf('v1'), destination, { tags: [tagOf('v1')] });
    expect(rehearsed).toEqual(copied);
    expect((await destination.resolve(tagOf('v1'))).digest).toBe(root.digest);
  });

  it('knows what would be there by then', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const root = await putGraph(source, artifact(1), 'v1');
    const rehearsal = new Rehearsal(destination);
    await copy(source, root.digest, rehearsal, { tags: [tagOf('v1')] });
    expect((await rehearsal.resolve(tagOf('v1'))).digest).toBe(root.digest);
    expect((await copy(source, root.digest, rehearsal)).outcome).toBe('existed');
    await expect(rehearsal.resolve(tagOf('v2'))).rejects.toEqual(failure('NOT_FOUND'));
  });

  it('says that blobs are mounted where they would be, and manifests written', async () => {
    const [source, destination] = [new ObservedStore(), new ObservedStore()];
    const root = await putGraph(source, artifact(1));
    const { blobs, outcome } = await copy(source, root.digest, new Rehearsal(destination, 'mounted'));
    expect(blobs.map((each) => each.outcome)).toEqual(['mounted', 'mounted', 'mounted']);
    expect(outcome).toBe('written');
  });
});
