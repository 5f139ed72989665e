import { describe, expect, it } from 'vitest';
import {
  descriptorOf,
  descriptorSchema,
  EMPTY_DESCRIPTOR,
  isManifestDescriptor,
} from '../../../src/oci/spec/descriptor.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { verifyContent } from '../../../src/oci/spec/verifiedContent.ts';
import { blob } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';

const valid = { mediaType: 'application/json', digest: `sha256:${'0'.repeat(64)}`, size: 1 };
const platform = { architecture: 'arm64', os: 'linux' };
const isValid = (json: unknown): boolean => descriptorSchema.safeParse(json).success;

describe('a descriptor', () => {
  it('keeps members it does not know', () => {
    const json = {
      ...valid,
      annotations: { a: 'b' },
      'x-own': { deep: [1] },
      urls: ['https://x.test/'],
      data: 'e30=',
      platform,
    };
    expect(descriptorSchema.parse(json)).toEqual(json);
  });

  it.each([
    ['without a digest', { mediaType: 'a/b', size: 1 }],
    ['with an unknown algorithm', { ...valid, digest: `md5:${'0'.repeat(32)}` }],
    ['with a digest that climbs', { ...valid, digest: 'sha256:../../x' }],
    ['with a digest in a list', { ...valid, digest: [valid.digest] }],
    ['with a negative size', { ...valid, size: -1 }],
    ['with half a byte', { ...valid, size: 0.5 }],
    ['with a size that JavaScript cannot count', { ...valid, size: 2 ** 53 }],
    ['with a size in words', { ...valid, size: '1' }],
    ['with an empty media type', { ...valid, mediaType: '' }],
    ['with a media type that is a sentence', { ...valid, mediaType: 'not a media type' }],
    ['with a media type of two lines', { ...valid, mediaType: 'a/b;c\nd' }],
    ['with a media type of 513 characters', { ...valid, mediaType: `a/b;${'x'.repeat(509)}` }],
    ['with an endless media type', { ...valid, mediaType: `a/b${';'.repeat(100_000)}` }],
    ['with annotations that are numbers', { ...valid, annotations: { a: 1 } }],
    ['with a platform that names no system', { ...valid, platform: { architecture: 'amd64' } }],
    ['with a platform that names no processor', { ...valid, platform: { os: 'linux' } }],
    ['with a version of a system that is a number', { ...valid, platform: { ...platform, 'os.version': 10 } }],
    ['with a variant that is a number', { ...valid, platform: { ...platform, variant: 8 } }],
    ['that is a list', [valid]],
    ['that is null', null],
  ])('is refused %s', (_, json) => {
    expect(isValid(json)).toBe(false);
  });

  it('may have no bytes', () => {
    expect(isValid({ ...valid, size: 0 })).toBe(true);
  });

  it.each([
    'application/vnd.dev.sigstore.bundle+json;version=0.2',
    'text/plain; charset=utf-8',
    `a/b;${'x'.repeat(508)}`,
  ])('is read although its media type has parameters: %s', (mediaType) => {
    expect(isValid({ ...valid, mediaType })).toBe(true);
  });

  it('of the empty content is the one the spec prints', () => {
    expect(EMPTY_DESCRIPTOR).toEqual({
      mediaType: 'application/vnd.oci.empty.v1+json',
      digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      size: 2,
    });
  });

  it('is a manifest descriptor by its media type alone', () => {
    expect(isManifestDescriptor(descriptorOf(MediaType.dockerManifestList, new Uint8Array()))).toBe(true);
    expect(isManifestDescriptor(descriptorOf('application/json', new Uint8Array()))).toBe(false);
  });
});

describe('content', () => {
  it.each(['sha256', 'sha512'] as const)('is verified against its %s digest and its size', (algorithm) => {
    const { descriptor, bytes } = blob(1, { algorithm });
    expect(verifyContent(descriptor, bytes)).toEqual({ descriptor, bytes });
    expect(() => verifyContent(descriptor, bytes.subarray(1))).toThrow(failure('SIZE_MISMATCH', { actual: 63 }));
    expect(() => verifyContent(descriptor, blob(2).bytes)).toThrow(
      failure('DIGEST_MISMATCH', { expected: descriptor.digest, actual: blob(2, { algorithm }).descriptor.digest }),
    );
  });
});
