import { describe, expect, it } from 'vitest';
import { mirrorArtifacts } from '../../src/floe/mirrorArtifacts.ts';
import { MemoryStore, OciError, packArtifact, parseTag, referrersTagOf } from '../../src/oci/index.ts';
import { artifact, putGraph } from '../support/artifacts.ts';
import { failure } from '../support/failure.ts';

/** Two artifacts, one of them signed, and the tag of a list of referrers. */
async function sourceOf() {
  const source = new MemoryStore('source');
  const subject = await putGraph(source, artifact(1), 'v1.0.0');
  await putGraph(source, artifact(2), 'main');
  await packArtifact(source, { artifactType: 'application/spdx+json', layers: [], subject });
  await putGraph(source, artifact(3), referrersTagOf(subject.digest));
  return { source, subject };
}

async function tagsOf(store: MemoryStore): Promise<readonly string[]> {
  return Array.fromAsync(store.tags());
}

describe('mirroring artifacts', () => {
  it('takes all tags but those of lists of referrers, which each place makes for itself', async () => {
    const { source, subject } = await sourceOf();
    const destination = new MemoryStore('destination');
    const { copied, failed } = await mirrorArtifacts(source, destination, { referrers: true });
    expect(failed).toEqual([]);
    expect(copied.map(({ tag, result }) => [tag, result.outcome, result.referrers.length])).toEqual([
      ['main', 'copied', 0],
      ['v1.0.0', 'copied', 1],
    ]);
    expect(await tagsOf(destination)).toEqual(['main', 'v1.0.0']);
    expect(await Array.fromAsync(destination.referrers(subject.digest))).toHaveLength(1);
    const again = await mirrorArtifacts(source, destination);
    expect(again.copied.map(({ result }) => result.outcome)).toEqual(['unchanged', 'unchanged']);
  });

  it('takes those that match', async () => {
    const { source } = await sourceOf();
    const destination = new MemoryStore();
    await mirrorArtifacts(source, destination, { filter: (tag) => tag.startsWith('v') });
    expect(await tagsOf(destination)).toEqual(['v1.0.0']);
  });

  it('takes the one tag that is named, whatever it is, and asks for no list', async () => {
    const { source, subject } = await sourceOf();
    const only = referrersTagOf(subject.digest);
    const destination = new MemoryStore();
    source.tags = () => expect.unreachable();
    await mirrorArtifacts(source, destination, { only });
    expect(await tagsOf(destination)).toEqual([only]);
  });

  it('leaves out what must not be used, and says so of each', async () => {
    const { source } = await sourceOf();
    const destination = new MemoryStore();
    const asked: string[] = [];
    const check = async (reference: string) => {
      asked.push(reference);
      if (reference.endsWith('main')) throw new OciError('UNSUPPORTED', 'no', { what: reference });
    };
    const { copied, failed } = await mirrorArtifacts(source, destination, { check });
    expect(asked.toSorted()).toEqual(['source:main', 'source:v1.0.0']);
    expect(copied.map(({ tag }) => tag)).toEqual(['v1.0.0']);
    expect(failed).toEqual([{ tag: 'main', error: failure('UNSUPPORTED') }]);
    expect(await tagsOf(destination)).toEqual(['v1.0.0']);
  });

  it('never moves a protected tag', async () => {
    const { source } = await sourceOf();
    const destination = new MemoryStore();
    const there = await putGraph(destination, artifact(9), 'v1.0.0');
    const { failed } = await mirrorArtifacts(source, destination);
    expect(failed).toEqual([{ tag: 'v1.0.0', error: failure('TAG_IMMUTABLE') }]);
    expect((await destination.resolve(parseTag('v1.0.0'))).digest).toBe(there.digest);
  });
});
