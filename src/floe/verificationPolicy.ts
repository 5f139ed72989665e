import type { RegistryConfig } from './schema/registryConfig.ts';

type Verification = NonNullable<RegistryConfig['verification']>;

/** `enforce`: only what is signed validly is used. `warn`: it is said. `off`: nobody looks. */
export type Enforcement = 'enforce' | 'warn' | 'off';

/** Whose signatures an artifact needs, in one environment. */
export interface VerificationPolicy {
  readonly enforcement: Enforcement;
  /** The environment whose own rule this is; null where it has none of its own. */
  readonly environment: string | null;
  readonly trustedIssuers: Verification['trusted_issuers'];
  readonly publicKey: Verification['public_key_ref'];
  readonly requireRekor: boolean;
  readonly requireSbom: boolean;
  readonly gracePeriodDays: number;
}

/**
 * The policy of a manifest.yaml, with what it has of its own for `environment`. Undefined where it has none, or nothing is
 * to be verified; an environment that it does not name is held to the rule for all.
 */
export function verificationPolicyOf(
  { verification }: Pick<RegistryConfig, 'verification'>,
  environment?: string,
): VerificationPolicy | undefined {
  if (!verification?.enabled) return undefined;
  const { environments } = verification;
  const own =
    environment !== undefined && Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  const enforcement = own?.enforcement ?? verification.enforcement;
  if (enforcement === 'off') return undefined;
  return {
    enforcement,
    environment: own === undefined ? null : (environment ?? null),
    trustedIssuers: verification.trusted_issuers,
    publicKey: verification.public_key_ref,
    requireRekor: verification.require_rekor,
    requireSbom: own?.require_sbom ?? verification.require_sbom,
    gracePeriodDays: verification.grace_period_days,
  };
}
