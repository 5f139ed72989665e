import type { CircuitBreakerOptions, RetryOptions } from '../oci/index.ts';
import type { RegistryConfig } from './schema/registryConfig.ts';

/** `resilience.retry` of a manifest.yaml, as the core has it. */
export function retryOf({ resilience }: RegistryConfig): RetryOptions {
  const { max_attempts, initial_delay_ms, backoff_multiplier, max_delay_ms, jitter } = resilience.retry;
  return {
    maxAttempts: max_attempts,
    initialDelayMs: initial_delay_ms,
    multiplier: backoff_multiplier,
    maxDelayMs: max_delay_ms,
    jitter,
  };
}

/** `resilience.circuit_breaker` of a manifest.yaml, as the core has it. */
export function circuitBreakerOf({ resilience }: RegistryConfig): CircuitBreakerOptions {
  const { enabled, failure_threshold, recovery_timeout_ms, half_open_requests } = resilience.circuit_breaker;
  return {
    enabled,
    failureThreshold: failure_threshold,
    recoveryTimeoutMs: recovery_timeout_ms,
    halfOpenRequests: half_open_requests,
  };
}
