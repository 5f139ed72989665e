import { retryOf } from '../floe/registryResilience.ts';
import { connectionOf } from '../floe/registrySettings.ts';
import {
  Availability,
  type Cache,
  type CredentialSource,
  checkUnencrypted,
  createStores,
  type HttpRecording,
  type Logger,
  OciError,
  parseApiUrl,
  parseProviderName,
  type RegistryConnection,
  type Stores,
  type Telemetry,
  userAgent,
} from '../oci/index.ts';
import { wrongUsage } from './cliError.ts';
import { sourceOrder } from './credentialSources.ts';
import { type CredentialInput, credentialsFor, ownManifest, registriesOf } from './credentials.ts';
import { inputFile, readInput } from './files.ts';
import type { CliIo } from './io.ts';
import type { GlobalOptions } from './options.ts';
import { tellPauses } from './pauses.ts';
import type { RegistryManifest } from './registryManifest.ts';
import { savedCapabilities } from './savedCapabilities.ts';
import { SavedRealms } from './savedRealms.ts';

/**
 * The stores that a command reaches, with the cache in front of them if there is one, in the way its options say; what they leave open, the manifest.yaml says for its own
 * registry, and defaults for the rest.
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE, INVALID_ARGUMENT for certificates, and for what the environment says of credentials
 */
export async function connect(
  input: CredentialInput & Pick<ConnectOptions, 'warn' | 'telemetry' | 'recording'>,
  cache?: Cache,
): Promise<Stores> {
  const registries = registriesOf(input);
  return connectWith(credentialsFor(input), { ...input, registries, cache, own: ownManifest(input) });
}

interface ConnectOptions {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly logger: Logger;
  readonly telemetry?: Telemetry;
  readonly recording?: HttpRecording | undefined;
  /** Says something to the user that fails nothing. */
  warn(text: string): void;
  /** The registries that the command names. */
  readonly registries: readonly string[];
  /** The manifest.yaml that is about the registry. */
  readonly own?: RegistryManifest | undefined;
  readonly cache?: Cache | undefined;
  /** Default: its own. */
  readonly availability?: Availability;
}

/** The same with credentials that are given. @throws as {@link connect} */
export async function connectWith(credentials: CredentialSource, input: ConnectOptions): Promise<Stores> {
  const { io, options, logger, telemetry, recording, cache, registries } = input;
  const { concurrency, maxAttempts } = options;
  const warn = (text: string): void => input.warn(text);
  const availability = input.availability ?? new Availability({ logger, ...(telemetry && { telemetry }) });
  tellPauses(availability, warn);
  const saved = savedCapabilities(io);
  const stores = createStores({
    engine: 'undici',
    connection: saying(aboutApis(await connectionsOf(input), registries), warn),
    credentials,
    pins: new SavedRealms({ io, registries, warn }),
    retry: definedOf({ maxAttempts }),
    ...definedOf({ concurrency, cache, availability, capabilities: saved?.memory, telemetry, recording }),
    environment: () => (mayUseCloud(input) ? io.env : {}),
    logger,
    userAgent,
  });
  const close = async (): Promise<void> => {
    await stores.close();
    await saved?.settled();
  };
  return { ...stores, close };
}

/** Whether the identity of Amazon's that the environment names is among the credentials that may be used: its API takes no others. */
function mayUseCloud({ io, options, own }: ConnectOptions): boolean {
  const { names } = sourceOrder(options, io.env);
  return names.includes('cloud') || (names.includes('manifest') && own?.config.auth.type === 'aws-irsa');
}

/** --api-url is about the registry that was named: no other one's credential goes there. @throws CliError WRONG_USAGE for two */
function aboutApis(
  connectionOf: (registry: string) => RegistryConnection,
  [named, ...others]: readonly string[],
): (registry: string) => RegistryConnection {
  return (registry) => {
    const { apiUrl, ...connection } = connectionOf(registry);
    if (apiUrl === undefined) return connection;
    if (others.length > 0) throw wrongUsage('--api-url is about one registry, and more are named.', 'Leave it out.');
    return registry === named ? { ...connection, apiUrl } : connection;
  };
}

/** The same, which is asked once for a registry, and says of each which is not who it seems to be for sure. */
function saying(
  connectionOf: (registry: string) => RegistryConnection,
  warn: (text: string) => void,
): (registry: string) => RegistryConnection {
  return (registry) => {
    const connection = connectionOf(registry);
    if (connection.insecure === true && connection.plainHttp !== true) {
      warn(`the certificate of ${registry} is not verified: who is on the way can read and change what is sent`);
    }
    return connection;
  };
}

/**
 * How each registry is to be reached.
 * @throws OciError FILE_NOT_FOUND, FILE_NOT_READABLE, INVALID_ARGUMENT for certificates
 */
export async function connectionsOf({
  io,
  options,
  own,
}: Pick<ConnectOptions, 'io' | 'options' | 'own'>): Promise<(registry: string) => RegistryConnection> {
  const { caFile, cert, key, insecure, plainHttp, timeout, maxAttempts, provider, apiUrl } = options;
  const pem = async (flag: string, file: string | undefined): Promise<string | undefined> =>
    file === undefined ? undefined : readPem(flag, io.cwd, file);
  const given = definedOf({
    ca: await pem('--ca-file', caFile),
    cert: await pem('--cert', cert),
    key: await pem('--key', key),
    insecure,
    plainHttp,
    timeoutSeconds: timeout,
    provider: provider === undefined ? undefined : parseProviderName(provider, '--provider'),
    apiUrl: apiUrl === undefined ? undefined : parseApiUrl(apiUrl, '--api-url').href,
  });
  const ofManifest = ({ config }: RegistryManifest): RegistryConnection => ({
    ...connectionOf(config),
    retry: { ...retryOf(config), ...definedOf({ maxAttempts }) },
  });
  return (registry) => (own?.place.registry === registry ? { ...ofManifest(own), ...given } : given);
}

/** Bytes. The certificates of all authorities there are fit in a tenth of it. */
const MAX_PEM_SIZE = 4 * 1024 * 1024;

async function readPem(flag: string, cwd: string, file: string): Promise<string> {
  const text = new TextDecoder().decode(await readInput(inputFile(cwd, file), MAX_PEM_SIZE));
  if (flag === '--key') checkUnencrypted(text, { argument: flag, file });
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
