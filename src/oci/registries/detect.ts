import * as z from 'zod/mini';
import type { CallOptions } from '../content/store.ts';
import { isOciError } from '../errors.ts';
import type { Transport } from '../transport/transport.ts';
import { ApiClient } from './apiClient.ts';
import type { ProviderName } from './providerName.ts';

/** Whole names, each suffix with the dot before it: a host that only looks like one is another's. */
const BY_HOST: readonly (readonly [RegExp, ProviderName])[] = [
  [
    /^[0-9]{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:on\.aws|on\.amazonwebservices\.com\.cn|amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/,
    'ecr',
  ],
  [/^(?:public\.ecr\.aws|ecr-public\.aws\.com)$/, 'ecr-public'],
  [/^[a-z0-9-]+\.azurecr\.(?:io|cn|us|de)$/, 'acr'],
  [
    /^(?:[a-z0-9-]+-docker\.pkg\.dev|docker\.[a-z0-9-]+\.rep\.pkg\.dev|(?:[a-z0-9-]+\.)?gcr\.io|docker\.s3nsregistry\.fr)$/,
    'gar',
  ],
  [/^ghcr\.io$/, 'ghcr'],
  [/^docker\.io$/, 'docker-hub'],
  [/^quay\.io$/, 'quay'],
  [/^registry\.gitlab\.com$/, 'gitlab'],
  [/^(?:codeberg\.org|gitea\.com)$/, 'gitea'],
  [/^[a-z0-9-]+\.jfrog\.io$/, 'artifactory'],
];

/** What the name of a registry says it is; undefined for names that anybody may have. @param host as `parseRegistryHost` spells it */
export function providerByHost(host: string): ProviderName | undefined {
  return BY_HOST.find(([pattern]) => pattern.test(host))?.[1];
}

/** Headers by which some make themselves known with any answer. */
const BY_HEADER: readonly (readonly [header: string, value: RegExp, ProviderName])[] = [
  ['gitlab-container-registry-version', /./, 'gitlab'],
  ['x-jfrog-version', /./, 'artifactory'],
  ['x-artifactory-id', /./, 'artifactory'],
  ['server', /^Nexus\//, 'nexus'],
  ['zot-version', /./, 'zot'],
];

/** What one answer says about who gave it; undefined when it says nothing. @param headers lower-case names */
export function providerByHeaders(headers: ReadonlyMap<string, string>): ProviderName | undefined {
  return BY_HEADER.find(([name, value]) => value.test(headers.get(name) ?? ''))?.[2];
}

/** Addresses that only one kind of registry answers so. */
const BY_ANSWER: readonly (readonly [path: string, shape: z.ZodMiniType<unknown>, ProviderName])[] = [
  // https://goharbor.io/docs/latest/build-customize-contribute/configure-swagger/ (GET /systeminfo, open to anybody)
  ['/api/v2.0/systeminfo', z.object({ auth_mode: z.string(), self_registration: z.boolean() }), 'harbor'],
  // https://github.com/project-zot/zot/blob/main/pkg/extensions/README.md
  [
    '/v2/_oci/ext/discover',
    z.object({ extensions: z.array(z.object({ name: z.literal('_zot') })).check(z.minLength(1)) }),
    'zot',
  ],
  // https://docs.quay.io/api/swagger/
  [
    '/api/v1/discovery',
    z.object({ swagger: z.string(), info: z.object({ title: z.string().check(z.regex(/quay/i)) }) }),
    'quay',
  ],
  // https://docs.gitea.com/api/ (GET /version)
  ['/api/v1/version', z.object({ version: z.string() }), 'gitea'],
];

/**
 * What a registry with any name is, by asking at the addresses that only one kind answers: a request each, one after the
 * other, anonymous but where the registry insists. `distribution` when none does.
 * @throws OciError REGISTRY_UNAVAILABLE, TLS_FAILED, CANCELLED: whoever is not there is no kind of registry
 */
export async function detectProvider(
  { registry, base, transport }: { readonly registry: string; readonly base: URL; readonly transport: Transport },
  options: CallOptions = {},
): Promise<ProviderName> {
  const known = providerByHost(registry);
  if (known !== undefined) return known;
  const api = new ApiClient({ registry, base, transport });
  for (const [path, shape, name] of BY_ANSWER) {
    try {
      const { response } = await api.get(path, shape, options);
      return providerByHeaders(response.headers) ?? name;
    } catch (error) {
      if (
        !isOciError(error) ||
        ['REGISTRY_UNAVAILABLE', 'CIRCUIT_OPEN', 'TLS_FAILED', 'CANCELLED'].includes(error.code)
      ) {
        throw error;
      }
    }
  }
  return 'distribution';
}
