import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReferrerLister, ReferrersOptions, TagLister, Target } from '../../src/oci/content/store.ts';
import type { ManifestDescriptor } from '../../src/oci/spec/descriptor.ts';
import type { Digest } from '../../src/oci/spec/digest.ts';
import { artifact, emptyConfig, imageIndex, imageManifest, type ManifestContent, put, putGraph } from './artifacts.ts';
import { failure } from './failure.ts';
import { gathered, type StoreUnderTest } from './storeContract.ts';

export interface ReferrersUnderTest extends StoreUnderTest {
  readonly store: Target & TagLister & ReferrerLister;
}

const SIGNATURE = 'application/vnd.example.signature.v1';
const SBOM = 'application/vnd.example.sbom.v1+json';

/** An artifact of this type about a subject, its own for each name. */
export function referrerOf(subject: ManifestContent, artifactType: string, name = 'one'): ManifestContent {
  const { mediaType, digest, size } = subject.descriptor;
  const annotations = { 'org.example.name': name, 'org.example.note': 'as it is: "ä", <b>' };
  return imageManifest([], { artifactType, subject: { mediaType, digest, size }, annotations });
}

/** What every store must do that lists referrers. `make` is called for each test. */
export function referrerContract(name: string, make: () => Promise<ReferrersUnderTest>): void {
  describe(`${name}, as a list of referrers`, () => {
    let subject: ReferrersUnderTest;
    let store: ReferrersUnderTest['store'];
    const graph = artifact(70);
    const { digest } = graph.root.descriptor;
    beforeEach(async () => {
      subject = await make();
      store = subject.store;
      await putGraph(store, graph, 'v1');
    });
    afterEach(() => subject.cleanup());

    const referrers = (of: Digest = digest, options?: ReferrersOptions): Promise<readonly ManifestDescriptor[]> =>
      gathered(store.referrers(of, options));
    const digests = async (options?: ReferrersOptions): Promise<readonly Digest[]> =>
      (await referrers(digest, options)).map((referrer) => referrer.digest).sort();

    it('has none for a manifest that nothing refers to, and for one that is not there', async () => {
      expect(await referrers()).toEqual([]);
      expect(await referrers(artifact(71).root.descriptor.digest)).toEqual([]);
    });

    it('describes a referrer by its type and all its annotations', async () => {
      const { descriptor, bytes } = referrerOf(graph.root, SIGNATURE);
      await put(store, { descriptor, bytes });
      const { annotations } = JSON.parse(Buffer.from(bytes).toString()) as { annotations: object };
      expect(await referrers()).toEqual([{ ...descriptor, artifactType: SIGNATURE, annotations }]);
    });

    it("takes the config's media type for that of an artifact that does not say", async () => {
      const { mediaType, digest: of, size } = graph.root.descriptor;
      const config = { ...emptyConfig, descriptor: { ...emptyConfig.descriptor, mediaType: SBOM } };
      const referrer = imageManifest([], { subject: { mediaType, digest: of, size } }, config);
      await put(store, referrer);
      expect(await referrers()).toEqual([{ ...referrer.descriptor, artifactType: SBOM }]);
    });

    it('has each once, however often it was written, in one type or all', async () => {
      const [signature, sbom] = [referrerOf(graph.root, SIGNATURE), referrerOf(graph.root, SBOM)];
      for (const content of [signature, sbom, signature]) await put(store, content);
      await put(store, sbom, 'tagged');
      const both = [signature.descriptor.digest, sbom.descriptor.digest].sort();
      expect(await digests()).toEqual(both);
      expect(await digests({ artifactType: SBOM })).toEqual([sbom.descriptor.digest]);
      expect(await digests({ artifactType: 'application/vnd.example.other' })).toEqual([]);
    });

    it('has an index that refers to a manifest, and not what the index is made of', async () => {
      const { mediaType, size } = graph.root.descriptor;
      const part = artifact(72);
      await putGraph(store, part);
      const index = imageIndex([part.root], { artifactType: SBOM, subject: { mediaType, digest, size } });
      await put(store, index);
      expect(await digests()).toEqual([index.descriptor.digest]);
      expect(await referrers(part.root.descriptor.digest)).toEqual([]);
    });

    it('has what refers to a referrer under that one alone', async () => {
      const sbom = referrerOf(graph.root, SBOM);
      const signature = referrerOf(sbom, SIGNATURE);
      await put(store, sbom);
      await put(store, signature);
      expect(await digests()).toEqual([sbom.descriptor.digest]);
      expect((await referrers(sbom.descriptor.digest)).map((one) => one.digest)).toEqual([signature.descriptor.digest]);
    });

    it('has what was there before its subject', async () => {
      const late = artifact(73);
      const signature = referrerOf(late.root, SIGNATURE);
      await put(store, signature);
      expect(await referrers(late.root.descriptor.digest)).toHaveLength(1);
      await putGraph(store, late);
      expect(await referrers(late.root.descriptor.digest)).toHaveLength(1);
    });

    it('loses none of those that are written at once', async () => {
      const all = Array.from({ length: 8 }, (_, i) => referrerOf(graph.root, SIGNATURE, String(i)));
      await Promise.all(all.map((referrer) => put(store, referrer)));
      expect(await digests()).toEqual(all.map(({ descriptor }) => descriptor.digest).sort());
    });

    it('does nothing when it was cancelled before it began', async () => {
      const listed = referrers(digest, { signal: AbortSignal.abort() });
      await expect(listed).rejects.toEqual(failure('CANCELLED'));
    });
  });
}
