import type { CacheSource } from './cache/cachedRepository.ts';
import type { CallOptions, Repository } from './content/store.ts';
import { isOciError } from './errors.ts';
import { openLayoutStore } from './layout/newLayout.ts';
import { apiSignIn, parseApiUrl } from './registries/apiUrl.ts';
import { Fingerprint, memoryOfProcess } from './registries/capabilities.ts';
import { learning } from './registries/learning.ts';
import type { RegistryProvider } from './registries/provider.ts';
import type { ProviderName } from './registries/providerName.ts';
import type { RateLimit } from './registries/rateLimit.ts';
import { RegistryKind } from './registries/registryKind.ts';
import { type Mirror, nameInMirror, parseMirror } from './remote/mirror.ts';
import { MirroredRepository } from './remote/mirroredRepository.ts';
import { Registry } from './remote/registry.ts';
import type { RemoteRepository } from './remote/repository.ts';
import { isLoopbackRegistry, parseRegistryHost, type RegistryReference } from './spec/reference.ts';
import type { RepositoryName } from './spec/repositoryName.ts';
import type { Tag } from './spec/tag.ts';
import type { ProviderOptions, Stores, StoresOptions } from './storesOptions.ts';
import type { Logger } from './telemetry/logger.ts';
import { Availability } from './transport/availability.ts';
import { createTransport } from './transport/compose.ts';
import { isRegistryUrl } from './transport/origin.ts';
import type { ConnectionOptions, Transport } from './transport/transport.ts';

interface Connected {
  /** Takes tags away in the registry's own way. */
  readonly registry: Registry;
  /** Does all by the spec. */
  readonly plain: Registry;
  readonly transport: Transport;
  readonly mirrors: readonly Mirror[];
  readonly fingerprint: Fingerprint;
  readonly kind: RegistryKind;
  readonly apiUrl: URL | undefined;
  readonly providers: Map<ProviderName, RegistryProvider>;
  readonly whenClosed: (() => void)[];
}

/**
 * Opens registries and layouts, each registry on one connection. Connects when something is first asked; close it at
 * the end.
 */
