import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/oci/content/memoryStore.ts';
import type { ReferrersOptions } from '../../../src/oci/content/store.ts';
import type { ManifestDescriptor } from '../../../src/oci/spec/descriptor.ts';
import type { Digest } from '../../../src/oci/spec/digest.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { copyReferrers } from '../../../src/oci/transfer/copyReferrers.ts';
import { Rehearsal } from '../../../src/oci/transfer/rehearsal.ts';
import {
  artifact,
  blob,
  emptyConfig,
  imageManifest,
  type ManifestContent,
  multiPlatform,
  put,
  putGraph,
} from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { ObservedStore, writtenTo } from '../../support/stores.ts';
import { connect } from '../remote/support.ts';

function referrerOf(subject: ManifestDescriptor, text: string): ManifestContent {
  const { mediaType, digest, size } = subject;
  return imageManifest([blob(text)], {
    subject: { mediaType, digest, size },
    artifactType: 'application/vnd.example.sbom',
  });
}

async function refer(store: MemoryStore, subject: ManifestDescriptor, text: string): Promise<ManifestDescriptor> {
  const referrer = referrerOf(subject, text);
  for (const content of [emptyConfig, blob(text), referrer]) await put(store, content);
  return referrer.descriptor;
}

const digestsIn = async (store: MemoryStore, subject: Digest): Promise<readonly Digest[]> =>
  (await Array.fromAsync(store.referrers(subject))).map(({ digest }) => digest).sort();

describe('copying referrers', () => {
  it('takes those of an index, of its manifests, and theirs', async () => {
    const source = new MemoryStore('source');
    const destination = new MemoryStore('destination');
    const graph = multiPlatform(1);
    const root = await putGraph(source, graph);
    const manifests = graph.contents.filter(
      ({ descriptor }) => descriptor.mediaType === 'application/vnd.oci.image.manifest.v1+json',
    );
    const [first] = manifests.map(({ descriptor }) => descriptor as ManifestDescriptor);
    const sbom = await refer(source, root, 'sbom');
    const signature = await refer(source, sbom, 'signature of the sbom');
    const platform = await refer(source, first as ManifestDescriptor, 'sbom of a platform');
    await refer(source, (await putGraph(source, artifact(9))) as ManifestDescriptor, 'of something else');

    await copy(source, root.digest, destination);
    const copied = await copyReferrers(source, root, destination);
    expect(copied.map(({ descriptor, subject }) => [descriptor.digest, subject]).sort()).toEqual(
      [
        [sbom.digest, root.digest],
        [platform.digest, first?.digest],
        [signature.digest, sbom.digest],
      ].sort(),
    );
    expect(await digestsIn(destination, root.digest)).toEqual([sbom.digest]);
    expect(await digestsIn(destination, sbom.digest)).toEqual([signature.digest]);
  });

  it('moves nothing a second time', async () => {
    const source = new MemoryStore();
    const destination = new ObservedStore();
    const root = await putGraph(source, artifact(1));
    await refer(source, root, 'sbom');
    await copy(source, root.digest, destination);
    await copyReferrers(source, root, destination);
    const before = writtenTo(destination).length;
    const again = await copyReferrers(source, root, destination);
    expect(again).toMatchObject([{ outcome: 'existed', blobs: [] }]);
    expect(writtenTo(destination)).toHaveLength(before);
  });

  it('lists one that an interrupted run left unlisted', async () => {
    await using registry = await connect({ quirks: { referrersApi: false } });
    const destination = registry.repository();
    const source = new MemoryStore();
    const root = await putGraph(source, artifact(1));
    const sbom = referrerOf(root, 'sbom');
    await refer(source, root, 'sbom');
    await copy(source, root.digest, destination);
    const stored = registry.server.repository('team/product');
    stored.putBlob('sbom');
    stored.putManifest(sbom.bytes, sbom.descriptor.mediaType);
    expect(await Array.fromAsync(destination.referrers(root.digest))).toEqual([]);

    expect(await copyReferrers(source, root, destination)).toMatchObject([{ outcome: 'existed' }]);
    const listed = await Array.fromAsync(registry.fresh().referrers(root.digest));
    expect(listed.map(({ digest }) => digest)).toEqual([sbom.descriptor.digest]);
  });

  it('writes nothing in a rehearsal, and says what it would', async () => {
    const source = new MemoryStore();
    const destination = new ObservedStore();
    const root = await putGraph(source, artifact(1));
    await refer(source, root, 'sbom');
    await copyReferrers(source, root, new Rehearsal(destination));
    expect(writtenTo(destination)).toEqual([]);
  });

  it('is not led in a circle', async () => {
    const source = new (class extends MemoryStore {
      override async *referrers(_subject: Digest, _options?: ReferrersOptions): AsyncGenerator<ManifestDescriptor> {
        yield* [root, other];
      }
    })();
    const root = await putGraph(source, artifact(1));
    const other = await putGraph(source, artifact(2));
    const destination = new MemoryStore();
    expect(await copyReferrers(source, root, destination)).toHaveLength(1);
  });

  it('ends at chains that nobody makes in good faith', async () => {
    const source = new MemoryStore();
    const root = await putGraph(source, artifact(1));
    let subject = root;
    for (let i = 0; i < 40; i++) subject = await refer(source, subject, `link ${i}`);
    const destination = new MemoryStore();
    await copy(source, root.digest, destination);
    await expect(copyReferrers(source, root, destination)).rejects.toEqual(failure('LIMIT_EXCEEDED'));
  });
});
