import type { ArtifactSigner } from './artifactSigner.ts';
import type { PromotionReader } from './promotionReader.ts';
import type { SignatureVerifier } from './signatureVerifier.ts';

/** What may take the place of what floe's client does by itself. */
export interface FloeHooks {
  /** Default: signatures are found and never called valid. */
  readonly verifier?: SignatureVerifier | undefined;
  /** Default: nobody signs, which is said where a manifest.yaml asks for it. */
  readonly signer?: ArtifactSigner | undefined;
  /** Default: floe's own tags and records. */
  readonly promotions?: PromotionReader | undefined;
}
