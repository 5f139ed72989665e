import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import { sourceOf } from '../../../src/oci/content/verify.ts';
import { attach } from '../../../src/oci/transfer/attach.ts';
import { planRemoval } from '../../../src/oci/transfer/planRemoval.ts';
import { artifact, blob, putGraph, tagOf } from '../../support/artifacts.ts';

const SBOM = 'application/spdx+json';
const note = blob('{}', { title: 'sbom.json', mediaType: SBOM });
const parts = { artifactType: SBOM, layers: [{ ...note.descriptor, open: sourceOf(note.bytes) }] };

describe('attaching', () => {
  it('makes an artifact without a tag that its subject knows of', async () => {
    const store = new MemoryStore('memory');
    const subject = await putGraph(store, artifact(1), '1.0.0');
    const { descriptor, outcome } = await attach(store, subject, parts);
    expect(outcome).toBe('pushed');
    expect(await Array.fromAsync(store.referrers(subject.digest))).toMatchObject([
      { digest: descriptor.digest, artifactType: SBOM },
    ]);
    expect(await Array.fromAsync(store.tags())).toEqual(['1.0.0']);
  });

  it('the same again changes nothing', async () => {
    const store = new MemoryStore('memory');
    const subject = await putGraph(store, artifact(1), '1.0.0');
    const first = await attach(store, subject, parts);
    const second = await attach(store, subject, parts);
    expect(second).toMatchObject({ descriptor: { digest: first.descriptor.digest }, outcome: 'unchanged' });
  });
});

describe('the plan of a removal', () => {
  it('has all tags that go and what refers to it, and removes nothing', async () => {
    const store = new MemoryStore('memory');
    const subject = await putGraph(store, artifact(1), '1.0.0', 'latest');
    await putGraph(store, artifact(2), '2.0.0');
    const { descriptor } = await attach(store, subject, parts);
    const plan = await planRemoval(store, tagOf('latest'));
    expect(plan.descriptor.digest).toBe(subject.digest);
    expect(plan.tags).toEqual(['1.0.0', 'latest']);
    expect(plan.referrers.map(({ digest }) => digest)).toEqual([descriptor.digest]);
    expect(await Array.fromAsync(store.tags())).toEqual(['1.0.0', '2.0.0', 'latest']);
  });
});
