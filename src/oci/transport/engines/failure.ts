import { OciError, type OciErrorDetails } from '../../errors.ts';
import { quotable } from '../redact.ts';

/** In words, what the codes of Node, OpenSSL, undici and llhttp say about a connection that gave no usable answer. */
const UNAVAILABLE: readonly (readonly [code: RegExp, words: string])[] = [
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

const TLS: readonly (readonly [code: RegExp, words: string])[] = [
  [
    /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|CERT_UNTRUSTED|UNABLE_TO_VERIFY_.*)$/,
    'the certificate is signed by an authority that is not trusted here',
  ],
  [/^DEPTH_ZERO_SELF_SIGNED_CERT$/, 'the certificate is self-signed and not trusted here'],
  [/^CERT_HAS_EXPIRED$/, 'the certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'the certificate is not valid yet'],
  [/^CERT_REVOKED$/, 'the certificate has been revoked'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'the certificate is for another name'],
  [/^ERR_SSL_(TLSV13_ALERT_CERTIFICATE_REQUIRED|SSLV3_ALERT_BAD_CERTIFICATE)$/, 'a client certificate is required'],
  [/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/, 'the other end does not speak TLS'],
  [/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|EPROTO|CERT_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/, 'the TLS handshake failed'],
];

/**
 * Turns what an engine threw into TLS_FAILED or REGISTRY_UNAVAILABLE. The reason names the innermost cause in words and
 * quotes its message: engines wrap it several times, and the wrapper alone ("fetch failed") explains nothing.
 * @param registry host, with port, that the request went to
 */
export function connectionFailure(
  registry: string,
  error: unknown,
): OciError<'TLS_FAILED'> | OciError<'REGISTRY_UNAVAILABLE'> {
  const causes = causesOf(error);
  const tls = explain(TLS, causes);
  if (tls !== undefined) {
    return new OciError('TLS_FAILED', `${registry}: ${tls}`, { registry, reason: tls }, { cause: error });
  }
  const innermost = causes.at(-1);
  const reason = explain(UNAVAILABLE, causes) ?? quotable(innermost?.message ?? String(error));
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
  registry: string,
  timeout: NonNullable<Unavailable['timeout']>,
  seconds: number,
  cause: unknown,
): OciError<'REGISTRY_UNAVAILABLE'> {
  return unavailable({ registry, reason: TIMEOUTS[timeout](seconds), status: null, timeout }, cause);
}

function unavailable(details: Unavailable, cause: unknown): OciError<'REGISTRY_UNAVAILABLE'> {
  return new OciError('REGISTRY_UNAVAILABLE', `${details.registry}: ${details.reason}`, details, { cause });
}

function explain(table: readonly (readonly [RegExp, string])[], causes: readonly Cause[]): string | undefined {
  for (const cause of causes.toReversed()) {
    const words = table.find(([code]) => code.test(cause.code))?.[1];
    if (words !== undefined) return `${words} (${quotable(cause.message || cause.code)})`;
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
