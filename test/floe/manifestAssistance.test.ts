import { describe, expect, it } from 'vitest';
import { manifestCompletions } from '../../src/floe/manifestCompletion.ts';
import { manifestFixes } from '../../src/floe/manifestFixes.ts';
import { manifestHover } from '../../src/floe/manifestHover.ts';
import { reviewRegistryManifest } from '../../src/floe/registryManifest.ts';

const HEAD = `apiVersion: floe.dev/v1
kind: Manifest
artifacts:
  registry:
    uri: oci://ghcr.io/acme/orders
`;
const AUTH = `    auth:
      type: anonymous
`;

/** `|` is where the cursor is. */
function proposed(text: string): readonly string[] {
  const at = text.indexOf('|');
  const lines = text.replace('|', '').split('\n');
  const index = text.slice(0, at).split('\n').length - 1;
  const column = at - (text.lastIndexOf('\n', at - 1) + 1);
  return manifestCompletions(lines, index, column).map(({ label }) => label);
}

describe('proposals in a manifest.yaml', () => {
  it('are the keys that the section does not have yet, above or below', () => {
    expect(proposed(`${HEAD}    |\n${AUTH}`)).toEqual(['tls_verify', 'cache', 'resilience', 'signing', 'verification']);
    expect(proposed(`${HEAD}    ca|`)).toContain('cache');
  });

  it('are the keys of what is around the place, wherever that is', () => {
    expect(proposed(`${HEAD}    auth:\n      |`)).toEqual(['type', 'credentials_ref']);
    expect(proposed(`${HEAD}    resilience:\n      retry:\n        max_attempts: 3\n        |`)).toEqual([
      'initial_delay_ms',
      'backoff_multiplier',
      'max_delay_ms',
      'jitter',
    ]);
    expect(proposed(`${HEAD}    verification:\n      environments:\n        prod:\n          |`)).toEqual([
      'enforcement',
      'require_sbom',
    ]);
  });

  it.each([
    '      trusted_issuers:\n        - |',
    '      trusted_issuers:\n      - issuer: https://a.example\n        |',
  ])('know the entries of a list: %j', (lines) => {
    expect(proposed(`${HEAD}    verification:\n${lines}`)).toContain('subject_regex');
  });

  it('are the values of a choice or a switch', () => {
    expect(proposed(`${HEAD}    auth:\n      type: |`)).toContain('gcp-workload-identity');
    expect(proposed(`${HEAD}    tls_verify: f|`)).toEqual(['true', 'false']);
    expect(proposed(`${HEAD}    uri: |`)).toEqual([]);
  });

  it('are a whole registry where there is none', () => {
    expect(proposed('artifacts:\n  |')).toEqual(['registry']);
    expect(proposed(`${HEAD}${AUTH}  |`)).toEqual([]);
  });

  it.each(['|', 'kind: |', 'spec:\n  |', 'spec:\n  registry:\n    |', 'artifacts:\n  registry:\n    uri: "x|"'])(
    'are none elsewhere: %j',
    (text) => {
      expect(proposed(text)).toEqual([]);
    },
  );
});

describe('the explanation under the pointer', () => {
  function explained(key: string, text = `${HEAD}${AUTH}`): string | undefined {
    return manifestHover(text, text.indexOf(key) + 1)?.markdown;
  }

  it('says what a key is for, what is accepted and what counts otherwise', () => {
    const text = `${HEAD}${AUTH}    resilience: { retry: { max_attempts: 5, jitter: false } }\n`;
    expect(explained('max_attempts', text)).toBe('How often a request is sent at most.\n\nFrom 1 to 10. Default `3`.');
    expect(explained('jitter', text)).toContain('One of `true`, `false`. Default `true`.');
    expect(explained('type')).toContain('`aws-irsa`');
  });

  it('is there for the section itself, and not for what only its names explain', () => {
    const issuers =
      '    verification:\n      trusted_issuers:\n        - issuer: https://a.example\n          subject: x\n';
    expect(explained('registry')).toMatch(/^The registry/);
    expect(explained('subject', `${HEAD}${AUTH}${issuers}`)).toBeUndefined();
    expect(explained('https', `${HEAD}${AUTH}${issuers}`)).toBeUndefined();
  });

  it('is there for keys of ours only', () => {
    expect(explained('kind')).toBeUndefined();
    expect(explained('anonymous')).toBeUndefined();
    expect(explained('uri', 'kind: Deployment\nspec:\n  uri: x\n')).toBeUndefined();
    expect(explained('bogus', `${HEAD}${AUTH}    bogus: 1\n`)).toBeUndefined();
  });
});

