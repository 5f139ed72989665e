import {
  type Cache,
  type CircuitBreakerOptions,
  type CredentialSource,
  createStores,
  type Logger,
  OciError,
  type RegistryConnection,
  type RetryOptions,
  type Stores,
  userAgent,
} from '../oci/index.ts';
import { type CredentialInput, credentialsFor, ownManifest } from './credentials.ts';
import { inputFile, readInput } from './files.ts';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';
import type { RegistryManifest } from './registryManifest.ts';

/**
 * The stores that a command reaches, with the cache in front of them if there is one, in the way its options say; what they leave open, the manifest.yaml says for its own
 * registry, and defaults for the rest.
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE, INVALID_ARGUMENT for certificates, and for the credentials of the environment
 */
export async function connect(input: CredentialInput, cache?: Cache): Promise<Stores> {
  return connectWith(credentialsFor(input), { ...input, cache, own: ownManifest(input) });
}

interface ConnectOptions {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly logger: Logger;
  /** The manifest.yaml that is about the registry. */
  readonly own?: RegistryManifest | undefined;
  readonly cache?: Cache | undefined;
}

/** The same with credentials that are given. @throws as {@link connect} */
export async function connectWith(credentials: CredentialSource, input: ConnectOptions): Promise<Stores> {
  const { io, options, logger, own, cache } = input;
  const { caFile, cert, key, insecure, plainHttp, timeout, concurrency, maxAttempts } = options;
  const pem = async (flag: string, file: string | undefined): Promise<string | undefined> =>
    file === undefined ? undefined : readPem(flag, io.cwd, file);
  const given = definedOf({
    ca: await pem('--ca-file', caFile),
    cert: await pem('--cert', cert),
    key: await pem('--key', key),
    insecure,
    plainHttp,
    timeoutSeconds: timeout,
  });
  const attempts = definedOf({ maxAttempts });
  const ofManifest = (manifest: RegistryManifest): RegistryConnection => ({
    ...(!manifest.config.tls_verify && { insecure: true }),
    retry: { ...retryOf(manifest), ...attempts },
    circuitBreaker: circuitBreakerOf(manifest),
  });
  return createStores({
    engine: 'undici',
    connection: (registry): RegistryConnection =>
      own?.place.registry === registry ? { ...ofManifest(own), ...given } : given,
    credentials,
    retry: attempts,
    ...definedOf({ concurrency, cache }),
    logger,
    userAgent,
  });
}

function retryOf({ config }: RegistryManifest): RetryOptions {
  const { max_attempts, initial_delay_ms, backoff_multiplier, max_delay_ms, jitter } = config.resilience.retry;
  return {
    maxAttempts: max_attempts,
    initialDelayMs: initial_delay_ms,
    multiplier: backoff_multiplier,
    maxDelayMs: max_delay_ms,
    jitter,
  };
}

function circuitBreakerOf({ config }: RegistryManifest): CircuitBreakerOptions {
  const { enabled, failure_threshold, recovery_timeout_ms, half_open_requests } = config.resilience.circuit_breaker;
  return {
    enabled,
    failureThreshold: failure_threshold,
    recoveryTimeoutMs: recovery_timeout_ms,
    halfOpenRequests: half_open_requests,
  };
}

/** Bytes. The certificates of all authorities there are fit in a tenth of it. */
const MAX_PEM_SIZE = 4 * 1024 * 1024;

async function readPem(flag: string, cwd: string, file: string): Promise<string> {
  const text = new TextDecoder().decode(await readInput(inputFile(cwd, file), MAX_PEM_SIZE));
  if (text.includes('-----BEGIN ')) return text;
  throw new OciError('INVALID_ARGUMENT', `${flag} ${file} is not PEM`, {
    argument: flag,
    value: file,
    accepted: 'a file in PEM, which has a line starting -----BEGIN',
  });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same without what is undefined, so that spreading it overrides nothing by accident. */
function definedOf<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
