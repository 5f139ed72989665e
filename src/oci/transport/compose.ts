import type { CredentialSource } from '../credentials/credentials.ts';
import type { Logger } from '../telemetry/logger.ts';
import { silentTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import type { CredentialUse } from './accounts.ts';
import { type ApiPlace, authorizedAtApiHost } from './apiHosts.ts';
import { authorized } from './authorize.ts';
import { Availability, type Hosts } from './availability.ts';
import { CIRCUIT_BREAKER_DEFAULTS, type CircuitBreakerOptions, checkCircuitBreaker } from './breaker.ts';
import { guarded } from './guard.ts';
import { limited } from './limit.ts';
import { observed } from './observe.ts';
import { isRegistryUrl } from './origin.ts';
import type { RealmPins } from './realmPins.ts';
import { type HttpRecording, recorded } from './record.ts';
import { followRedirects } from './redirect.ts';
import { checkRetry, RETRY_DEFAULTS, type RetryOptions, retrying } from './retry.ts';
import type { ConnectionOptions, HttpRequest, Transport } from './transport.ts';

/**
 * Which HTTP client carries requests.
 *
 * * `host`: that of whoever runs us, with its proxy and certificate settings: its fetch, or its node:https for a registry
 *   with certificates of its own, which fetch cannot use
 * * `node`: node:http and node:https always
 * * `undici`: our own, with proxies from the environment and the system's certificates
 * * `auto`: as `host`
 */
export type EngineName = 'auto' | 'host' | 'node' | 'undici';

/** What one registry's transport is put together from. */
export interface TransportOptions {
  /** `host[:port]` of the registry; `docker.io` stands for all of Docker Hub's names. */
  readonly registry: string;
  readonly engine: EngineName;
  readonly connection: ConnectionOptions;
  readonly credentials: CredentialSource;
  /** Where the registry's own API is, on another host; default: where that is known by the registry's name. */
  readonly api?: ApiPlace;
  /** Where secrets went before; default: remembered as long as the transport lives. */
  readonly pins?: RealmPins;
  /** Told each time what becomes of a credential; must not throw. */
  readonly onCredential?: (use: CredentialUse) => void;
  /** What differs from {@link RETRY_DEFAULTS}. */
  readonly retry?: Partial<RetryOptions>;
  /** What differs from {@link CIRCUIT_BREAKER_DEFAULTS}. */
  readonly circuitBreaker?: Partial<CircuitBreakerOptions>;
  /** What is known about hosts, shared with other transports; default: its own. */
  readonly availability?: Availability;
  /** Requests to one host at a time; default 8. */
  readonly concurrency?: number;
  readonly logger: Logger;
  /** Default: nothing is traced or counted. */
  readonly telemetry?: Telemetry;
  /** Keeps every hop; default: nothing is kept. */
  readonly recording?: HttpRecording;
  readonly userAgent: string;
}

/**
 * The transport for one registry. From the outside in:
 *
 *     authorize > redirect > guard > retry > limit > observe > engine
 *
 * Authorize sees final answers only, and a redirect that left the origin never comes back to it for a credential. Retry
 * and limit are about one hop: a failing storage host is asked again by itself, a pause is the pause of the host that
 * asked for it, and nobody holds a place while waiting: not for a pause, not for a token, not for the next hop.
 *
 * The guard, too, is about one hop, and outside of retry: storage that is down does not close the way to the tags of a
 * registry that is not, and what went right at last went right.
 *
 * @throws OciError INVALID_ARGUMENT for certificates that cannot be used, and for settings out of range
 */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const { registry, credentials, api, pins, onCredential, logger, telemetry = silentTelemetry, userAgent } = options;
  const retry = { ...RETRY_DEFAULTS, ...options.retry };
  const circuitBreaker = { ...CIRCUIT_BREAKER_DEFAULTS, ...options.circuitBreaker };
  checkRetry(retry);
  checkCircuitBreaker(circuitBreaker);
  const { ca, cert, key } = options.connection;
  const load = () => createEngine(options);
  // Certificates are looked at now; without any, nothing is loaded before something is sent.
  const isPlain = ca === undefined && cert === undefined && key === undefined;
  const availability = options.availability ?? new Availability({ logger, telemetry });
  const hosts = { availability, nameOf: namesOf(registry), telemetry };
  const carrier = recorded(isPlain ? deferred(load) : await load(), options.recording);
  const engine = observed(carrier, { ...hosts, logger, userAgent });
  const placed = limited(engine, options.concurrency, hosts, retry.maxDelayMs);
  const hop = guarded(retrying(placed, retry, hosts), circuitBreaker, hosts);
  return authorized(authorizedAtApiHost(followRedirects(hop), { registry, credentials, logger, ...(api && { api }) }), {
    registry,
    credentials,
    tokenTransport: hop,
    logger,
    telemetry,
    ...(pins && { pins }),
    ...(onCredential && { onCredential }),
  });
}

/** The registry by its own name, which its address may not show; everybody else by the host. */
function namesOf(registry: string): Hosts['nameOf'] {
  const names = new Map<string, string>();
  return (url) => {
    const name = names.get(url.origin) ?? (isRegistryUrl(registry, url) ? registry : url.host);
    names.set(url.origin, name);
    return name;
  };
}

/**
 * The client certificate, and the permission to trust any certificate, are the registry's own: storage and token servers
 * on other hosts are reached without.
 */
async function createEngine({ registry, engine, ...options }: TransportOptions): Promise<Transport> {
  const connection = { registryHost: new URL(`https://${registry}/`).hostname, ...options.connection };
  const own = await loadEngine(engine, connection);
  const { cert, key, insecure, ...shared } = connection;
  if (cert === undefined && key === undefined && insecure !== true) return own;
  const others = await loadEngine(engine, shared);
  const engineFor = ({ url }: HttpRequest): Transport => (isRegistryUrl(registry, url) ? own : others);
  return {
    send: (request, sendOptions) => engineFor(request).send(request, sendOptions),
    close: async () => {
      await Promise.all([own.close(), others.close()]);
    },
  };
}

/** What the cache answers needs no engine, and loading one takes longer than such an answer. */
function deferred(load: () => Promise<Transport>): Transport {
  let loading: Promise<Transport> | undefined;
  return {
    send: async (request, sendOptions) => {
      loading ??= load();
      return (await loading).send(request, sendOptions);
    },
    close: async () => (await loading)?.close(),
  };
}

/** Engines are loaded when chosen: in an editor, undici never is unless asked for. */
export async function loadEngine(name: EngineName, connection: ConnectionOptions): Promise<Transport> {
  const { ca, cert, key, insecure } = connection;
  const ownTls = ca !== undefined || cert !== undefined || key !== undefined || insecure === true;
  if (name === 'undici') return (await import('./engines/undici.ts')).createUndiciTransport(connection);
  if (name === 'node' || ownTls) return (await import('./engines/nodeHttps.ts')).createNodeTransport(connection);
  return (await import('./engines/hostFetch.ts')).createHostFetchTransport(connection);
}
