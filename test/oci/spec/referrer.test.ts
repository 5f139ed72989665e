import { describe, expect, it } from 'vitest';
import { descriptorOf, EMPTY_DESCRIPTOR } from '../../../src/oci/spec/descriptor.ts';
import type { ImageManifest } from '../../../src/oci/spec/manifest.ts';
import { MediaType } from '../../../src/oci/spec/mediaTypes.ts';
import { describeReferrer } from '../../../src/oci/spec/referrer.ts';

const descriptor = descriptorOf(MediaType.imageManifest, Buffer.from('a manifest'));
const manifest: ImageManifest = { schemaVersion: 2, config: EMPTY_DESCRIPTOR, layers: [] };

describe('a referrer in a list', () => {
  it('has the kind of artifact and the annotations of its manifest', () => {
    const says = { artifactType: 'application/vnd.example', annotations: { key: 'value' } };
    expect(describeReferrer(descriptor, { ...manifest, ...says })).toEqual({ ...descriptor, ...says });
  });

  it('is known by the type of its config where it says no kind', () => {
    const config = { ...EMPTY_DESCRIPTOR, mediaType: 'application/vnd.example.config' };
    expect(describeReferrer(descriptor, { ...manifest, config })).toEqual({
      ...descriptor,
      artifactType: 'application/vnd.example.config',
    });
  });

  it('has no members for what its manifest does not say', () => {
    const index = { schemaVersion: 2, manifests: [], annotations: {} } as const;
    expect(Object.keys(describeReferrer(descriptor, index))).toEqual(['mediaType', 'digest', 'size']);
  });

  it('has none of what else its own descriptor says', () => {
    const annotated = { ...descriptor, annotations: { of: 'the list it was in' } };
    expect(describeReferrer(annotated, manifest).annotations).toBeUndefined();
  });
});
