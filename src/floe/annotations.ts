/** Annotations of a floe artifact's manifest, besides the pre-defined ones. floe writes two prefixes: `io.` and `dev.`. */
export const FloeAnnotation = {
  productName: 'io.floe.product.name',
  productVersion: 'io.floe.product.version',
  /** The `version` of the document: which CompiledArtifacts contract it follows. */
  artifactsVersion: 'io.floe.artifacts.version',
  /** The whole promotion record as JSON. */
  promotion: 'dev.floe.promotion',
  /** A Sigstore bundle in base64, over the layer; who is said to have signed stands beside it. */
  signatureBundle: 'dev.floe.signature.bundle',
  signatureIssuer: 'dev.floe.signature.issuer',
  signatureSubject: 'dev.floe.signature.subject',
  signedAt: 'dev.floe.signature.signed-at',
} as const;
