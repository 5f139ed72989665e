/** What is left of what a registry lets one user, or one address, do in a time. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** The length of that time, when it is told. */
  readonly windowSeconds?: number;
  /** When it begins anew, RFC 3339, when that is told. */
  readonly resetAt?: string;
  /** Whose it is, as Docker Hub says: an address or an account. */
  readonly source?: string;
}

/** A number this large is a time of day, in seconds since 1970; a smaller one is a wait. */
const EPOCH = 1_000_000_000;

/**
 * What an answer says about limits, in any of the ways there are; undefined when it says nothing that can be read.
 *
 *     ratelimit-limit: 100;w=21600      ratelimit-remaining: 76;w=21600                      Docker Hub's registry
 *     x-ratelimit-limit: 5000           x-ratelimit-remaining: 4987  x-ratelimit-reset: EPOCH  GitHub, Docker Hub's API
 *     RateLimit-Policy: "a";q=100;w=60  RateLimit: "a";r=50;t=30                             the IETF's draft
 *
 * Twelve digits are more than any limit or date has, and a date of more there is not.
 * https://docs.docker.com/docker-hub/usage/pulls/ ·
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api ·
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 * @param headers lower-case names
 * @param now milliseconds since 1970
 */
export function rateLimitOf(headers: ReadonlyMap<string, string>, now: number): RateLimit | undefined {
  const structured = /;\s*r=(\d{1,12})(?:.*?;\s*t=(\d{1,12}))?/.exec(headers.get('ratelimit') ?? '');
  const policy = /;\s*q=(\d{1,12})(?:.*?;\s*w=(\d{1,9}))?/.exec(headers.get('ratelimit-policy') ?? '');
  const [limit, window] = policy
    ? [policy[1], policy[2]]
    : parts(headers.get('ratelimit-limit') ?? headers.get('x-ratelimit-limit'));
  const [remaining] = structured
    ? [structured[1]]
    : parts(headers.get('ratelimit-remaining') ?? headers.get('x-ratelimit-remaining'));
  if (limit === undefined || remaining === undefined) return undefined;
  const [reset] = structured
    ? [structured[2]]
    : parts(headers.get('ratelimit-reset') ?? headers.get('x-ratelimit-reset'));
  const source = headers.get('docker-ratelimit-source');
  return {
    limit: Number(limit),
    remaining: Number(remaining),
    ...(window !== undefined && { windowSeconds: Number(window) }),
    ...(reset !== undefined && { resetAt: new Date(resetTime(Number(reset), now)).toISOString() }),
    ...(source !== undefined && /^[\w.:-]{1,64}$/.test(source) && { source }),
  };
}

/** The number, and the `w` of `100;w=21600`. */
function parts(header: string | undefined): readonly (string | undefined)[] {
  const [, number, window] = /^\s*(\d{1,12})(?:\s*;.*?w=(\d{1,9}))?/.exec(header ?? '') ?? [];
  return [number, window];
}

function resetTime(seconds: number, now: number): number {
  return seconds >= EPOCH ? seconds * 1000 : now + seconds * 1000;
}
