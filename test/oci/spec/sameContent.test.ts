import { describe, expect, it } from 'vitest';
import { descriptorOf, EMPTY_DESCRIPTOR } from '../../../src/oci/spec/descriptor.ts';
import type { ImageManifest } from '../../../src/oci/spec/manifest.ts';
import { hasSameContent } from '../../../src/oci/spec/sameContent.ts';

const layer = descriptorOf('application/vnd.example', Buffer.from('a layer'));
const other = descriptorOf('application/vnd.example', Buffer.from('another'));
const artifact: ImageManifest = {
  schemaVersion: 2,
  artifactType: 'application/vnd.example',
  config: EMPTY_DESCRIPTOR,
  layers: [layer, other],
};

describe('two manifests have the same content', () => {
  it('when they differ in annotations alone', () => {
    const annotations = { key: 'value' };
    const layers = [{ ...layer, annotations }, other];
    expect(hasSameContent(artifact, { ...artifact, annotations, layers })).toBe(true);
  });

  it.each([
    ['the kind of artifact', { artifactType: 'application/vnd.other' }],
    ['the config', { config: other }],
    ['a layer', { layers: [layer] }],
    ['the order of layers', { layers: [other, layer] }],
    ['the type of a layer', { layers: [{ ...layer, mediaType: 'application/vnd.other' }, other] }],
  ])('not when they differ in %s', (_what, difference) => {
    expect(hasSameContent(artifact, { ...artifact, ...difference })).toBe(false);
  });
});
