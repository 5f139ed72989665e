import type { CallOptions, Digest, ManifestDescriptor, Target } from '../oci/index.ts';
import type { RegistryConfig } from './schema/registryConfig.ts';

/** What has been pushed, and is to be signed. */
export interface SigningRequest {
  /** For people. */
  readonly reference: string;
  readonly descriptor: ManifestDescriptor;
  /** Where it is, and where the signature belongs as a referrer. */
  readonly target: Target;
  /** `artifacts.registry.signing`. */
  readonly signing: NonNullable<RegistryConfig['signing']>;
}

/** What signing has come to. */
export interface SigningResult {
  /** The manifest that carries the signature, where one does. */
  readonly signature?: Digest;
  readonly signer?: string;
}

/**
 * Signs after a push. What was pushed stays pushed when signing fails: signing is called again with the next push of the
 * same, which changes nothing else. Undefined: it could not, which is said where the push is.
 */
export interface ArtifactSigner {
  sign(request: SigningRequest, options?: CallOptions): Promise<SigningResult | undefined>;
}

/** What there is to say where `signing` asks for a signature and nobody here signs. */
export function unsignedNotice(reference: string, { digest }: ManifestDescriptor): string {
  const place = reference.replace(/:[^:/]*$/, '');
  return `manifest.yaml asks for a signature, and nothing here gave one: sign it with "cosign sign ${place}@${digest}"`;
}
