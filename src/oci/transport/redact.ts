import { UNSEEN } from '../spec/unseen.ts';
import { HIDDEN, hasSentIn, withoutSent } from './sentSecrets.ts';

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
  const open = hasSentIn(pathname) ? `/${HIDDEN}` : pathname;
  const path = open.length > MAX_PATH ? `${open.slice(0, MAX_PATH)}…` : open;
  const query = search === '' ? '' : `?${redactPairs(search.slice(1))}`;
  return withoutSent(`${protocol}//${host}${path}${query}`.replace(ENCODED_USER_INFORMATION, '$1'));
}

function redactPairs(query: string): string {
  return query.split('&').map(redactPair).join('&');
}

/** A pair without `=` is hidden whole: what looks like a key may be the secret itself. */
function redactPair(pair: string): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair === '' ? '' : HIDDEN;
  const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  if (hasSentIn(key)) return HIDDEN;
  return OPEN_QUERY_KEYS.has(key) && !hasSentIn(value) ? pair : `${key}=${HIDDEN}`;
}

type Headers = Readonly<Record<string, string>> | ReadonlyMap<string, string>;

/** Headers fit for a log: by an allow-list of names, see above. */
export function redactHeaders(headers: Headers): Record<string, string> {
  const entries = headers instanceof Map ? [...headers] : Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [withoutSent(name), redactHeader(name.toLowerCase(), value)]),
  );
}

function redactHeader(name: string, value: string): string {
  if (OPEN_HEADERS.has(name)) return withoutSent(value);
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
/** User information before a host, whatever the scheme, also in JSON that escapes slashes. Bounded, so that a long text takes no longer. */
const USER_INFORMATION = /\b([a-z][a-z0-9+.-]{0,20}:(?:\\*\/){2})[^\s/?#"'<>@]{1,1024}@/gi;
/** The same inside another address, encoded once or more often. */
const ENCODED_USER_INFORMATION =
  /((?::|%((?:25){0,8})3A)(?:%\2(?:2F)){2})(?:(?!%\2(?:40|2F|3F|23))[^\s"'<>&?#/@]){1,1024}%\2(?:40)/gi;
/** `Bearer …`, `Basic …` as they stand in a header; eight characters at least, so that prose stays readable. */
const CREDENTIAL = /\b(Bearer|Basic|Negotiate|NTLM)\s+(?!realm\b)[A-Za-z0-9+/=._~-]{8,}/gi;
/** A JSON web token: three parts of base64url of which the first is an object. */
const JWT = /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g;

/** In the name of what is secret, in any case: `refresh_token`, `SecretAccessKey`, `client_assertion`. */
const SECRET_WORD =
  '(?:token|secret|passw(?:or)?d|pass(?:phrase|code)|authorization|signature|assertion|cookie|ratelimit-source|api[_-]?key|(?:private|access|account|shared)[_-]?key(?:[_-]?id)?)[A-Za-z0-9_.-]{0,40}';
/** All of such a name, or its last part: other words begin with them. `auth` is what Docker's `config.json` has. */
const SECRET_END = '(?<![A-Za-z0-9])(?:auth|pass|pwd|sig|sid|jwt|credentials?|session(?:[_-]?id)?)';
/** Between a name that may be quoted and its value: in JSON, also inside a string of JSON, in a form, in settings. */
const ASSIGNED = String.raw`\\*["'\`]?\s*(?:=>?|:)\s*`;
/** A value that is hidden already keeps its scheme. */
const SHOWN = String.raw`(?!(?:\w{1,20} )?\*\*\*)`;
/** In quotes of any kind; the closing one stays. */
const QUOTED_VALUE = new RegExp(
  String.raw`((?:${SECRET_WORD}|${SECRET_END})${ASSIGNED}(["'\`]))${SHOWN}(?:(?!\2)[^\\]|\\.)+`,
  'gis',
);
/** The same where the quotes are escaped, because all of it is in a string. */
const ESCAPED_VALUE = new RegExp(
  String.raw`((?:${SECRET_WORD}|${SECRET_END})${ASSIGNED}\\+(["'\`]))${SHOWN}(?:\\{3}\2|(?!\2)[^\\]|\\(?!\2))+`,
  'gis',
);
/** Without quotes, as a field of a form or a setting, or as a member of JSON. */
const FIELD = new RegExp(
  String.raw`((?:${SECRET_WORD}|${SECRET_END})(?:\s*=>?\s*|\\*["'\`]\s*:\s*))${SHOWN}(?!(?:null|true|false)\b)[^\s&"'\`<>,;{}[\]\\]+`,
  'gi',
);
/** As a header, a word; with a space after the colon, for `tokens:v1` is the tag of a repository. */
const HEADER = new RegExp(String.raw`((?:${SECRET_WORD}|(?<![\w-])x-[\w-]{1,60}):[ \t]+)${SHOWN}[^\s"'\`<>]+`, 'gi');
/** As a header whose value has several words, to the end of the line. */
const HEADER_LINE = /\b((?:(?:set-)?cookie|(?:proxy-)?authorization):)(?![ \t]*(?:\w{1,20} )?\*\*\*)[^\r\n]+/gi;
/** Tokens of GitHub, GitLab, Docker Hub and Artifactory, whose registries take them for passwords, and of Google. */
const FORGE_TOKEN =
  /\b(?:gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt)-|dckr_[po]at_|AKCp|cmVmdGtu|ya29\.)[A-Za-z0-9_.-]{16,}/g;
/** The identifiers of keys of AWS, which say whose they are. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const AWS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;

/**
 * A text without the secrets that this process has sent, and with addresses, credentials and tokens in it redacted. Of
 * secrets that it has not sent, it hides what it can recognise.
 */
export function redactText(text: string): string {
  return withoutSent(text)
    .replace(ADDRESS, redactAddress)
    .replace(USER_INFORMATION, '$1')
    .replace(ENCODED_USER_INFORMATION, '$1')
    .replace(CREDENTIAL, `$1 ${HIDDEN}`)
    .replace(JWT, HIDDEN)
    .replace(FORGE_TOKEN, HIDDEN)
    .replace(QUOTED_VALUE, `$1${HIDDEN}`)
    .replace(ESCAPED_VALUE, `$1${HIDDEN}`)
    .replace(FIELD, `$1${HIDDEN}`)
    .replace(HEADER_LINE, `$1 ${HIDDEN}`)
    .replace(HEADER, `$1${HIDDEN}`)
    .replace(AWS_KEY, HIDDEN);
}

/** Long enough for a sentence with an address in it, short enough for one line of a log. */
const MAX_TEXT = 300;

/** A text from outside made fit for one line: redacted, on one line, at most 300 characters. */
export function quotable(text: string): string {
  const line = redactText(text).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT)}…`;
}
