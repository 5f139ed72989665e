import type { Cloud, RegistryConnection } from '../oci/index.ts';
import { circuitBreakerOf, retryOf } from './registryResilience.ts';
import type { RegistryConfig } from './schema/registryConfig.ts';

/** How a manifest.yaml wants its registry reached, with defaults for what it leaves out. */
export function connectionOf(config: RegistryConfig): RegistryConnection {
  return {
    ...(!config.tls_verify && { insecure: true }),
    retry: retryOf(config),
    circuitBreaker: circuitBreakerOf(config),
  };
}

/** As the core counts `max_size_gb`. */
const GIB = 1024 ** 3;

/** How much a cache may hold, and for how long it is believed. */
export interface CacheLimits {
  readonly maxSizeBytes: number;
  readonly ttlHours: number;
}

/** How much a cache may keep, and for how long it is believed. */
export function cacheLimitsOf({ cache }: Pick<RegistryConfig, 'cache'>): CacheLimits {
  return { maxSizeBytes: cache.max_size_gb * GIB, ttlHours: cache.ttl_hours };
}

const CLOUDS: Partial<Record<RegistryConfig['auth']['type'], Cloud>> = {
  'aws-irsa': 'aws',
  'azure-managed-identity': 'azure',
  'gcp-workload-identity': 'google',
};

/** The cloud whose identity signs in; undefined where it is a secret, or nobody. */
export function cloudOf({ auth }: Pick<RegistryConfig, 'auth'>): Cloud | undefined {
  return CLOUDS[auth.type];
}
