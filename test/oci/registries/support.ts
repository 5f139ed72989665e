import { anonymous, type BasicCredential, fixed } from '../../../src/oci/credentials/credentials.ts';
import type { RegistryProvider, RepositoryEntry, TagEntry } from '../../../src/oci/registries/provider.ts';
import type { ProviderName } from '../../../src/oci/registries/providerName.ts';
import { createProvider, type EcrParts } from '../../../src/oci/registries/providers.ts';
import { Registry } from '../../../src/oci/remote/registry.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import type { LogFields, Logger } from '../../../src/oci/telemetry/logger.ts';
import { authorizedAtApiHost } from '../../../src/oci/transport/apiHosts.ts';
import { authorized } from '../../../src/oci/transport/authorize.ts';
import { createUndiciTransport } from '../../../src/oci/transport/engines/undici.ts';
import { followRedirects } from '../../../src/oci/transport/redirect.ts';
import type { Transport } from '../../../src/oci/transport/transport.ts';
import { mappedTransport } from '../../support/cloud/mappedTransport.ts';
import type { TestRegistry } from '../../support/registry/index.ts';

export interface Asking {
  readonly provider: RegistryProvider;
  readonly registry: Registry;
  readonly transport: Transport;
  /** Events that were logged as warnings, with what they were about. */
  readonly warnings: readonly LogFields[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface AskOptions {
  readonly name: ProviderName;
  /** The registry's name; the requests to it go to `server`. */
  readonly host: string;
  readonly server: TestRegistry;
  readonly credential?: Pick<BasicCredential, 'username' | 'password'>;
  /** Where requests to other hosts go, by origin. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  readonly ecr?: EcrParts;
}

/** A provider under a registry's real name, over the real layers of sign-in, with its hosts played by servers of the test. */
export function ask({ name, host, server, credential, elsewhere = {}, ecr }: AskOptions): Asking {
  const warnings: LogFields[] = [];
  const drop = (): void => {};
  const warn = (event: string, fields: LogFields = {}): void => void warnings.push({ event, ...fields });
  const logger: Logger = { trace: drop, debug: drop, info: drop, warn, error: drop };
  const credentials = credential ? fixed({ kind: 'basic', source: 'test', ...credential }, host) : anonymous;
  const engine = createUndiciTransport({});
  const hop = followRedirects(
    named(
      server.url,
      `https://${host}`,
      mappedTransport(engine, ({ origin }) => {
        if (origin === `https://${host}` || origin === `https://registry-1.${host}`) return server.url;
        const to = elsewhere[origin];
        if (to === undefined) throw new Error(`nobody plays ${origin}`);
        return to;
      }),
    ),
  );
  const transport = authorized(authorizedAtApiHost(hop, { registry: host, credentials, logger }), {
    registry: host,
    credentials,
    tokenTransport: hop,
    logger,
  });
  const registry = new Registry({ host, plainHttp: false, transport, logger });
  const provider = createProvider(name, { registry, transport, logger }, ecr);
  return { provider, registry, transport, warnings, [Symbol.asyncDispose]: () => transport.close() };
}

/** Its answers name the registry as the client does: in challenges, above all. */
function named(from: string, to: string, inner: Transport): Transport {
  return {
    async send(request, options) {
      const response = await inner.send(request, options);
      const headers = new Map([...response.headers].map(([name, value]) => [name, value.replaceAll(from, to)]));
      return { ...response, headers };
    },
    close: () => inner.close(),
  };
}

export async function namesOf(pages: AsyncIterable<readonly RepositoryEntry[]>): Promise<readonly string[]> {
  return (await Array.fromAsync(pages)).flat().map(({ name }) => name);
}

export async function tagsOf(pages: AsyncIterable<readonly TagEntry[]>): Promise<readonly TagEntry[]> {
  return (await Array.fromAsync(pages)).flat();
}

export const nameOf = parseRepositoryName;

/** A manifest with a layer of so many bytes, put in without asking. */
export function putArtifact(server: TestRegistry, repository: string, tags: readonly string[], size = 100): string {
  const content = server.repository(repository);
  const digest = content.putManifest(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.example.thing',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: content.putBlob('{}'), size: 2 },
      layers: [{ mediaType: 'application/octet-stream', digest: content.putBlob('x'.repeat(size)), size }],
      annotations: { 'org.opencontainers.image.created': '2026-02-01T00:00:00Z' },
    }),
    'application/vnd.oci.image.manifest.v1+json',
  );
  for (const tag of tags) content.tags.set(tag, digest);
  return digest;
}
