/** What stands where a secret, or what may be one, was. */
const HIDDEN = '***';

/**
 * Query keys whose values the distribution and token specs define and that hold no secret. Everything else is hidden:
 * upload sessions (`_state`), signed storage addresses and tokens use names that nobody can list.
 */
const OPEN_QUERY_KEYS: ReadonlySet<string> = new Set([
  'artifactType',
  'client_id',
  'digest',
  'digest-algorithm',
  'from',
  'last',
  'mount',
  'n',
  'ns',
  'scope',
  'service',
  'tag',
]);

/** Headers whose values are shown as they are; any other name may be a caller's own and hold a key. */
const OPEN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-ranges',
  'age',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'docker-content-digest',
  'docker-distribution-api-version',
  'docker-upload-uuid',
  'etag',
  'if-match',
  'if-none-match',
  'if-range',
  'keep-alive',
  'last-modified',
  'oci-chunk-min-length',
  'oci-filters-applied',
  'oci-subject',
  'oci-tag',
  'range',
  'ratelimit-limit',
  'ratelimit-remaining',
  'retry-after',
  'server',
  'transfer-encoding',
  'user-agent',
  'vary',
  'via',
  'warning',
]);

/** Shown with the addresses inside them redacted. */
const ADDRESS_HEADERS: ReadonlySet<string> = new Set(['content-location', 'link', 'location', 'www-authenticate']);

/** Shown as their scheme alone, which helps to understand a refusal. */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization']);

/** Characters. No registry has an address this long, and one that was made up by a hostile one would fill the screen. */
const MAX_PATH = 1024;

/**
 * The address without user information, without fragment, and with `***` for the value of every query key that is not
 * known to be harmless. For logs, errors and traces; not an address to send anything to.
 */
export function redactUrl(url: URL | string): string {
  if (typeof url === 'string' && !URL.canParse(url)) return '(not a URL)';
  const { protocol, host, pathname, search } = new URL(url);
  // `user:password@host:port` is a URL whose scheme is the user.
  if (host === '' && !pathname.startsWith('/')) return '(not a URL)';
  const path = pathname.length > MAX_PATH ? `${pathname.slice(0, MAX_PATH)}…` : pathname;
  return `${protocol}//${host}${path}${search === '' ? '' : `?${redactPairs(search.slice(1))}`}`;
}

function redactPairs(query: string): string {
  return query.split('&').map(redactPair).join('&');
}

/** A pair without `=` is hidden whole: what looks like a key may be the secret itself. */
function redactPair(pair: string): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair === '' ? '' : HIDDEN;
  return OPEN_QUERY_KEYS.has(pair.slice(0, equals)) ? pair : `${pair.slice(0, equals)}=${HIDDEN}`;
}

type Headers = Readonly<Record<string, string>> | ReadonlyMap<string, string>;

/** Headers fit for a log: by an allow-list of names, see above. */
export function redactHeaders(headers: Headers): Record<string, string> {
  const entries = headers instanceof Map ? [...headers] : Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, redactHeader(name.toLowerCase(), value)]));
}

function redactHeader(name: string, value: string): string {
  if (OPEN_HEADERS.has(name)) return value;
  if (ADDRESS_HEADERS.has(name))
    return redactText(value).replace(QUERY, (_, query: string) => `?${redactPairs(query)}`);
  if (CREDENTIAL_HEADERS.has(name)) return `${/^[a-z]+(?= )/i.exec(value)?.[0] ?? ''} ${HIDDEN}`.trimStart();
  return HIDDEN;
}

/** The query of an address, which in a header may be relative. */
const QUERY = /\?([^\s"'<>]*)/g;

/** Addresses inside a text, up to what cannot be part of one. */
const ADDRESS = /\bhttps?:\/\/[^\s"'<>]+/gi;
/** What follows an address in a sentence, rather than belongs to it. */
const PUNCTUATION = '.,:;!?)]';

function redactAddress(text: string): string {
  let end = text.length;
  while (PUNCTUATION.includes(text.charAt(end - 1))) end--;
  return redactUrl(text.slice(0, end)) + text.slice(end);
}
/** User information before a host, whatever the scheme. Bounded, so that a long text without any takes no longer. */
const USER_INFORMATION = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>@]{1,1024}@/gi;
/** `Bearer …`, `Basic …` as they stand in a header; eight characters at least, so that prose stays readable. */
const CREDENTIAL = /\b(Bearer|Basic)\s+(?!realm\b)[A-Za-z0-9+/=._~-]{8,}/gi;
/** A JSON web token: three parts of base64url of which the first is an object. */
const JWT = /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g;

/**
 * A name whose value is a secret, in any case and between other words: `refresh_token`, `SecretAccessKey`, `client_assertion`.
 * Bounded, so that a long text without any takes no longer.
 */
const SECRET_NAME =
  '[A-Za-z0-9_.-]{0,40}(?:token|secret|passw(?:or)?d|passphrase|authorization|signature|assertion|cookie|api[_-]?key|private[_-]?key|access[_-]?key(?:[_-]?id)?)[A-Za-z0-9_.-]{0,40}';
/** As a member of JSON, also of JSON inside a string of JSON; what is hidden already keeps its scheme. */
const MEMBER = new RegExp(
  String.raw`(\\?"${SECRET_NAME}\\?"\s*:\s*\\?")(?!(?:\w+ )?\*\*\*\\?")(?:[^"\\]|\\[^"])+`,
  'gi',
);
/** As a field of a form, or as a setting. */
const FIELD = new RegExp(String.raw`\b(${SECRET_NAME}=)(?!\*\*\*)[^\s&"'<>,;]+`, 'gi');
/** As a header, to the end of the line. */
const COOKIE = /\b((?:set-)?cookie:)[^\r\n]+/gi;
/** Tokens of GitHub, GitLab and Docker Hub, whose registries take them for passwords. */
const FORGE_TOKEN = /\b(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt)-|dckr_[po]at_)[A-Za-z0-9_-]{16,}/g;
/** The identifiers of keys of AWS, which say whose they are. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const AWS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;

/** A text with addresses, credentials and tokens in it redacted. What it cannot recognise it cannot hide. */
export function redactText(text: string): string {
  return text
    .replace(ADDRESS, redactAddress)
    .replace(USER_INFORMATION, '$1')
    .replace(CREDENTIAL, `$1 ${HIDDEN}`)
    .replace(JWT, HIDDEN)
    .replace(FORGE_TOKEN, HIDDEN)
    .replace(MEMBER, `$1${HIDDEN}`)
    .replace(FIELD, `$1${HIDDEN}`)
    .replace(COOKIE, `$1 ${HIDDEN}`)
    .replace(AWS_KEY, HIDDEN);
}

/** Spaces, controls, and the marks that reorder a line on a terminal or in a tree. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNPRINTABLE = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** Long enough for a sentence with an address in it, short enough for one line of a log. */
const MAX_TEXT = 300;

/** A text from outside made fit for one line: redacted, on one line, at most 300 characters. */
export function quotable(text: string): string {
  const line = redactText(text).replace(UNPRINTABLE, ' ').trim();
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT)}…`;
}
