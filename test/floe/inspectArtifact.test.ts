import { describe, expect, it } from 'vitest';
import { packCompiledArtifacts } from '../../src/floe/artifact.ts';
import { inspectArtifact } from '../../src/floe/inspectArtifact.ts';
import {
  descriptorOf,
  digestOf,
  EMPTY_CONTENT,
  EMPTY_DESCRIPTOR,
  MediaType,
  MemoryStore,
  packArtifact,
  parseTag,
  sourceOf,
} from '../../src/oci/index.ts';
import { FULL_DOCUMENT, fixture } from './documents.ts';
import { pushPythonForm } from './pythonForm.ts';

const tag = parseTag('v2.0.1');

describe('inspecting an artifact', () => {
  it('tells what the manifest says', async () => {
    const store = new MemoryStore('registry.example/ports/harbour-traffic');
    const { bytes } = fixture(FULL_DOCUMENT);
    const { digest } = await packCompiledArtifacts(store, bytes, { tags: [tag] });
    const layer = {
      mediaType: 'application/vnd.floe.compiled-artifacts.v1+json',
      digest: digestOf(bytes),
      size: bytes.length,
      annotations: { 'org.opencontainers.image.title': 'compiled_artifacts.json' },
    };
    expect(await inspectArtifact(store, tag)).toEqual({
      reference: 'registry.example/ports/harbour-traffic:v2.0.1',
      digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.floe.compiled-artifacts.v1+json',
      size: bytes.length,
      created: '2026-03-02T05:06:07.125000Z',
      annotations: expect.objectContaining({ 'io.floe.product.name': 'harbour-traffic' }),
      config: EMPTY_DESCRIPTOR,
      layers: [layer],
      subject: null,
      product: { name: 'harbour-traffic', version: '2.0.1' },
      signatureStatus: 'unknown',
      promotionStatus: 'unknown',
    });
    expect((await inspectArtifact(store, digest)).reference).toBe(`registry.example/ports/harbour-traffic@${digest}`);
  });

  it("reads what floe's Python client writes", async () => {
    const store = new MemoryStore();
    const { bytes } = fixture(FULL_DOCUMENT);
    await pushPythonForm(store, bytes, [tag]);
    expect(await inspectArtifact(store, tag)).toMatchObject({
      artifactType: 'application/vnd.unknown.config.v1+json',
      size: bytes.length,
      created: '2026-11-23T20:29:14.268302Z',
      product: { name: 'harbour-traffic', version: '2.0.1' },
    });
  });

  it('makes up nothing that a manifest does not say', async () => {
    const store = new MemoryStore();
    await packArtifact(
      store,
      { artifactType: 'text/x', layers: [], annotations: { 'org.opencontainers.image.created': 'soon' } },
      { tags: [tag] },
    );
    expect(await inspectArtifact(store, tag)).toMatchObject({ created: null, product: null, subject: null });
  });

  it('takes neither a signature nor its absence for granted', async () => {
    const store = new MemoryStore();
    const annotations = { 'dev.floe.signature.bundle': 'e30=', 'dev.floe.promotion': '{}' };
    await packArtifact(store, { artifactType: 'text/x', layers: [], annotations }, { tags: [tag] });
    expect(await inspectArtifact(store, tag)).toMatchObject({
      signatureStatus: 'unknown',
      promotionStatus: 'promoted',
    });
  });

  it('tells the manifests of an index', async () => {
    const store = new MemoryStore();
    const child = await packArtifact(store, { artifactType: 'text/x', layers: [] });
    const bytes = new TextEncoder().encode(
      JSON.stringify({ schemaVersion: 2, mediaType: MediaType.imageIndex, manifests: [child] }),
    );
    await store.write(descriptorOf(MediaType.imageIndex, bytes), sourceOf(bytes), { tags: [tag] });
    expect(await inspectArtifact(store, tag)).toMatchObject({
      mediaType: MediaType.imageIndex,
      artifactType: null,
      size: null,
      config: null,
      layers: [],
      manifests: [child],
    });
  });

  it('says that there is no such tag', async () => {
    const store = new MemoryStore();
    await store.write(EMPTY_DESCRIPTOR, sourceOf(EMPTY_CONTENT));
    await expect(inspectArtifact(store, tag)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { kind: 'tag' } });
  });
});
