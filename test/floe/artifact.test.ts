import { describe, expect, it } from 'vitest';
import { compiledArtifactsLayer, isFloeArtifact, packCompiledArtifacts, productOf } from '../../src/floe/artifact.ts';
import {
  type Annotations,
  type Descriptor,
  digestOf,
  type ImageManifest,
  type Manifest,
  MediaType,
  MemoryStore,
  parseManifest,
  readVerified,
} from '../../src/oci/index.ts';
import { changed, documentOf, documentOfText, FULL_DOCUMENT, fixture, minimalDocument } from './documents.ts';

const TYPE = 'application/vnd.floe.compiled-artifacts.v1+json';

async function pack(bytes: Uint8Array, options: { annotations?: Annotations; provenance?: Annotations } = {}) {
  const store = new MemoryStore();
  const descriptor = await packCompiledArtifacts(store, bytes, options);
  const content = await readVerified(store, descriptor);
  return { store, descriptor, content, manifest: parseManifest(content) as ImageManifest };
}

describe('packing compiled artifacts', () => {
  it('gives the manifest of the contract, byte for byte', async () => {
    const { bytes } = fixture(FULL_DOCUMENT);
    const { content, descriptor } = await pack(bytes);
    expect(JSON.parse(new TextDecoder().decode(content.bytes))).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: TYPE,
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
      },
      layers: [
        {
          mediaType: TYPE,
          digest: digestOf(bytes),
          size: bytes.length,
          annotations: { 'org.opencontainers.image.title': 'compiled_artifacts.json' },
        },
      ],
      annotations: {
        'io.floe.artifacts.version': '0.10.0',
        'io.floe.product.name': 'harbour-traffic',
        'io.floe.product.version': '2.0.1',
        'org.opencontainers.image.created': '2026-03-02T05:06:07.125000Z',
      },
    });
    // Golden: what was pushed with one version of this program must be unchanged for the next.
    expect(descriptor.digest).toBe('sha256:6bd88cffceb2323cf96e2cc2f725cc231c151b70b011811629a27da64ef3f810');
  });

  it('keeps the exact bytes of the document', async () => {
    const { bytes } = documentOfText('{ "metadata" : {"product_name":"a\\u0062"},\r\n  "later": 1e2 }\n\n');
    const { store, manifest } = await pack(bytes);
    const layer = compiledArtifactsLayer(manifest);
    expect(layer && (await readVerified(store, layer)).bytes).toEqual(Buffer.from(bytes));
  });

  it('gives the same digest for the same content and annotations, in whatever order they come', async () => {
    const { bytes } = documentOf(minimalDocument());
    const one = await pack(bytes, { annotations: { a: '1', b: '2' } });
    const two = await pack(bytes, { annotations: { b: '2', a: '1' } });
    const other = await pack(bytes, { annotations: { a: '1', b: '3' } });
    expect(two.descriptor.digest).toBe(one.descriptor.digest);
    expect(other.descriptor.digest).not.toBe(one.descriptor.digest);
  });

  it("lets the caller's annotations win over provenance, and both over the document's", async () => {
    const { bytes } = documentOf(minimalDocument());
    const { manifest } = await pack(bytes, {
      annotations: { 'io.floe.product.name': 'mine', 'org.opencontainers.image.source': 'mine' },
      provenance: { 'org.opencontainers.image.source': 'git', 'io.floe.product.version': 'git' },
    });
    expect(manifest.annotations).toMatchObject({
      'io.floe.product.name': 'mine',
      'org.opencontainers.image.source': 'mine',
      'io.floe.product.version': 'git',
      'io.floe.artifacts.version': '0.10.0',
    });
  });

  it.each([
    ['2026-04-18T07:42:11.503212Z', '2026-04-18T07:42:11.503212Z'],
    ['2026-04-18T07:42:11+00:00', '2026-04-18T07:42:11Z'],
    ['2026-04-18T09:42:11.5+02:00', '2026-04-18T09:42:11.5+02:00'],
    ['2026-04-18 07:42:11', '2026-04-18T07:42:11Z'],
    ['2026-04-18t07:42:11z', '2026-04-18T07:42:11Z'],
    ['2026-02-30T00:00:00Z', undefined],
    ['2026-04-18T25:00:00Z', undefined],
    ['2026-04-18', undefined],
    ['yesterday', undefined],
  ])('writes a compile time of %s as %s', async (compiledAt, created) => {
    const document = changed(minimalDocument(), ['metadata', 'compiled_at'], compiledAt);
    const { manifest } = await pack(documentOf(document).bytes);
    expect(manifest.annotations?.['org.opencontainers.image.created']).toBe(created);
  });

  it.each(['', '[1]', 'not JSON', '{"metadata":null,"version":7}'])(
    'says nothing about a document that is %j',
    async (text) => {
      const { manifest } = await pack(documentOfText(text).bytes);
      expect(manifest.annotations).toBeUndefined();
      expect(isFloeArtifact(manifest)).toBe(true);
    },
  );
});

const blob = (mediaType: string, title?: string): Descriptor => ({
  mediaType,
  digest: digestOf(`${mediaType} ${title}`),
  size: 1,
  ...(title !== undefined && { annotations: { 'org.opencontainers.image.title': title } }),
});
const manifestOf = (members: Partial<ImageManifest>): Manifest => ({
  schemaVersion: 2,
  config: blob('application/vnd.unknown.config.v1+json'),
  layers: [blob(MediaType.imageLayerTar)],
  ...members,
});

describe('a floe artifact', () => {
  const layer = blob(MediaType.imageLayerTar, 'compiled_artifacts.json');

  it.each([
    ['its artifact type', manifestOf({ artifactType: TYPE })],
    ['the type of its config, where there is no artifact type', manifestOf({ config: blob(TYPE) })],
    ['the media type of a layer', manifestOf({ layers: [blob('text/plain'), blob(TYPE)] })],
    ['the title of a layer', manifestOf({ layers: [layer] })],
    ['its product', manifestOf({ annotations: { 'io.floe.product.name': 'tides' } })],
  ])('is known by %s', (_, manifest) => {
    expect(isFloeArtifact(manifest)).toBe(true);
  });

  it('is nothing else', () => {
    const others = [
      manifestOf({}),
      manifestOf({ artifactType: 'application/vnd.example.compiled-artifacts.v1+json' }),
      manifestOf({ layers: [blob('application/json', 'compiled_artifacts.json.sig')] }),
      { schemaVersion: 2, manifests: [blob(MediaType.imageManifest)] } satisfies Manifest,
    ];
    expect(others.filter(isFloeArtifact)).toEqual([]);
  });

  it("has its document in the titled layer, as in what floe's Python client writes", () => {
    expect(compiledArtifactsLayer(manifestOf({ layers: [blob(TYPE), layer] }))).toBe(layer);
  });

  it('has its document in the layer of our type where no layer is titled', () => {
    const document = blob(TYPE);
    expect(compiledArtifactsLayer(manifestOf({ layers: [blob('text/plain', 'notes'), document] }))).toBe(document);
  });

  it('has no document in a compressed layer', () => {
    const layers = [blob(MediaType.imageLayerTarGzip, 'compiled_artifacts.json')];
    expect(compiledArtifactsLayer(manifestOf({ layers }))).toBeUndefined();
  });

  it('has a product with or without a version', () => {
    const annotations = { 'io.floe.product.name': 'tides' };
    expect(productOf(manifestOf({ annotations }))).toEqual({ name: 'tides', version: null });
    expect(productOf(manifestOf({}))).toBeNull();
  });
});
