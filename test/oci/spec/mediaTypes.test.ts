import { describe, expect, it } from 'vitest';
import {
  ACCEPT_MANIFESTS,
  essenceOf,
  isImageIndexMediaType,
  isImageManifestMediaType,
  isManifestMediaType,
  isMediaType,
  MediaType,
  parseMediaType,
} from '../../../src/oci/spec/mediaTypes.ts';
import { failure } from '../../support/failure.ts';

describe('a media type', () => {
  it.each(['application/json', 'application/vnd.floe.compiled-artifacts.v1+json', 'a/b', `${'a'.repeat(127)}/b`])(
    'is %s',
    (text) => {
      expect(parseMediaType(text)).toBe(text);
    },
  );

  it.each([
    '',
    'json',
    'a/',
    '/b',
    'a/b/c',
    'a/b c',
    'a/b;c=d',
    'a/b\n',
    ' a/b',
    'a/\u00e9',
    `${'a'.repeat(128)}/b`,
    '-/b',
  ])('is not %j', (text) => {
    expect(isMediaType(text)).toBe(false);
    expect(() => parseMediaType(text)).toThrow(failure('INVALID_MEDIA_TYPE', { input: text }));
  });

  it('of a manifest is OCI or Docker, one or the other kind', () => {
    for (const type of [MediaType.imageManifest, MediaType.dockerManifest]) {
      expect([isImageManifestMediaType(type), isImageIndexMediaType(type)]).toEqual([true, false]);
    }
    for (const type of [MediaType.imageIndex, MediaType.dockerManifestList]) {
      expect([isImageManifestMediaType(type), isImageIndexMediaType(type)]).toEqual([false, true]);
    }
    expect(isManifestMediaType(MediaType.imageConfig)).toBe(false);
    expect(ACCEPT_MANIFESTS.split(', ').every(isManifestMediaType)).toBe(true);
    expect(ACCEPT_MANIFESTS.split(', ')).toHaveLength(4);
  });

  it('of a response is compared without parameters and case', () => {
    expect(essenceOf('Application/JSON ; charset=utf-8; q=1')).toBe('application/json');
    expect(essenceOf('')).toBe('');
  });
});
