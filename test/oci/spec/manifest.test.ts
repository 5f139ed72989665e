import { describe, expect, it } from 'vitest';
import { type Descriptor, EMPTY_DESCRIPTOR } from '../../../src/oci/spec/descriptor.ts';
import { artifactTypeOf, edgesOf, isImageIndex, type Manifest, parseManifest } from '../../../src/oci/spec/manifest.ts';
import { type ManifestMediaType, MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { verifyContent } from '../../../src/oci/spec/verifiedContent.ts';
import { blob, imageManifest, manifestOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';

const { imageManifest: MANIFEST, imageIndex: INDEX, dockerManifest, dockerManifestList } = MediaType;
const layer = blob(1).descriptor;
const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: EMPTY_DESCRIPTOR, layers: [layer] };
const index = { schemaVersion: 2, mediaType: INDEX, manifests: [imageManifest([]).descriptor] };

function parse(document: object | string, mediaType?: ManifestMediaType): Manifest {
  const { descriptor, bytes } = manifestOf(document, mediaType);
  return parseManifest(verifyContent(descriptor, bytes));
}

describe('a manifest', () => {
  it('is read with all its members, known or not', () => {
    const subject = imageManifest([]).descriptor;
    const document = { ...manifest, artifactType: 'a/b', subject, annotations: { a: 'b' }, 'x-own': { deep: [null] } };
    expect(parse(document)).toEqual(document);
    expect(isImageIndex(parse(document))).toBe(false);
    expect(isImageIndex(parse(index))).toBe(true);
  });

  it('may leave its media type to the descriptor', () => {
    const { mediaType: _, ...rest } = manifest;
    expect(parse(rest, MANIFEST)).toEqual(rest);
    expect(parse(rest, dockerManifest)).toEqual(rest);
  });

  it("is read in Docker's types as in OCI's", () => {
    expect(isImageIndex(parse({ ...manifest, mediaType: dockerManifest }))).toBe(false);
    expect(isImageIndex(parse({ ...index, mediaType: dockerManifestList }))).toBe(true);
  });

  it('may say null for an empty list or no annotations, as Go programs do', () => {
    expect(parse({ ...manifest, layers: null, annotations: null })).toEqual({ ...manifest, layers: [] });
    expect(parse({ ...index, manifests: null })).toEqual({ ...index, manifests: [] });
  });

  it.each([
    ['layers and manifests', { ...manifest, manifests: [] }, MANIFEST],
    ['manifests and layers', { ...index, layers: [] }, INDEX],
    ['manifests and a config', { ...index, config: EMPTY_DESCRIPTOR }, INDEX],
    ['manifests and layers, both null', { ...index, layers: null, manifests: null }, INDEX],
  ] as const)('is refused when it could be both: %s', (_, document, mediaType) => {
    expect(() => parse(document, mediaType)).toThrow(failure('INVALID_MANIFEST'));
  });

  it.each([
    ['an index', INDEX, MANIFEST],
    ["Docker's twin", dockerManifest, MANIFEST],
    ['something else', 'application/json', MANIFEST],
    ['nothing', null, MANIFEST],
    ['a number', 2, MANIFEST],
    ['a manifest', MANIFEST, INDEX],
  ] as const)('is refused when its own media type says %s', (_, mediaType, announced) => {
    const document = announced === INDEX ? index : manifest;
    expect(() => parse({ ...document, mediaType }, announced)).toThrow(
      failure('INVALID_MANIFEST', { path: 'mediaType' }),
    );
  });

  it.each([
    ['schemaVersion', { ...manifest, schemaVersion: 1 }],
    ['schemaVersion', { ...manifest, schemaVersion: '2' }],
    ['config', { ...manifest, config: undefined }],
    ['config', { ...manifest, config: null }],
    ['layers', { ...manifest, layers: undefined }],
    ['layers', { ...manifest, layers: {} }],
    ['layers.0', { ...manifest, layers: [null] }],
    ['layers.1.digest', { ...manifest, layers: [layer, { ...layer, digest: 'sha256:0' }] }],
    ['layers.0.size', { ...manifest, layers: [{ ...layer, size: -1 }] }],
    ['subject.size', { ...manifest, subject: { ...layer, size: 1.5 } }],
    ['annotations.a', { ...manifest, annotations: { a: 1 } }],
    ['artifactType', { ...manifest, artifactType: 1 }],
    ['manifests', { ...index, manifests: undefined }],
    ['manifests.0.mediaType', { ...index, manifests: [{ ...layer, mediaType: '' }] }],
  ])('is refused by the path of what is wrong: %s', (path, document) => {
    expect(() => parse(document)).toThrow(failure('INVALID_MANIFEST', { path }));
    expect(() => parse(document)).toThrow(` is not a manifest at ${path}: `);
  });

  it.each([
    [188, 200],
    [189, 201],
  ])('names a place of 200 characters, and of a longer one the beginning: with a key of %i', (length, shown) => {
    const key = 'a'.repeat(length);
    const path = shown === 200 ? `annotations.${key}` : `annotations.${key.slice(0, 188)}…`;
    const wrong = { ...manifest, annotations: { [key]: 1 } };
    expect(() => parse(wrong)).toThrow(failure('INVALID_MANIFEST', { path }));
  });

  it('is refused in the words of what is wrong', () => {
    const reason = 'is not a sha256 or sha512 digest';
    const wrong = { ...manifest, config: { ...layer, digest: 'sha256:0' } };
    expect(() => parse(wrong)).toThrow(failure('INVALID_MANIFEST', { path: 'config.digest', reason }));
    const reasons = [
      [{ ...manifest, schemaVersion: '2' }, 'schemaVersion', 'is not 2'],
      [{ ...manifest, annotations: ['a'] }, 'annotations', 'is missing, or not an object'],
      [{ ...manifest, layers: [{ ...layer, size: '5' }] }, 'layers.0.size', 'is missing, or not a number'],
      [{ ...manifest, mediaType: ['a'] }, 'mediaType', `is not ${MANIFEST}, which was announced`],
    ] as const;
    for (const [document, path, words] of reasons) {
      expect(() => parse(document, MANIFEST)).toThrow(failure('INVALID_MANIFEST', { path, reason: words }));
    }
    expect(() => parse('{', MANIFEST)).toThrow(/^sha256:\w+ is not a manifest: is not JSON$/);
  });

  it.each(['', '{', 'null', '[]', '"x"', '2', '<html></html>', '{"a":1}{', '\ufeff{}', "{'a':1}", 'NaN'])(
    'is not %j',
    (text) => {
      expect(() => parse(text, MANIFEST)).toThrow(failure('INVALID_MANIFEST', { path: '' }));
    },
  );

  it('is refused when it is not UTF-8', () => {
    const bytes = Buffer.from(JSON.stringify({ ...manifest, annotations: { a: 'é' } }), 'latin1');
    const { descriptor } = blob(bytes, { mediaType: MANIFEST });
    const content = verifyContent({ ...descriptor, mediaType: MANIFEST }, bytes);
    expect(() => parseManifest(content)).toThrow(failure('INVALID_MANIFEST', { reason: 'is not UTF-8' }));
  });

  it('is read or refused, not a crash, however deeply it nests', () => {
    const nested = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    expect(() => parse(nested, MANIFEST)).toThrow(failure('INVALID_MANIFEST'));
    expect(() => parse(`{"mediaType":${nested}}`, MANIFEST)).toThrow(
      failure('INVALID_MANIFEST', { path: 'mediaType' }),
    );
    const named = { ...manifest, annotations: { ['k'.repeat(1_000_000)]: 1 } };
    expect(() => parse(named, MANIFEST)).toThrow(/^.{1,400}$/s);
    const hidden = `${JSON.stringify(manifest).slice(0, -1)},"x":${nested}}`;
    expect(parse(hidden, MANIFEST)).toMatchObject({ layers: [layer] });
  });

  it('keeps a member called __proto__ from meaning anything', () => {
    const text = `${JSON.stringify(manifest).slice(0, -1)},"__proto__":{"artifactType":"a/b"}}`;
    expect(artifactTypeOf(parse(text, MANIFEST))).toBe(EMPTY_DESCRIPTOR.mediaType);
  });

  it('has its bytes checked before they are read', () => {
    const { descriptor, bytes } = manifestOf(manifest);
    expect(() => verifyContent({ ...descriptor, size: descriptor.size + 1 }, bytes)).toThrow(failure('SIZE_MISMATCH'));
    expect(() => verifyContent(descriptor, Buffer.from(bytes).fill(0x20, 0, 1))).toThrow(failure('DIGEST_MISMATCH'));
  });
});

describe('the edges of a manifest', () => {
  const subject: Descriptor = imageManifest([], { annotations: { a: 'b' } }).descriptor;

  it('are config, layers and subject, in the order of the document', () => {
    const other = blob(2).descriptor;
    expect(edgesOf(parse({ ...manifest, layers: [layer, other], subject }))).toEqual([
      { kind: 'config', descriptor: EMPTY_DESCRIPTOR },
      { kind: 'layer', descriptor: layer },
      { kind: 'layer', descriptor: other },
      { kind: 'subject', descriptor: subject },
    ]);
  });

  it('are manifests and subject for an index', () => {
    expect(edgesOf(parse({ ...index, subject })).map((edge) => edge.kind)).toEqual(['manifest', 'subject']);
  });
});

describe('the artifact type of a manifest', () => {
  it.each([
    ['what it says', { ...manifest, artifactType: 'a/b' }, 'a/b'],
    ["its config's media type when it says nothing", manifest, EMPTY_DESCRIPTOR.mediaType],
    [
      "its config's media type when it says the empty string",
      { ...manifest, artifactType: '' },
      EMPTY_DESCRIPTOR.mediaType,
    ],
    ['what an index says', { ...index, artifactType: 'a/b' }, 'a/b'],
    ['unknown for an index that says nothing', index, undefined],
  ])('is %s', (_, document, expected) => {
    expect(artifactTypeOf(parse(document))).toBe(expected);
  });
});
