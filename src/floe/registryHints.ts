import type { JsonPath } from './jsonScanner.ts';
import { DEFAULT_TAG_PATTERNS } from './tagPatterns.ts';

/**
 * Keys that documents of floe show and its schema refuses, with what to write instead. Paths start below `artifacts`.
 */
const HINTS: readonly (readonly [path: string, hint: string])[] = [
  ['registry.auth.token_ref', 'name the token in auth.credentials_ref with auth.type: token'],
  ['registry.auth.username_ref', 'name one secret with user name and password in auth.credentials_ref'],
  ['registry.auth.password_ref', 'name one secret with user name and password in auth.credentials_ref'],
  ['registry.auth.username', 'credentials do not belong in this file; name a secret in auth.credentials_ref'],
  ['registry.auth.password', 'credentials do not belong in this file; name a secret in auth.credentials_ref'],
  ['registry.auth.token', 'credentials do not belong in this file; name a secret in auth.credentials_ref'],
  [
    'registry.tls',
    'write tls_verify; a certificate authority is given to the client: --ca-file, or the caFile setting',
  ],
  ['registry.resilience.timeouts', 'the time limit belongs to the client: --timeout'],
  ['registry.resilience.circuit_breaker.success_threshold', 'write half_open_requests'],
  ['registry.resilience.rate_limiting', 'leave it out; Retry-After is always respected'],
  ['registry.rate_limiting', 'leave it out; Retry-After is always respected'],
  ['registry.cache.local_path', 'write path'],
  ['registry.cache.immutable_tags', 'leave it out; versions never expire'],
  ['registry.cache.mirror', 'mirrors belong to the client: the mirrors setting'],
  ['registry.immutable_tag_patterns', 'tag patterns belong to the client: the setting floeOci.tags.immutablePatterns'],
  [
    'registry.mutable_tag_patterns',
    `tag patterns belong to the client: the setting floeOci.tags.mutablePatterns, by default ${DEFAULT_TAG_PATTERNS.mutable.join(', ')}`,
  ],
  ['registry.primaries', 'write one uri; fail-over between registries is not supported'],
  ['registry.secondaries', 'write one uri; fail-over between registries is not supported'],
  ['registry.tertiaries', 'write one uri; fail-over between registries is not supported'],
  ['signing', 'move it into registry'],
  ['verification', 'move it into registry'],
];

const hints: ReadonlyMap<string, string> = new Map(HINTS);

/** What to do about a key that is not accepted; undefined when nothing is known of it. `path` starts at `artifacts`. */
export function hintFor(path: JsonPath): string | undefined {
  return hints.get(path.slice(1).join('.'));
}