export function createStores(options: StoresOptions): Stores {
  const connected = new Map<string, Promise<Connected>>();
  const { cache, availability = ownAvailability(options) } = options;
  const { capabilities: memory = memoryOfProcess(), environment = () => process.env } = options;

  const connect = async (host: string): Promise<Connected> => {
    const { connection: connectionOf, ...shared } = options;
    const {
      plainHttp,
      mirrors = [],
      retry: ownRetry,
      circuitBreaker: ownBreaker,
      uploadMode,
      provider,
      apiUrl: givenApi,
      ...connection
    } = connectionOf?.(host) ?? {};
    const parsed = mirrors.map(parseMirror);
    const retry = { ...shared.retry, ...ownRetry };
    const circuitBreaker = { ...shared.circuitBreaker, ...ownBreaker };
    const fingerprint = new Fingerprint(host, memory);
    const apiUrl = givenApi === undefined ? undefined : parseApiUrl(givenApi, 'apiUrl');
    const isElsewhere = apiUrl !== undefined && !isRegistryUrl(host, apiUrl);
    const api = isElsewhere && {
      origin: apiUrl.origin,
      signIn: () => apiSignIn(kind.known),
    };
    const carrying = await createTransport({
      ...shared,
      registry: host,
      connection,
      retry,
      circuitBreaker,
      availability,
      ...(api && { api }),
    });
    const transport = learning(carrying, fingerprint, (url, limit) => {
      noteLimit(isRegistryUrl(host, url) ? host : url.host, limit, availability, options.logger);
    });
    const described = {
      host,
      plainHttp: plainHttp ?? (isLoopbackRegistry(host) && !hasTlsOptions(connection)),
      transport,
      logger: shared.logger,
      ...(shared.telemetry && { telemetry: shared.telemetry }),
      retry,
      clock: availability.clock,
      abilities: fingerprint,
      ...(uploadMode && { uploadMode }),
    };
    const plain = new Registry(described);
    const registry = new Registry({
      ...described,
      untag: (repository, tag, call) => untag(host, repository, tag, call),
      async removeManifest(repository, digest, call) {
        const removal = (await providerAt(host, call)).deleteManifest?.(repository, digest, call);
        await removal;
        return removal !== undefined;
      },
    });
    const kind = new RegistryKind({ registry: host, base: plain.url, transport, fingerprint, chosen: provider });
    const own = { kind, apiUrl, fingerprint, providers: new Map(), whenClosed: [] };
    return { registry, plain, transport, mirrors: parsed, ...own };
  };

  const connectedTo = async (name: string): Promise<Connected> => {
    const host = parseRegistryHost(name);
    let connecting = connected.get(host);
    if (connecting === undefined) {
      connecting = connect(host);
      connected.set(host, connecting);
      connecting.catch(() => connected.delete(host));
    }
    return connecting;
  };

  const repositoryAt = async ({ registry, repository }: RegistryReference): Promise<RemoteRepository> =>
    (await connectedTo(registry)).registry.repository(repository);

  const amazonAt = async (host: string, name: ProviderName) => {
    const { amazonParts } = await import('./amazon.ts');
    return amazonParts(host, name === 'ecr-public', await environment(host));
  };

  const providerAt = async (host: string, asked: ProviderOptions): Promise<RegistryProvider> => {
    const own = await connectedTo(host);
    const { plain: registry, transport, kind, providers, whenClosed, apiUrl } = own;
    const name = await kind.find(asked);
    const known = providers.get(name);
    if (known !== undefined) return known;
    const { createProvider } = await import('./registries/providers.ts');
    const amazon = name === 'ecr' || name === 'ecr-public' ? await amazonAt(registry.host, name) : undefined;
    if (amazon) whenClosed.push(() => amazon.close());
    const isStill = (call: CallOptions): Promise<boolean> => kind.isStill(name, call);
    const parts = { registry, transport, logger: options.logger, isStill, ...(apiUrl && { apiUrl }) };
    const provider = createProvider(name, parts, amazon);
    providers.set(name, provider);
    return provider;
  };

  /** Where the spec's way is not open, it is worth a question what the registry is. */
  const untag = async (host: string, repository: RepositoryName, tag: Tag, call: CallOptions): Promise<void> => {
    const provider = await providerAt(host, call);
    try {
      await provider.deleteTag(repository, tag, call);
    } catch (error) {
      if (!isOciError(error, 'UNSUPPORTED')) throw error;
      const detected = await providerAt(host, { ...call, detect: true });
      if (detected === provider) throw error;
      await detected.deleteTag(repository, tag, call);
    }
  };

  /** For those who change it. */
  const watchedAt = async (reference: RegistryReference): Promise<Repository> => {
    const repository = await repositoryAt(reference);
    return cache === undefined ? repository : cache.watch(reference, repository);
  };

  const mirroredAt = async (reference: RegistryReference): Promise<CacheSource> => {
    const { mirrors } = await connectedTo(reference.registry);
    const repository = await repositoryAt(reference);
    if (mirrors.length === 0) return repository;
    const open = (mirror: Mirror) => () =>
      repositoryAt({
        ...reference,
        registry: mirror.registry,
        repository: nameInMirror(mirror, reference.repository),
      });
    return new MirroredRepository(repository, mirrors.map(open), options.logger);
  };

  return {
    async open(reference, openOptions = {}) {
      if (reference.kind === 'layout') return openLayoutStore(reference.path, openOptions);
      const { cached, mirrors } = openOptions;
      if (cached === undefined || cache === undefined) return mirrors ? mirroredAt(reference) : watchedAt(reference);
      return cache.repository(reference, await (mirrors ? mirroredAt(reference) : repositoryAt(reference)), cached);
    },
    async repository(reference, openOptions) {
      return reference.kind === 'layout' ? openLayoutStore(reference.path, openOptions) : watchedAt(reference);
    },
    registry: async (host) => (await connectedTo(host)).registry,
    provider: (host, providerOptions = {}) => providerAt(host, providerOptions),
    capabilities: (host) => new Fingerprint(parseRegistryHost(host), memory).current,
    async probe({ registry: host, repository }, probeOptions) {
      const { plain: registry, transport, fingerprint } = await connectedTo(host);
      const { probeCapabilities } = await import('./registries/probe.ts');
      return probeCapabilities({ registry, transport, fingerprint }, repository, probeOptions);
    },
    async close() {
      await cache?.close();
      const all = await Promise.allSettled(connected.values());
      connected.clear();
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? disconnect(one.value) : undefined)));
    },
  };
}

function ownAvailability({ logger, telemetry }: StoresOptions): Availability {
  return new Availability({ logger, ...(telemetry && { telemetry }) });
}

/** A host of which nothing more may be asked for a time is left alone, which is seen wherever pauses are. */
function noteLimit(host: string, rateLimit: RateLimit, availability: Availability, logger: Logger): void {
  const { limit, remaining, resetAt } = rateLimit;
  logger.debug('rate_limit', { host, ...rateLimit });
  if (remaining > 0 || resetAt === undefined) return;
  const left = Date.parse(resetAt) - availability.clock.now();
  availability.pause(host, left, `its limit of ${limit} requests is used up`);
}

async function disconnect({ registry, plain, transport, whenClosed }: Connected): Promise<void> {
  await Promise.all([registry.settled(), plain.settled()]);
  for (const close of whenClosed) close();
  await transport.close();
}

function hasTlsOptions({ ca, cert, key, insecure }: ConnectionOptions): boolean {
  return ca !== undefined || cert !== undefined || key !== undefined || insecure === true;
}
