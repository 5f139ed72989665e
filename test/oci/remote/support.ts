import { anonymous, fixed } from '../../../src/oci/credentials/credentials.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import type { RemoteRepository } from '../../../src/oci/remote/repository.ts';
import type { UploadMode } from '../../../src/oci/remote/uploadHabits.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { type LogFields, type Logger, silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { createTransport, type EngineName } from '../../../src/oci/transport/compose.ts';
import type { Transport } from '../../../src/oci/transport/transport.ts';
import { type RegistryOptions, startRegistry, type TestRegistry } from '../../support/registry/index.ts';

export interface Entry {
  readonly level: keyof Logger;
  readonly event: string;
  readonly fields: LogFields;
}

/** A registry in this process, a client for it, and what the client logged. */
export interface Connected {
  readonly server: TestRegistry;
  readonly registry: Registry;
  readonly transport: Transport;
  readonly log: readonly Entry[];
  /** `team/product` unless told otherwise. */
  repository(name?: string): RemoteRepository;
  /** The same repository for a client that remembers nothing. */
  fresh(name?: string): RemoteRepository;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ConnectOptions extends RegistryOptions {
  /** Default `undici`. */
  readonly engine?: EngineName;
  /** What the user gave as user name and password. */
  readonly credential?: { readonly username: string; readonly password: string };
  /** Seconds of silence; default 30. */
  readonly timeoutSeconds?: number;
  readonly uploadMode?: UploadMode;
}

const RETRY = { maxAttempts: 3, initialDelayMs: 1, multiplier: 1, maxDelayMs: 1, jitter: false };

export async function connect(options: ConnectOptions = {}): Promise<Connected> {
  const { engine = 'undici', credential, timeoutSeconds = 30, uploadMode, ...serverOptions } = options;
  const server = await startRegistry(serverOptions);
  const log: Entry[] = [];
  const logger = loggerInto(log);
  const transport = await createTransport({
    registry: server.host,
    engine,
    connection: { timeoutSeconds },
    credentials: credential ? fixed({ kind: 'basic', source: 'test', ...credential }, server.host) : anonymous,
    // The transport shows each failure; what is above it has three attempts.
    retry: { ...RETRY, maxAttempts: 1 },
    logger: silentLogger,
    userAgent: 'floe-oci/test',
  });
  const mode = uploadMode && { uploadMode };
  const client = () => new Registry({ host: server.host, plainHttp: true, transport, retry: RETRY, logger, ...mode });
  const registry = client();
  return {
    server,
    registry,
    transport,
    log,
    repository: (name = 'team/product') => registry.repository(parseRepositoryName(name)),
    fresh: (name = 'team/product') => client().repository(parseRepositoryName(name)),
    async [Symbol.asyncDispose]() {
      await transport.close();
      await server.close();
    },
  };
}

function loggerInto(log: Entry[]): Logger {
  const at =
    (level: keyof Logger) =>
    (event: string, fields: LogFields = {}): void => {
      log.push({ level, event, fields });
    };
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export async function gathered<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
