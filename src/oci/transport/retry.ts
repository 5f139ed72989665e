import { isOciError, OciError } from '../errors.ts';
import { silentTelemetry } from '../telemetry/telemetry.ts';
import { type Hosts, ownHosts } from './availability.ts';
import { isLeftAlone } from './patience.ts';
import type { HttpRequest, HttpResponse, SendOptions, Transport } from './transport.ts';
import { isPassingStatus } from './unavailable.ts';

/** How often and after what delay a request is repeated. */
export interface RetryOptions {
  /** How often a request is sent in all; 1 switches repeating off. */
  readonly maxAttempts: number;
  /** Milliseconds before the second attempt. */
  readonly initialDelayMs: number;
  /** What each further delay is multiplied with. */
  readonly multiplier: number;
  /** Milliseconds; no delay is longer, and a registry that asks for longer is not waited for. */
  readonly maxDelayMs: number;
  /** Spread delays by a quarter, so that clients which failed together do not come back together. */
  readonly jitter: boolean;
}

/** What holds where nothing else is said; the same as floe's own client has. */
export const RETRY_DEFAULTS: RetryOptions = {
  maxAttempts: 3,
  initialDelayMs: 1000,
  multiplier: 2,
  maxDelayMs: 30_000,
  jitter: true,
};

/** Share of a delay by which jitter moves it at most. */
const JITTER = 0.25;

/**
 * The pause before an attempt.
 * @param attempt the one that failed, from 1
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function delayAfter(attempt: number, options: RetryOptions, random: number): number {
  const delay = options.initialDelayMs * options.multiplier ** (attempt - 1);
  const spread = options.jitter ? 1 + JITTER * (2 * random - 1) : 1;
  return Math.min(options.maxDelayMs, delay * spread);
}

/**
 * `Retry-After` in either form, seconds or a date.
 * @returns milliseconds from now, at least 0; undefined when absent or not understood
 */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // An HTTP date starts with its weekday; Date.parse alone would take "-1" or "2" for years and months.
  const date = /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * How long an answer asks to be left alone: by `Retry-After`, or as Docker Hub's API says it, by `X-Retry-After`, which is a
 * time in seconds since 1970. https://docs.docker.com/reference/api/hub/latest/#tag/rate-limiting
 * @returns milliseconds from now, at least 0; undefined when it does not say
 */
export function waitAsked(headers: ReadonlyMap<string, string>, now: number): number | undefined {
  const [, until] = /^\s*(\d{10})\s*$/.exec(headers.get('x-retry-after') ?? '') ?? [];
  const besides = until === undefined ? undefined : Math.max(0, Number(until) * 1000 - now);
  return retryAfter(headers.get('retry-after'), now) ?? besides;
}

/**
 * Whether repeating the request can do no harm: it is idempotent, or (POST without a body) starts an upload session of
 * which one more does not matter. A PUT or PATCH with a body belongs to a session that a failure may have moved on or
 * ended, so the caller repeats it, with a new session.
 */
export function isRepeatable({ method, body }: HttpRequest): boolean {
  return body === undefined || method === 'GET' || method === 'HEAD' || method === 'DELETE';
}

/**
 * Repeats what may be repeated after a failure that may pass: no answer (REGISTRY_UNAVAILABLE), 408, 429, 500, 502, 503,
 * 504. `Retry-After` pauses the whole host, for every request to it. When attempts are used up, or the registry asks for
 * more patience than `maxDelayMs`, its last answer is the answer.
 */
export function retrying(
  inner: Transport,
  options: RetryOptions = RETRY_DEFAULTS,
  { availability, nameOf, telemetry = silentTelemetry }: Hosts = ownHosts(),
): Transport {
  const { clock } = availability;

  const send = async (request: HttpRequest, sendOptions: SendOptions = {}): Promise<HttpResponse> => {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= options.maxAttempts || !isRepeatable(request);
      let delay = delayAfter(attempt, options, clock.random());
      try {
        const response = await inner.send(
          request,
          attempt === 1 ? sendOptions : { ...sendOptions, resendCount: attempt - 1 },
        );
        if (!isPassingStatus(response.status)) return response;
        const wanted = waitAsked(response.headers, clock.now()) ?? 0;
        availability.pause(nameOf(request.url), wanted, `it answered ${response.status} and asked to wait`);
        if (isLast || wanted > options.maxDelayMs) return response;
        await response.discard();
        delay = Math.max(wanted, delay);
      } catch (error) {
        if (isLast || isLeftAlone(error) || !isOciError(error, 'REGISTRY_UNAVAILABLE')) throw error;
      }
      await clock.sleep(delay, sendOptions.signal);
      telemetry.count('floe_oci_retries_total', { registry: nameOf(request.url) });
    }
  };

  return { send, close: () => inner.close() };
}

/** @throws OciError INVALID_ARGUMENT naming the setting and what is accepted */
export function checkRetry({ maxAttempts, initialDelayMs, multiplier, maxDelayMs }: RetryOptions): void {
  check('maxAttempts', maxAttempts, Number.isInteger(maxAttempts) && maxAttempts >= 1, 'a whole number from 1 up');
  check('multiplier', multiplier, multiplier >= 1, 'a number from 1 up');
  check('maxDelayMs', maxDelayMs, maxDelayMs >= 0, 'milliseconds, 0 or more');
  const isInside = initialDelayMs >= 0 && initialDelayMs <= maxDelayMs;
  check('initialDelayMs', initialDelayMs, isInside, `milliseconds from 0 to maxDelayMs, which is ${maxDelayMs}`);
}

function check(name: keyof RetryOptions, value: number, isAccepted: boolean, accepted: string): void {
  if (isAccepted) return;
  throw new OciError('INVALID_ARGUMENT', `retry.${name} is ${value}`, {
    argument: `retry.${name}`,
    value: String(value),
    accepted,
  });
}
