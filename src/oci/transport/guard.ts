import { isOciError, OciError } from '../errors.ts';
import { type Hosts, ownHosts } from './availability.ts';
import { CIRCUIT_BREAKER_DEFAULTS, type CircuitBreaker, type CircuitBreakerOptions } from './breaker.ts';
import { isLeftAlone } from './patience.ts';
import { isRepeatable } from './retry.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';
import { isUnavailableStatus } from './unavailable.ts';
import { watchBody } from './watchBody.ts';

/**
 * Sends nothing to a host whose circuit is open, and keeps its circuit. A request counts once, when nobody repeats it any
 * more: failed when there was no answer, when the answer was 408, 429 or 5xx, or when the body broke off; otherwise it is
 * a success, whatever the answer says. What was cancelled, or failed for its own content, for TLS or at a proxy that does not
 * let us through, does not count.
 * @throws OciError CIRCUIT_OPEN
 */
export function guarded(
  inner: Transport,
  options: CircuitBreakerOptions = CIRCUIT_BREAKER_DEFAULTS,
  { availability, nameOf }: Hosts = ownHosts(),
): Transport {
  if (!options.enabled) return inner;

  const send = async (request: HttpRequest, sendOptions: SendOptions = {}): Promise<HttpResponse> => {
    const registry = nameOf(request.url);
    const breaker = availability.breaker(registry);
    const permit = breaker.admit(options) ?? refuse(registry, breaker, availability.clock.now());
    const isLast = sendOptions.isLastAttempt ?? true;
    // What can be repeated has been, further in.
    const fail = isLast || isRepeatable(request) ? permit.failed : permit.abandoned;
    const failFor = (error: unknown, failed: () => void): void =>
      isOciError(error, 'REGISTRY_UNAVAILABLE') && !isLeftAlone(error) ? failed() : permit.abandoned();
    try {
      const response = await inner.send(request, sendOptions);
      if (isUnavailableStatus(response.status)) {
        fail();
        return response;
      }
      permit.answered();
      return watchBody(response, {
        completed: permit.completed,
        left: () => (sendOptions.signal?.aborted ? permit.abandoned() : permit.completed()),
        failed: (error) => failFor(error, isLast ? permit.failed : permit.abandoned),
      });
    } catch (error) {
      failFor(error, fail);
      throw error;
    }
  };

  return { send, close: () => inner.close() };
}

function refuse(registry: string, { failures, retryAt }: CircuitBreaker, now: number): never {
  // Half open, somebody is trying right now.
  const date = new Date(retryAt ?? now).toISOString();
  const message = `${registry} was not available ${failures} times in a row; it is tried again from ${date}`;
  throw new OciError('CIRCUIT_OPEN', message, { registry, failures, retryAt: date });
}
