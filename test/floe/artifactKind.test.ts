import { describe, expect, it } from 'vitest';
import { artifactKindOf, artifactKindOfType } from '../../src/floe/artifactKind.ts';
import { referrerKindOf } from '../../src/floe/referrerKind.ts';
import { parseManifest } from '../../src/oci/spec/manifest.ts';
import { verifyContent } from '../../src/oci/spec/verifiedContent.ts';
import { artifact, blob, imageIndex, imageManifest, type ManifestContent } from '../support/artifacts.ts';

const kindOf = ({ descriptor, bytes }: ManifestContent) =>
  artifactKindOf(parseManifest(verifyContent(descriptor, bytes)));
const withConfig = (mediaType: string) => imageManifest([blob(1)], {}, blob('{}', { mediaType }));

describe('the kind of an artifact', () => {
  it.each([
    ['floe', imageManifest([blob(1)], { artifactType: 'application/vnd.floe.compiled-artifacts.v1+json' })],
    ['helm', withConfig('application/vnd.cncf.helm.config.v1+json')],
    ['image', withConfig('application/vnd.oci.image.config.v1+json')],
    ['image', withConfig('application/vnd.docker.container.image.v1+json')],
    ['wasm', withConfig('application/vnd.wasm.config.v0+json')],
    ['model', imageManifest([blob(1)], { artifactType: 'application/vnd.cnai.model.manifest.v1+json' })],
    ['sbom', imageManifest([blob(1)], { artifactType: 'application/spdx+json' })],
    ['signature', imageManifest([blob(1)], { artifactType: 'application/vnd.cncf.notary.signature' })],
    ['other', imageManifest([blob(1)], { artifactType: 'application/vnd.acme.thing.v1' })],
  ])('is %s by its types', (kind, manifest) => {
    expect(kindOf(manifest)).toBe(kind);
  });

  it('of an index is an image when it has platforms, and nothing that we know when it has none', () => {
    const { root } = artifact(1);
    const platform = { os: 'linux', architecture: 'amd64' };
    const withPlatform = { ...root, descriptor: { ...root.descriptor, platform } };
    expect(kindOf(imageIndex([withPlatform]))).toBe('image');
    expect(kindOf(imageIndex([root]))).toBe('other');
  });
});

describe('the kind of an artifact of which a registry tells the type alone', () => {
  it.each([
    ['floe', 'application/vnd.floe.compiled-artifacts.v1+json'],
    ['helm', 'application/vnd.cncf.helm.config.v1+json'],
    ['model', 'application/vnd.ollama.image.model'],
    ['wasm', 'application/vnd.wasm.config.v0+json'],
    ['image', 'application/vnd.oci.image.config.v1+json'],
    ['image', 'application/vnd.docker.container.image.v1+json'],
    ['signature', 'application/vnd.cncf.notary.signature'],
    ['other', 'application/vnd.acme.thing.v1'],
  ])('is %s for %s', (kind, type) => {
    expect(artifactKindOfType(type)).toBe(kind);
  });
});

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

describe('what refers to an artifact', () => {
  it.each([
    ['signature', { artifactType: 'application/vnd.cncf.notary.signature' }],
    ['signature', { artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json' }],
    ['signature', { artifactType: BUNDLE, annotations: { 'dev.sigstore.bundle.content': 'message-signature' } }],
    [
      'signature',
      {
        artifactType: BUNDLE,
        annotations: { 'dev.sigstore.bundle.predicateType': 'https://sigstore.dev/cosign/sign/v1' },
      },
    ],
    ['attestation', { artifactType: BUNDLE, annotations: { 'dev.sigstore.bundle.content': 'dsse-envelope' } }],
    [
      'sbom',
      { artifactType: BUNDLE, annotations: { 'dev.sigstore.bundle.predicateType': 'https://spdx.dev/Document' } },
    ],
    ['sbom', { artifactType: 'application/vnd.cyclonedx+json' }],
    ['sbom', { artifactType: 'application/vnd.dev.cosign.artifact.sbom.v1+json' }],
    ['attestation', { artifactType: 'application/vnd.in-toto+json' }],
    ['other', { artifactType: 'application/vnd.acme.design.v1' }],
    ['other', {}],
  ])('is a %s by its type', (kind, referrer) => {
    expect(referrerKindOf(referrer)).toBe(kind);
  });
});