describe('fixes', () => {
  /** The text with all fixes of a path applied. */
  function fixed(text: string, path: string): string {
    const fix = manifestFixes(text).find((one) => one.path === path);
    let result = text;
    for (const { start, end, text: replacement } of [...(fix?.edits ?? [])].reverse()) {
      result = result.slice(0, start) + replacement + result.slice(end);
    }
    return result;
  }

  const REGISTRY = 'artifacts.registry';
  it.each([
    ['cache.local_path', '    cache:\n      local_path: /tmp/x\n', '    cache:\n      path: /tmp/x\n'],
    [
      'cache.immutable_tags',
      '    cache:\n      immutable_tags: true # always\n      ttl_hours: 2\n',
      '    cache:\n      ttl_hours: 2\n',
    ],
    [
      'cache.mirror',
      '    cache:\n      ttl_hours: 2\n      mirror:\n        uri: oci://m\n',
      '    cache:\n      ttl_hours: 2\n',
    ],
    [
      'resilience.circuit_breaker.success_threshold',
      '    resilience:\n      circuit_breaker: { success_threshold: 2 }\n',
      '    resilience:\n      circuit_breaker: { half_open_requests: 2 }\n',
    ],
    [
      'resilience.retry.jitter',
      '    resilience:\n      retry:\n        jitter: 0.1\n',
      '    resilience:\n      retry:\n        jitter: true\n',
    ],
    ['rate_limiting', '    rate_limiting:\n      max_requests_per_minute: 50\n', ''],
    ['immutable_tag_patterns', '    immutable_tag_patterns:\n      - v*\n      - release-*\n', ''],
    ['tls', '    tls:\n      enabled: true\n      ca: /x\n', '    tls_verify: true\n'],
    ['tls', '    tls: { verify: false }\n', '    tls_verify: false\n'],
  ])('%s: %j becomes %j, and the file is accepted', (key, before, after) => {
    const text = `${HEAD}${AUTH}${before}`;
    expect(reviewRegistryManifest(text).map(({ path }) => path)).toContain(`${REGISTRY}.${key}`);
    const result = fixed(text, `${REGISTRY}.${key}`);
    expect(result).toBe(`${HEAD}${AUTH}${after}`);
    expect(reviewRegistryManifest(result)).toEqual([]);
  });

  it.each([
    ['token_ref', 'token', '      token_ref: pat\n', '      credentials_ref: { name: pat }\n'],
    ['password_ref', 'basic', '      password_ref:\n        name: pw\n', '      credentials_ref:\n        name: pw\n'],
  ])('auth.%s becomes a reference', (key, type, before, after) => {
    const text = `${HEAD}    auth:\n      type: ${type}\n${before}`;
    const result = fixed(text, `${REGISTRY}.auth.${key}`);
    expect(result).toBe(`${HEAD}    auth:\n      type: ${type}\n${after}`);
    expect(reviewRegistryManifest(result)).toEqual([]);
  });

  it('takes literal credentials out', () => {
    const text = `${HEAD}    auth:\n      type: anonymous\n      password: hunter2\n`;
    expect(fixed(text, `${REGISTRY}.auth.password`)).toBe(`${HEAD}${AUTH}`);
  });

  it.each(['\n', ''])('adds how to sign in to a registry that does not say (%j at the end)', (end) => {
    const result = fixed(HEAD.trimEnd() + end, `${REGISTRY}.auth`);
    expect(result).toBe(`${HEAD}${AUTH}`);
  });

  it.each(['signing', 'verification'])('moves %s into the registry', (name) => {
    const body = name === 'signing' ? 'mode: keyless\n    oidc_issuer: https://a.example' : 'enabled: false';
    const text = `artifacts:\n  ${name}:\n    ${body}\n  registry:\n    uri: oci://ghcr.io/acme/orders\n${AUTH}`;
    const result = fixed(text, `artifacts.${name}`);
    const inner = body.replace('\n', '\n  ');
    expect(result).toBe(
      `artifacts:\n  registry:\n    uri: oci://ghcr.io/acme/orders\n${AUTH}    ${name}:\n      ${inner}\n`,
    );
    expect(reviewRegistryManifest(result)).toEqual([]);
  });

  it.each([
    ['what is there under the right name', 'cache', 'cache:\n      local_path: /a\n      path: /b\n', 'local_path'],
    ['a word in the place of a share', 'resilience', 'resilience:\n      retry: { jitter: often }\n', 'retry.jitter'],
    ['what shares its line', 'cache', 'cache: { mirror: oci://m, ttl_hours: 2 }\n', 'mirror'],
  ])('are not offered for %s', (_, section, lines, key) => {
    const text = `${HEAD}${AUTH}    ${lines}`;
    expect(manifestFixes(text).map(({ path }) => path)).not.toContain(`${REGISTRY}.${section}.${key}`);
  });

  it.each([
    ['      token_ref: Not A Name\n', undefined],
    ['      token_ref: [a]\n', undefined],
    ['      credentials_ref: { name: own }\n      token_ref: pat\n', '      credentials_ref: { name: own }\n'],
  ])('make no reference of what names none, nor a second one: %j', (before, after) => {
    const text = `${HEAD}    auth:\n      type: token\n${before}`;
    expect(fixed(text, `${REGISTRY}.auth.token_ref`)).toBe(
      after === undefined ? text : `${HEAD}    auth:\n      type: token\n${after}`,
    );
  });

  it.each([
    ['    tls: false\n', '    tls_verify: false\n'],
    ['    tls:\n', '    tls_verify: true\n'],
    ['    tls_verify: false\n    tls: { verify: true }\n', '    tls_verify: false\n'],
  ])('make %j of tls: %j', (before, after) => {
    expect(fixed(`${HEAD}${AUTH}${before}`, `${REGISTRY}.tls`)).toBe(`${HEAD}${AUTH}${after}`);
  });

  it('move a section to the end of a file without a last line break', () => {
    const text = `artifacts:\n  signing:\n    mode: keyless\n  registry:\n    uri: oci://ghcr.io/acme/orders\n${AUTH.trimEnd()}`;
    const result = `artifacts:\n  registry:\n    uri: oci://ghcr.io/acme/orders\n${AUTH}    signing:\n      mode: keyless\n`;
    expect(fixed(text, 'artifacts.signing')).toBe(result);
  });

  it.each([
    ['has one already', `${HEAD}${AUTH}    signing: { mode: keyless }\n`],
    ['stands on one line', 'apiVersion: floe.dev/v1\nartifacts:\n  registry: { uri: oci://ghcr.io/acme/orders }\n'],
    ['is not there', 'apiVersion: floe.dev/v1\nartifacts:\n  other: 1\n'],
  ])('do not move a section where the registry %s', (_, text) => {
    expect(manifestFixes(`${text}  signing:\n    mode: keyless\n`).map(({ path }) => path)).not.toContain(
      'artifacts.signing',
    );
  });

  it('are not offered for files of others, nor where they would leave nothing', () => {
    expect(manifestFixes('kind: Deployment\nartifacts:\n  signing: {}\n')).toEqual([]);
    expect(manifestFixes(`${HEAD}${AUTH}    cache:\n      immutable_tags: true\n`)).toEqual([]);
  });
});

describe('the review of a manifest.yaml', () => {
  function marked(text: string): readonly string[] {
    return reviewRegistryManifest(text).map(({ path, message, start, end }) => {
      return `${path} ${message} «${text.slice(start, end)}»`;
    });
  }

  it('marks unknown keys, wrong values, and the key around what is missing', () => {
    expect(
      marked(`${HEAD}    auth:\n      type: basic\n    cache: { ttl_hours: 0 }\n    nonsense:\n      a: 1\n`),
    ).toEqual([
      'artifacts.registry.nonsense is not a known key «nonsense»',
      'artifacts.registry.auth.credentials_ref is required when auth.type is basic «auth»',
      'artifacts.registry.cache.ttl_hours must be at least 1 «0»',
    ]);
  });

  it('marks where the text stops being YAML', () => {
    expect(marked('apiVersion: floe.dev/v1\nartifacts: [\n')).toEqual([expect.stringContaining('is not YAML')]);
  });

  it('has nothing to say of a manifest.yaml of Kubernetes, nor of one that is no YAML', () => {
    expect(marked('apiVersion: v1\nkind: ConfigMap\ndata:\n  registry: { uri: 1 }\n')).toEqual([]);
    expect(marked('\t- : [')).toEqual([]);
  });
});
