import tls from 'node:tls';
import { OciError } from '../../errors.ts';
import { checkUnencrypted } from '../privateKey.ts';
import type { ConnectionOptions } from '../transport.ts';

/** Options for one TLS connection, in the terms of `node:tls`; without `ca` the defaults of whoever runs us apply. */
export interface TlsOptions {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

/**
 * The registry's own certificates as TLS options.
 * @throws OciError INVALID_ARGUMENT when one is not usable PEM, or only one of `cert` and `key` is given
 */
export function tlsOptionsOf(connection: ConnectionOptions): TlsOptions {
  const { ca, cert, key, insecure } = connection;
  check(connection);
  return {
    ...(ca !== undefined && { ca: [...usualAuthorities(), ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(insecure === true && { rejectUnauthorized: false }),
  };
}

/**
 * The same as a context made once, at the first call: parsing some hundred and fifty certificates for every connection
 * costs more than the handshake. It trusts the system's certificates too, which Node does not unless told.
 * @throws OciError INVALID_ARGUMENT at once, as {@link tlsOptionsOf}
 */
export function secureContextOf(connection: ConnectionOptions): () => tls.SecureContext {
  const { ca, cert, key } = connection;
  check(connection);
  let context: tls.SecureContext | undefined;
  return () => {
    context ??= tls.createSecureContext({
      ca: [...usualAuthorities(), ...(ca === undefined ? [] : [ca])],
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    });
    return context;
  };
}

/** What is trusted without being told: Node's list, NODE_EXTRA_CA_CERTS, and the system's. */
function usualAuthorities(): string[] {
  // An editor's Node may be built without it.
  if (typeof tls.getCACertificates !== 'function') return [...tls.rootCertificates];
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}

function check({ ca, cert, key }: ConnectionOptions): void {
  if ((cert === undefined) !== (key === undefined)) {
    fail(cert === undefined ? 'cert' : 'key', 'missing', 'a client certificate together with its key');
  }
  if (ca !== undefined) checkPem('ca', 'PEM certificates', { ca });
  if (key !== undefined) checkUnencrypted(key, { argument: 'key', file: 'FILE' });
  if (cert !== undefined) checkPem('cert', 'a PEM certificate chain', { cert });
  if (cert !== undefined && key !== undefined) checkPem('key', 'the PEM key of the certificate', { cert, key });
}

function checkPem(argument: 'ca' | 'cert' | 'key', accepted: string, options: tls.SecureContextOptions): void {
  try {
    // OpenSSL takes a text without any certificate for an empty list.
    if (!/-----BEGIN /.test(String(options[argument]))) throw new Error('no PEM block');
    tls.createSecureContext(options);
  } catch (cause) {
    fail(argument, 'not usable', accepted, cause);
  }
}

function fail(argument: string, value: string, accepted: string, cause?: unknown): never {
  throw new OciError('INVALID_ARGUMENT', `${argument} is ${value}`, { argument, value, accepted }, { cause });
}
