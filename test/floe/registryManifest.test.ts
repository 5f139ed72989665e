import { describe, expect, it } from 'vitest';
import { readRegistryDocument } from '../../src/floe/registryManifest.ts';
import { type DocumentProblem, isOciError } from '../../src/oci/index.ts';

const FULL = `# The platform of a harbour.
apiVersion: floe.dev/v1
kind: Manifest
metadata: { name: harbour, version: 2.0.0, owner: ada@harbour.example }
plugins:
  compute: { type: trino }
anything: [else, is, not, ours]
artifacts:
  registry:
    uri: oci://registry.harbour.example:8443/floe/traffic
    auth:
      type: token
      credentials_ref: { source: vault, name: registry-robot, key: token }
    tls_verify: false
    cache: { enabled: false, path: /data/cache, max_size_gb: 1, ttl_hours: 1 }
    resilience:
      retry: { max_attempts: 10, initial_delay_ms: 100, backoff_multiplier: 1.5, max_delay_ms: 1000, jitter: false }
      circuit_breaker: { enabled: false, failure_threshold: 1, recovery_timeout_ms: 1000, half_open_requests: 2 }
    signing:
      mode: key-based
      private_key_ref: { name: cosign }
    verification:
      enforcement: warn
      trusted_issuers:
        - { issuer: https://issuer.example, subject: repo:harbour/traffic }
        - { issuer: https://issuer.example, subject_regex: "^repo:harbour/.*$" }
      environments: { prod: { enforcement: enforce, require_sbom: true }, dev: { enforcement: "off" } }
  promotion: { anything: goes }
`;

const minimal = (rest: string, auth = 'auth: { type: anonymous }'): string =>
  `artifacts:\n  registry:\n    uri: oci://ghcr.io/acme/app\n    ${auth}\n${rest}`;

function problemsOf(text: string): readonly DocumentProblem[] {
  try {
    readRegistryDocument(text, 'manifest.yaml');
  } catch (error) {
    if (isOciError(error, 'INVALID_DOCUMENT')) return error.details.problems;
    throw error;
  }
  return [];
}

describe('the registry of a manifest.yaml', () => {
  it('is read whole', () => {
    expect(readRegistryDocument(FULL, 'manifest.yaml')?.config).toEqual({
      uri: 'oci://registry.harbour.example:8443/floe/traffic',
      auth: { type: 'token', credentials_ref: { source: 'vault', name: 'registry-robot', key: 'token' } },
      tls_verify: false,
      cache: { enabled: false, path: '/data/cache', max_size_gb: 1, ttl_hours: 1 },
      resilience: {
        retry: { max_attempts: 10, initial_delay_ms: 100, backoff_multiplier: 1.5, max_delay_ms: 1000, jitter: false },
        circuit_breaker: { enabled: false, failure_threshold: 1, recovery_timeout_ms: 1000, half_open_requests: 2 },
      },
      signing: {
        mode: 'key-based',
        private_key_ref: { source: 'kubernetes', name: 'cosign' },
        rekor_url: 'https://rekor.sigstore.io',
        fulcio_url: 'https://fulcio.sigstore.dev',
      },
      verification: {
        enabled: true,
        enforcement: 'warn',
        trusted_issuers: [
          { issuer: 'https://issuer.example', subject: 'repo:harbour/traffic' },
          { issuer: 'https://issuer.example', subject_regex: '^repo:harbour/.*$' },
        ],
        require_rekor: true,
        require_sbom: false,
        environments: { prod: { enforcement: 'enforce', require_sbom: true }, dev: { enforcement: 'off' } },
        grace_period_days: 7,
        private_infrastructure: false,
      },
    });
  });

  it('has defaults for all but its address and how to sign in', () => {
    expect(readRegistryDocument(minimal(''), 'manifest.yaml')?.config).toEqual({
      uri: 'oci://ghcr.io/acme/app',
      auth: { type: 'anonymous' },
      tls_verify: true,
      cache: { enabled: true, max_size_gb: 10, ttl_hours: 24 },
      resilience: {
        retry: {
          max_attempts: 3,
          initial_delay_ms: 1000,
          backoff_multiplier: 2,
          max_delay_ms: 30_000,
          jitter: true,
        },
        circuit_breaker: {
          enabled: true,
          failure_threshold: 5,
          recovery_timeout_ms: 60_000,
          half_open_requests: 1,
        },
      },
    });
  });

  it('may say null for what is left out', () => {
    const auth = 'auth: { type: basic, credentials_ref: { name: a, key: null } }';
    expect(problemsOf(minimal('    signing: null\n    verification: ~\n', auth))).toEqual([]);
  });

  it('may use anchors of the same file', () => {
    const text = `x: &auth { type: aws-irsa }\nartifacts:\n  registry:\n    uri: oci://ghcr.io/acme/app\n    auth: *auth\n`;
    expect(readRegistryDocument(text, 'manifest.yaml')?.config.auth.type).toBe('aws-irsa');
  });

  it('may be one of several documents in the file', () => {
    expect(readRegistryDocument(`kind: Pod\n---\n${FULL}`, 'manifest.yaml')?.config.tls_verify).toBe(false);
  });
});

