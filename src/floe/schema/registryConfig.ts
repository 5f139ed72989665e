import * as z from 'zod/mini';
import { isOciError, parseRegistryReference } from '../../oci/index.ts';
import { between, nonEmpty, nullish, rule, text, whole } from './fields.ts';

/** Which secret is meant, never the secret. `source` defaults to kubernetes. */
const secretReference = z.strictObject({
  source: z._default(z.enum(['env', 'kubernetes', 'vault', 'external-secrets', 'infisical']), 'kubernetes'),
  name: z
    .string()
    .check(
      z.regex(
        /^[a-z0-9](?:[a-z0-9-]{0,251}[a-z0-9])?$/,
        'must be 1 to 253 lower-case letters, digits or dashes, with no dash at either end',
      ),
    ),
  key: nullish(nonEmpty),
});

const WITH_CREDENTIALS = ['basic', 'token'];
const auth = z
  .strictObject({
    type: z.enum(['anonymous', 'basic', 'token', 'aws-irsa', 'azure-managed-identity', 'gcp-workload-identity']),
    credentials_ref: nullish(secretReference),
  })
  .check(
    rule('credentials_ref', ({ type, credentials_ref }) => {
      if (WITH_CREDENTIALS.includes(type)) return credentials_ref ? undefined : `is required when auth.type is ${type}`;
      return credentials_ref ? `must be left out when auth.type is ${type}` : undefined;
    }),
  );

const cache = z.strictObject({
  enabled: z._default(z.boolean(), true),
  path: z.optional(nonEmpty),
  max_size_gb: z._default(whole(1), 10),
  ttl_hours: z._default(whole(1), 24),
});

/** Below it the one problem is said once. */
const MIN_MAX_DELAY = 1000;
const retry = z
  .strictObject({
    max_attempts: z._default(whole(1, 10), 3),
    initial_delay_ms: z._default(whole(100), 1000),
    backoff_multiplier: z._default(between(1, 5), 2),
    max_delay_ms: z._default(whole(MIN_MAX_DELAY), 30_000),
    jitter: z._default(z.boolean(), true),
  })
  .check(
    rule('initial_delay_ms', ({ initial_delay_ms, max_delay_ms }) =>
      max_delay_ms >= MIN_MAX_DELAY && initial_delay_ms > max_delay_ms
        ? `must be from 100 to max_delay_ms, which is ${max_delay_ms}`
        : undefined,
    ),
  );
const circuitBreaker = z.strictObject({
  enabled: z._default(z.boolean(), true),
  failure_threshold: z._default(whole(1), 5),
  recovery_timeout_ms: z._default(whole(1000), 60_000),
  half_open_requests: z._default(whole(1), 1),
});
const resilience = z.strictObject({
  retry: z.prefault(retry, {}),
  circuit_breaker: z.prefault(circuitBreaker, {}),
});

/** The length limit is that of the Python models. */
const address = z
  .string()
  .check(z.maxLength(2083), z.regex(/^https?:\/\/[^\s/]+/, 'must be an address such as https://rekor.sigstore.io'));

const signing = z
  .strictObject({
    mode: z.enum(['keyless', 'key-based']),
    oidc_issuer: nullish(address),
    rekor_url: z._default(address, 'https://rekor.sigstore.io'),
    fulcio_url: z._default(address, 'https://fulcio.sigstore.dev'),
    private_key_ref: nullish(secretReference),
  })
  .check(
    rule('oidc_issuer', ({ mode, oidc_issuer }) =>
      mode === 'keyless' && !oidc_issuer ? 'is required when signing.mode is keyless' : undefined,
    ),
    rule('private_key_ref', ({ mode, private_key_ref }) => {
      if (mode === 'key-based') return private_key_ref ? undefined : 'is required when signing.mode is key-based';
      return private_key_ref ? 'must be left out when signing.mode is keyless' : undefined;
    }),
  );

const enforcement = z.enum(['enforce', 'warn', 'off']);
const trustedIssuer = z
  .strictObject({
    issuer: address,
    subject: nullish(text),
    subject_regex: nullish(z.string().check(z.maxLength(1000))),
  })
  .check(
    rule('subject', ({ subject, subject_regex }) =>
      (subject == null) === (subject_regex == null)
        ? 'or subject_regex must be given, and only one of them'
        : undefined,
    ),
  );
const verification = z
  .strictObject({
    enabled: z._default(z.boolean(), true),
    enforcement: z._default(enforcement, 'enforce'),
    trusted_issuers: z._default(z.array(trustedIssuer), []),
    require_rekor: z._default(z.boolean(), true),
    require_sbom: z._default(z.boolean(), false),
    public_key_ref: nullish(secretReference),
    environments: z._default(
      z.record(z.string(), z.strictObject({ enforcement, require_sbom: nullish(z.boolean()) })),
      {},
    ),
    grace_period_days: z._default(whole(0, 90), 7),
    private_infrastructure: z._default(z.boolean(), false),
  })
  .check(
    rule('trusted_issuers', ({ enabled, trusted_issuers, public_key_ref }) =>
      enabled && trusted_issuers.length === 0 && !public_key_ref
        ? 'or public_key_ref is required when verification.enabled is true'
        : undefined,
    ),
  );

/**
 * `artifacts.registry` of a manifest.yaml, under its own names and with its defaults filled in. `cache.path` has none here:
 * where nothing is said, the command line and the editor keep their caches in different places.
 */
export const registryConfigSchema = z.strictObject({
  uri: z.string().check(rule('', registryUriProblem)),
  auth,
  tls_verify: z._default(z.boolean(), true),
  cache: z.prefault(cache, {}),
  resilience: z.prefault(resilience, {}),
  signing: nullish(signing),
  verification: nullish(verification),
});

/** `artifacts.registry` of a manifest.yaml with every default filled in. */
export type RegistryConfig = z.infer<typeof registryConfigSchema>;

function registryUriProblem(uri: string): string | undefined {
  if (!uri.startsWith('oci://')) return 'must start with oci://, as in oci://ghcr.io/acme/product';
  try {
    const { tag, digest } = parseRegistryReference(uri);
    return tag || digest ? 'must name a repository without tag and digest' : undefined;
  } catch (error) {
    if (!isOciError(error, 'INVALID_REFERENCE')) throw error;
    return `has no valid ${error.details.part}: accepted is ${error.details.accepted}`;
  }
}
