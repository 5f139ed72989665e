import * as z from 'zod/mini';
import type { ArtifactSigner } from '../../floe/artifactSigner.ts';
import type { FloeHooks } from '../../floe/floeHooks.ts';
import type { SignatureVerifier } from '../../floe/signatureVerifier.ts';
import type { Logger } from '../../oci/index.ts';
import { contained } from './contained.ts';
import type { HookSlots } from './hookSlots.ts';

const verdict = z.object({
  status: z.enum(['valid', 'invalid', 'unsigned', 'unknown']),
  reason: z.string(),
  signer: z.optional(z.string()),
  issuer: z.optional(z.string()),
});
const signing = z.object({ signer: z.optional(z.string()) });

/** Milliseconds. Who signs without a key may have to sign in with a browser first. */
const SIGNING_PATIENCE = 300_000;

/**
 * What other extensions have registered, as floe's client asks for it. What one of them does wrong is an answer that is not
 * known, never one that lets something through.
 */
export class ContributedHooks implements FloeHooks {
  readonly #slots: HookSlots;
  readonly #logger: Logger;

  constructor(slots: HookSlots, logger: Logger) {
    this.#slots = slots;
    this.#logger = logger;
  }

  get verifier(): SignatureVerifier | undefined {
    const { verifier } = this.#slots;
    if (verifier === undefined) return undefined;
    return {
      verify: async ({ reference, digest, manifest, layers, signatures, policy }, { signal } = {}) => {
        const found = signatures?.map(({ kind, digest: carrier, artifactType }) => ({
          kind,
          digest: carrier,
          artifactType,
        }));
        const request = {
          reference,
          digest,
          // A copy: what is read after the verdict is what it is about.
          manifest: manifest.slice(),
          layers,
          ...(found && { signatures: found }),
          ...(policy && policy.enforcement !== 'off' && { policy: { ...policy, enforcement: policy.enforcement } }),
        };
        const answer = await contained(
          'signature verifier',
          (token) => verifier.verify(request, token),
          (given) => parsed(verdict, given),
          { logger: this.#logger, signal },
        );
        if (answer === undefined) return { status: 'unknown', reason: 'the verifier gave no answer' };
        const { status, reason, signer, issuer } = answer;
        return { status, reason, ...(signer !== undefined && { signer }), ...(issuer !== undefined && { issuer }) };
      },
    };
  }

  get signer(): ArtifactSigner | undefined {
    const { signer } = this.#slots;
    if (signer === undefined) return undefined;
    return {
      sign: async ({ reference, descriptor: { digest }, signing: { mode } }, { signal } = {}) => {
        const done = await contained(
          'artifact signer',
          (token) => signer.sign({ reference, digest, mode }, token),
          (given) => parsed(signing, given),
          { logger: this.#logger, signal, patience: SIGNING_PATIENCE },
        );
        return done && { ...(done.signer !== undefined && { signer: done.signer }) };
      },
    };
  }
}

function parsed<T extends z.ZodMiniType>(schema: T, given: unknown): z.infer<T> | undefined {
  const { success, data } = schema.safeParse(given);
  return success ? data : undefined;
}
