import { circuitBreakerOf, retryOf } from '../floe/registryResilience.ts';
import type { RegistryConnection } from '../oci/index.ts';
import type { WorkspaceManifest } from './workspaceManifests.ts';

/** How a manifest.yaml wants its registry reached. What it says nothing about, section by section, is for the settings to say. */
export function connectionOf({ config, has }: WorkspaceManifest): RegistryConnection {
  return {
    ...(has('tls_verify') && { insecure: !config.tls_verify }),
    ...(has('resilience', 'retry') && { retry: retryOf(config) }),
    ...(has('resilience', 'circuit_breaker') && { circuitBreaker: circuitBreakerOf(config) }),
  };
}