describe("a manifest.yaml that is not floe's", () => {
  it.each([
    ['nothing', ''],
    ['a Kubernetes object', 'apiVersion: apps/v1\nkind: Deployment\nspec: { template: {} }\n'],
    ['a Helm template', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n'],
    ['broken YAML', 'a: [1\nb: }'],
    ['a list', '- apiVersion: floe.dev/v1\n'],
    ['text', 'artifacts.registry'],
    ['artifacts of somebody else', 'artifacts:\n  - registry: x\n'],
    ['another registry', 'artifacts:\n  registry: docker.io\n'],
    ['a file of another size', `# ${'x'.repeat(2 * 1024 * 1024)}\n`],
  ])('is passed over silently: %s', (_, text) => {
    expect(readRegistryDocument(text, 'manifest.yaml')).toBeUndefined();
  });

  it.each(['', 'artifacts: {}\n', 'artifacts:\n  registry:\n', 'artifacts: { promotion: {} }\n'])(
    'names no registry, as floe manifests may: %j',
    (rest) => {
      expect(readRegistryDocument(`apiVersion: floe.dev/v1\nkind: Manifest\n${rest}`, 'manifest.yaml')).toBeUndefined();
    },
  );
});

describe('a registry that cannot be used', () => {
  const R = 'artifacts.registry';
  const BROKEN: readonly (readonly [text: string, path: string, line: number, message: string])[] = [
    [minimal('    colour: red\n'), `${R}.colour`, 5, 'is not a known key'],
    [minimal('    cache:\n      enabled: yes\n'), `${R}.cache.enabled`, 6, 'must be true or false'],
    [minimal('    cache: { max_size_gb: 0 }\n'), `${R}.cache.max_size_gb`, 5, 'must be at least 1'],
    [minimal('    cache: { ttl_hours: 1.5 }\n'), `${R}.cache.ttl_hours`, 5, 'must be a whole number'],
    [
      minimal('    resilience:\n      retry:\n        max_attempts: 11\n'),
      `${R}.resilience.retry.max_attempts`,
      7,
      'must be at most 10',
    ],
    [
      minimal('    resilience: { retry: { initial_delay_ms: 99 } }\n'),
      `${R}.resilience.retry.initial_delay_ms`,
      5,
      'must be at least 100',
    ],
    [
      minimal('    resilience: { retry: { backoff_multiplier: 6 } }\n'),
      `${R}.resilience.retry.backoff_multiplier`,
      5,
      'must be at most 5',
    ],
    [
      minimal('    resilience: { retry: { max_delay_ms: 999 } }\n'),
      `${R}.resilience.retry.max_delay_ms`,
      5,
      'must be at least 1000',
    ],
    [
      minimal('    resilience: { retry: { initial_delay_ms: 5000, max_delay_ms: 2000 } }\n'),
      `${R}.resilience.retry.initial_delay_ms`,
      5,
      'must be from 100 to max_delay_ms, which is 2000',
    ],
    [
      minimal('    resilience: { circuit_breaker: { failure_threshold: 0 } }\n'),
      `${R}.resilience.circuit_breaker.failure_threshold`,
      5,
      'must be at least 1',
    ],
    [
      minimal('', 'auth: { type: kerberos }'),
      `${R}.auth.type`,
      4,
      'must be one of anonymous, basic, token, aws-irsa, azure-managed-identity, gcp-workload-identity',
    ],
    [minimal('', 'auth: { type: basic }'), `${R}.auth.credentials_ref`, 4, 'is required when auth.type is basic'],
    [
      minimal('', 'auth: { type: token, credentials_ref: null }'),
      `${R}.auth.credentials_ref`,
      4,
      'is required when auth.type is token',
    ],
    [
      minimal('', 'auth: { type: aws-irsa, credentials_ref: { name: a } }'),
      `${R}.auth.credentials_ref`,
      4,
      'must be left out when auth.type is aws-irsa',
    ],
    [
      minimal('', 'auth: { type: basic, credentials_ref: { name: A_b } }'),
      `${R}.auth.credentials_ref.name`,
      4,
      'must be 1 to 253 lower-case letters, digits or dashes, with no dash at either end',
    ],
    [
      minimal('', 'auth: { type: basic, credentials_ref: { name: a, source: file } }'),
      `${R}.auth.credentials_ref.source`,
      4,
      'must be one of env, kubernetes, vault, external-secrets, infisical',
    ],
    [minimal('', 'tls_verify: true'), `${R}.auth`, 2, 'is required'],
    [
      minimal('    signing: { mode: keyless }\n'),
      `${R}.signing.oidc_issuer`,
      5,
      'is required when signing.mode is keyless',
    ],
    [
      minimal('    signing: { mode: key-based }\n'),
      `${R}.signing.private_key_ref`,
      5,
      'is required when signing.mode is key-based',
    ],
    [
      minimal('    signing: { mode: keyless, oidc_issuer: "https://i.example", private_key_ref: { name: k } }\n'),
      `${R}.signing.private_key_ref`,
      5,
      'must be left out when signing.mode is keyless',
    ],
    [
      minimal('    signing: { mode: keyless, oidc_issuer: me }\n'),
      `${R}.signing.oidc_issuer`,
      5,
      'must be an address such as https://rekor.sigstore.io',
    ],
    [
      minimal('    verification: {}\n'),
      `${R}.verification.trusted_issuers`,
      5,
      'or public_key_ref is required when verification.enabled is true',
    ],
    [
      minimal('    verification: { enabled: false, grace_period_days: 91 }\n'),
      `${R}.verification.grace_period_days`,
      5,
      'must be at most 90',
    ],
    [
      minimal('    verification:\n      trusted_issuers:\n        - issuer: https://i.example\n'),
      `${R}.verification.trusted_issuers[0].subject`,
      7,
      'or subject_regex must be given, and only one of them',
    ],
    [
      minimal('    verification: { enabled: false, environments: { prod: {} } }\n'),
      `${R}.verification.environments.prod.enforcement`,
      5,
      'is required',
    ],
    ['artifacts:\n  registry: { auth: { type: anonymous } }\n', `${R}.uri`, 2, 'is required'],
  ];

  it.each(BROKEN)('%j', (text, path, line, message) => {
    expect(problemsOf(text)).toEqual([{ path, line, message }]);
  });

  it.each([
    ['https://ghcr.io/acme/app', 'must start with oci://, as in oci://ghcr.io/acme/product'],
    ['ghcr.io/acme/app', 'must start with oci://, as in oci://ghcr.io/acme/product'],
    ['oci://ghcr.io/acme/app:v1', 'must name a repository without tag and digest'],
    ['oci://ghcr.io', 'has no valid repository'],
    ['oci://ghcr.io/acme/', 'has no valid repository'],
    ['oci://ghcr.io/Acme/App', 'has no valid repository'],
    ['oci://user@ghcr.io/acme', 'has no valid registry'],
  ])('has the address %s', (uri, message) => {
    const problems = problemsOf(minimal('').replace('oci://ghcr.io/acme/app', uri));
    expect(problems).toEqual([{ path: `${R}.uri`, line: 3, message: expect.stringContaining(message) }]);
  });

  it.each(['oci://[::1]:5000/app', 'oci://r/app', 'oci://localhost:5000/a/b/c'])(
    'does not have the address %s',
    (uri) => {
      expect(problemsOf(minimal('').replace('oci://ghcr.io/acme/app', uri))).toEqual([]);
    },
  );

  it.each([
    ['    auth: { type: token, credentials_ref: { name: a }, token_ref: x }\n', 'auth.token_ref', 'credentials_ref'],
    [
      '    auth: { type: basic, credentials_ref: { name: a }, username_ref: x }\n',
      'auth.username_ref',
      'credentials_ref',
    ],
    ['    auth: { type: anonymous, password: x }\n', 'auth.password', 'credentials_ref'],
    ['    auth: { type: anonymous }\n    tls: { ca: x }\n', 'tls', 'tls_verify'],
    ['    auth: { type: anonymous }\n    resilience: { timeouts: {} }\n', 'resilience.timeouts', '--timeout'],
    [
      '    auth: { type: anonymous }\n    resilience: { circuit_breaker: { success_threshold: 2 } }\n',
      'resilience.circuit_breaker.success_threshold',
      'half_open_requests',
    ],
    ['    auth: { type: anonymous }\n    cache: { local_path: /x }\n', 'cache.local_path', 'write path'],
    ['    auth: { type: anonymous }\n    cache: { mirror: x }\n', 'cache.mirror', 'mirrors'],
    ['    auth: { type: anonymous }\n    rate_limiting: {}\n', 'rate_limiting', 'Retry-After'],
    [
      '    auth: { type: anonymous }\n    immutable_tag_patterns: [v*]\n',
      'immutable_tag_patterns',
      'floeOci.tags.immutablePatterns',
    ],
    ['    auth: { type: anonymous }\n    primaries: []\n', 'primaries', 'write one uri'],
  ])('has a key that documents of floe show: %j', (rest, path, hint) => {
    const text = `artifacts:\n  registry:\n    uri: oci://ghcr.io/acme/app\n${rest}`;
    expect(problemsOf(text)).toEqual([
      { path: `${R}.${path}`, line: expect.any(Number), message: expect.stringContaining(hint) },
    ]);
  });

  it.each(['signing', 'verification'])('has artifacts.%s, which would be passed over where it stands', (name) => {
    const text = `${minimal('')}  ${name}: {}\n`;
    expect(problemsOf(text)).toEqual([
      { path: `artifacts.${name}`, line: 5, message: 'is not a known key; move it into registry' },
    ]);
  });

  it('has all its problems told at once', () => {
    expect(
      problemsOf(minimal('    cache: { ttl_hours: 0 }\n    x: 1\n', 'auth: { type: basic }')).map(({ path }) => path),
    ).toEqual([`${R}.x`, `${R}.auth.credentials_ref`, `${R}.cache.ttl_hours`]);
  });

  it('is not YAML', () => {
    expect(problemsOf('apiVersion: floe.dev/v1\nartifacts: {\n')).toMatchObject([
      { path: '', message: expect.stringMatching(/^is not YAML: /), line: 3 },
    ]);
    expect(problemsOf(minimal('    tls_verify: true\n    tls_verify: false\n'))).toMatchObject([{ line: 6 }]);
  });

  it('has aliases that multiply, or lead nowhere', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items = level === 0 ? 'x' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => items).join(', ')}]`;
    });
    const message = 'has an alias without an anchor, or too many aliases';
    expect(problemsOf(`${levels.join('\n')}\n${minimal('    x: *a8\n')}`)).toEqual([{ path: R, line: 11, message }]);
    expect(problemsOf(minimal('    x: *nowhere\n'))).toEqual([{ path: R, line: 2, message }]);
  });

  it('is in a file that is too long', () => {
    expect(problemsOf(`${FULL}# ${'x'.repeat(1_000_000)}`)).toMatchObject([{ path: '' }]);
  });

  it('is never quoted', () => {
    expect(JSON.stringify(problemsOf(minimal('', 'auth: { type: hunter2, credentials_ref: hunter2 }')))).not.toContain(
      'hunter2',
    );
  });
});
