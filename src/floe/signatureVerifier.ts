import type { CallOptions, Descriptor, Digest, ManifestDescriptor } from '../oci/index.ts';
import type { FoundSignature } from './findSignatures.ts';
import type { SignatureStatus } from './inspectArtifact.ts';
import type { VerificationPolicy } from './verificationPolicy.ts';

/** What is to be verified. The bytes are those that the digest is of. */
export interface VerificationRequest {
  /** For people. */
  readonly reference: string;
  readonly descriptor: ManifestDescriptor;
  readonly digest: Digest;
  readonly manifest: Uint8Array;
  readonly layers: readonly Descriptor[];
  /** All that are there; `undefined` where nobody could look. */
  readonly signatures: readonly FoundSignature[] | undefined;
  /** Undefined where nobody asks for more than to know. */
  readonly policy: VerificationPolicy | undefined;
}

/** What a check of signatures has come to. */
export interface SignatureVerdict {
  /** `valid` and `invalid` take a check that ran to its end; `unsigned` a search that found nothing. */
  readonly status: SignatureStatus;
  /** Who signed, and who vouches for that; only of a signature that was checked. */
  readonly signer?: string;
  readonly issuer?: string;
  /** A clause for people, without its full stop. */
  readonly reason: string;
}

/** A verdict, and what it is about. */
export interface SignatureReport extends SignatureVerdict {
  /** Undefined where nobody could look. */
  readonly signatures: readonly FoundSignature[] | undefined;
}

/** Checks signatures. Whoever has keys or roots of trust writes one. */
export interface SignatureVerifier {
  verify(request: VerificationRequest, options?: CallOptions): Promise<SignatureVerdict>;
}

/** Tells signed from unsigned, and never calls anything valid, for it checks nothing. */
export const presenceOnly: SignatureVerifier = {
  async verify({ signatures }) {
    if (signatures === undefined) return { status: 'unknown', reason: 'nobody could look for signatures' };
    const [first, ...more] = signatures;
    if (first === undefined) return { status: 'unsigned', reason: 'no signature was found' };
    const what =
      more.length === 0
        ? 'a signature is there, and was not verified'
        : `${more.length + 1} signatures are there, and none was verified`;
    return { status: 'unknown', reason: what };
  },
};
