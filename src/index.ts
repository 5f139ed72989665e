/** The library, as `import 'floe-oci'` gives it: the OCI core, and what is floe's on top of it. */

export * from './floe/annotations.ts';
export * from './floe/artifactKind.ts';
export * from './floe/artifactSigner.ts';
export * from './floe/compiledArtifacts.ts';
export * from './floe/diffArtifacts.ts';
export * from './floe/findSignatures.ts';
export * from './floe/floeClient.ts';
export * from './floe/inspectArtifact.ts';
export * from './floe/listTags.ts';
export * from './floe/nextVersion.ts';
export * from './floe/promotionReader.ts';
export * from './floe/pullArtifact.ts';
export * from './floe/pushArtifact.ts';
export * from './floe/registryManifest.ts';
export * from './floe/secrets.ts';
export * from './floe/signatureVerifier.ts';
export * from './floe/tagPolicy.ts';
export * from './floe/verificationPolicy.ts';
export * from './floe/versionConstraint.ts';
export * from './oci/index.ts';
