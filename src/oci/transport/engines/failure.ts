import { OciError, type OciErrorDetails } from '../../errors.ts';
import { proxyRefused } from '../proxies.ts';
import { quotable } from '../redact.ts';
import { isUnavailableStatus } from '../unavailable.ts';

/** In words, what the codes of Node, OpenSSL, undici and llhttp say about a connection that gave no usable answer. */
const UNAVAILABLE: readonly Entry<never>[] = [
  [/^ECONNREFUSED$/, 'the connection was refused'],
  [/^ENOTFOUND$/, 'the host name is not known'],
  [/^EAI_/, 'the host name could not be looked up'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'no connection came about in time'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, 'there is no route to the host'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)$/, 'the connection was closed early'],
  [/^(HPE_HEADER_OVERFLOW|UND_ERR_HEADERS_OVERFLOW)$/, 'the headers of the answer are too large'],
  [/^(HPE_|HTTPParserError|UND_ERR_RESPONSE_CONTENT_LENGTH_MISMATCH)/, 'the answer is not valid HTTP'],
  [/^UND_ERR_PRX/, 'the proxy could not be used'],
];

const TLS: readonly Entry<OciErrorDetails['TLS_FAILED']['problem']>[] = [
  [
    /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|CERT_UNTRUSTED|UNABLE_TO_VERIFY_.*)$/,
    'the certificate is signed by an authority that is not trusted here',
    'authority',
  ],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'the certificate is self-signed and not trusted here', 'authority'],
  [/^CERT_HAS_EXPIRED$/, 'the certificate has expired', 'validity'],
  [/^CERT_NOT_YET_VALID$/, 'the certificate is not valid yet', 'validity'],
  [/^CERT_REVOKED$/, 'the certificate has been revoked'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'the certificate is for another name', 'name'],
  [
    /^ERR_SSL_(TLSV13_ALERT_CERTIFICATE_REQUIRED|SSLV3_ALERT_BAD_CERTIFICATE)$/,
    'a client certificate is required',
    'client-certificate',
  ],
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/,
    'the other end does not speak TLS',
    'protocol',
  ],
  [/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|EPROTO|CERT_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/, 'the TLS handshake failed'],
];

/** Where an exchange failed. */
interface Place {
  /** Host, with port, that the request went to. */
  readonly registry: string;
  /** Origin of the proxy on the way, where the engine knows it. */
  readonly proxy: string | undefined;
}

/** How undici says what a proxy answered to CONNECT, and, without a tunnel, to the request. */
const PROXY_ANSWER = /^Proxy (?:response|Authentication Required) \((\d{3})\)/;

/**
 * Turns what an engine threw into TLS_FAILED, PROXY_REFUSED or REGISTRY_UNAVAILABLE. The reason names the innermost cause in
 * words and quotes its message: engines wrap it several times, and the wrapper alone ("fetch failed") explains nothing.
 */
export function connectionFailure(
  { registry, proxy }: Place,
  error: unknown,
): OciError<'TLS_FAILED'> | OciError<'PROXY_REFUSED'> | OciError<'REGISTRY_UNAVAILABLE'> {
  const causes = causesOf(error);
  const tls = explain(TLS, causes);
  if (tls !== undefined) {
    const { words: reason, problem } = tls;
    const details = { registry, reason, ...(problem && { problem }) };
    return new OciError('TLS_FAILED', `${registry}: ${reason}`, details, { cause: error });
  }
  const refused = causes.map(({ message }) => PROXY_ANSWER.exec(message)?.[1]).find((found) => found !== undefined);
  if (refused !== undefined && !isUnavailableStatus(Number(refused))) {
    return proxyRefused(registry, proxy ?? null, Number(refused), error);
  }
  const innermost = causes.at(-1);
  const words = explain(UNAVAILABLE, causes)?.words ?? quotable(innermost?.message ?? String(error));
  // What is behind it was not reached: the connection is the proxy's.
  const reason = proxy === undefined ? words : `by the proxy ${proxy}: ${words}`;
  return unavailable({ registry, reason, status: null }, error);
}

type Unavailable = OciErrorDetails['REGISTRY_UNAVAILABLE'];

const TIMEOUTS: Readonly<Record<NonNullable<Unavailable['timeout']>, (seconds: number) => string>> = {
  connect: (seconds) => `nothing was heard for ${seconds} seconds while connecting`,
  'first-byte': (seconds) => `nothing was heard for ${seconds} seconds where an answer was due`,
  idle: (seconds) => `nothing was heard for ${seconds} seconds in the middle of the transfer`,
  total: (seconds) => `the exchange was not over after ${seconds} seconds`,
};

/** @param timeout which patience ran out */
export function timedOut(
  { registry, proxy }: Place,
  timeout: NonNullable<Unavailable['timeout']>,
  seconds: number,
  cause: unknown,
): OciError<'REGISTRY_UNAVAILABLE'> {
  const words = TIMEOUTS[timeout](seconds);
  const reason = proxy === undefined ? words : `by the proxy ${proxy}: ${words}`;
  return unavailable({ registry, reason, status: null, timeout }, cause);
}

function unavailable(details: Unavailable, cause: unknown): OciError<'REGISTRY_UNAVAILABLE'> {
  return new OciError('REGISTRY_UNAVAILABLE', `${details.registry}: ${details.reason}`, details, { cause });
}

/** What Node advises to those who start it, which users of an editor or of a program do not. */
const NODE_ADVICE = /; if the root CA is installed locally.*$/;

type Entry<Problem> = readonly [code: RegExp, words: string, problem?: Problem];

function explain<Problem>(
  table: readonly Entry<Problem>[],
  causes: readonly Cause[],
): { readonly words: string; readonly problem: Problem | undefined } | undefined {
  for (const { code, message } of causes.toReversed()) {
    const entry = table.find(([known]) => known.test(code));
    if (entry === undefined) continue;
    const [, words, problem] = entry;
    return { words: `${words} (${quotable(message.replace(NODE_ADVICE, '') || code)})`, problem };
  }
  return undefined;
}

interface Cause {
  /** The error's code, or its name where it has none. */
  readonly code: string;
  readonly message: string;
}

/** What OpenSSL says, inside the line of file names and numbers that Node makes of it when it gives no code. */
const OPENSSL_REASON = /:SSL routines:[^:]*:([^:]+):/;

function causeOf(error: Error): Cause {
  const openssl = OPENSSL_REASON.exec(error.message)?.[1];
  if (openssl !== undefined) return { code: `ERR_SSL_${openssl.toUpperCase().replaceAll(' ', '_')}`, message: openssl };
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : error.name, message: error.message };
}

/** A bound on chains that lead back to themselves; real ones have three or four links. */
const MAX_CAUSES = 10;

/** Outermost first; of an AggregateError (one failure per address tried) the last one stands for all. */
function causesOf(error: unknown): readonly Cause[] {
  const causes: Cause[] = [];
  for (let current = error; current instanceof Error && causes.length < MAX_CAUSES; ) {
    causes.push(causeOf(current));
    current = current instanceof AggregateError ? current.errors.at(-1) : current.cause;
  }
  return causes;
}
