import tls from 'node:tls';
import { throwIfAborted } from '../../errors.ts';
import { quotable } from '../redact.ts';
import type { ConnectionOptions } from '../transport.ts';
import { connectSecondsOf } from './exchange.ts';
import { connectionFailure } from './failure.ts';
import { secureContextOf } from './trust.ts';

/** What the other end of a TLS connection shows, whether we trust it or not. Text in it is the other end's. */
export interface PeerCertificate {
  /** `TLSv1.3` */
  readonly protocol: string;
  readonly subject: string;
  readonly issuer: string;
  /** As the certificate writes it: `Nov 24 08:00:00 2026 GMT`. */
  readonly validUntil: string;
  /** Why we do not trust it, by OpenSSL's code; undefined when we do. */
  readonly objection: string | undefined;
}

/**
 * Looks at the certificate of a server: who made it often explains why it is not trusted. Sends nothing but the handshake,
 * and goes through no proxy.
 * @throws OciError REGISTRY_UNAVAILABLE, TLS_FAILED, CANCELLED; INVALID_ARGUMENT for certificates of ours
 */
export async function peerCertificate(
  url: URL,
  connection: ConnectionOptions,
  signal?: AbortSignal,
): Promise<PeerCertificate> {
  throwIfAborted(signal);
  const secureContext = secureContextOf(connection)();
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>();
  const socket = tls.connect({
    host,
    port: Number(url.port) || 443,
    secureContext,
    // Looked at, not used.
    rejectUnauthorized: false,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    timeout: connectSecondsOf(connection) * 1000,
  });
  const abort = (): void => {
    socket.destroy();
    try {
      throwIfAborted(signal);
    } catch (error) {
      reject(error);
    }
  };
  signal?.addEventListener('abort', abort, { once: true });
  socket.once('secureConnect', () => resolve(shown(socket, host)));
  socket.once('timeout', () => socket.destroy(Object.assign(new Error('no TLS in time'), { code: 'ETIMEDOUT' })));
  socket.once('error', (error) => reject(connectionFailure({ registry: url.host, proxy: undefined }, error)));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', abort);
    socket.destroy();
  }
}

function shown(socket: tls.TLSSocket, host: string): PeerCertificate {
  const certificate = socket.getPeerCertificate();
  // For an address there is no name to send, and Node compares none then.
  const mismatch = tls.checkServerIdentity(host, certificate);
  const objection = socket.authorizationError ?? (mismatch && 'ERR_TLS_CERT_ALTNAME_INVALID');
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validUntil: quotable(certificate.valid_to ?? ''),
    objection: objection === undefined ? undefined : quotable(codeOf(objection)),
  };
}

/** Node's types say Error, and it is the code. */
function codeOf(objection: Error | string): string {
  return typeof objection === 'string' ? objection : objection.message;
}

/** The part that people know it by. */
function nameOf(name: tls.Certificate | undefined): string {
  return quotable([name?.CN ?? name?.O ?? ''].flat().join(' ')) || 'without a name';
}
