import type { TagLister, Target } from '../../../src/oci/content/store.ts';
import type { CredentialSource } from '../../../src/oci/credentials/credentials.ts';
import { parseRegistryReference } from '../../../src/oci/spec/reference.ts';
import { createStores } from '../../../src/oci/stores.ts';
import type { LogFields, Logger } from '../../../src/oci/telemetry/logger.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';

interface Account {
  readonly username: string;
  readonly password: string;
}

export interface MirrorSetup extends AsyncDisposable {
  /** The registry first, then its mirrors. */
  readonly servers: readonly TestRegistry[];
  server(number: number): TestRegistry;
  /** `team/product` of the registry, with mirrors. */
  readonly repository: Target & TagLister;
  /** The same without. */
  readonly unmirrored: Target & TagLister;
  /** `team/product` of one of the servers. */
  direct(number: number): Target & TagLister;
  readonly log: readonly { readonly level: string; readonly event: string; readonly fields: LogFields }[];
}

export interface MirrorOptions {
  /** Under which the mirrors have what the registry has. */
  readonly prefix?: string;
  /** Who may use which server; default: anybody. */
  readonly auth?: readonly (Account | undefined)[];
}

/** A registry in this process with so many mirrors, and one client for all of them. */
export async function mirrored(mirrors: number, { prefix, auth = [] }: MirrorOptions = {}): Promise<MirrorSetup> {
  const servers = await Promise.all(
    Array.from({ length: mirrors + 1 }, (_, i) => {
      const account = auth[i];
      return startRegistry(account ? { auth: account } : {});
    }),
  );
  const server = (number: number): TestRegistry => servers[number] as TestRegistry;
  const log: { level: string; event: string; fields: LogFields }[] = [];
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}): void => {
      if (event.startsWith('mirror')) log.push({ level, event, fields });
    };
  const logger: Logger = {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
  const credentials: CredentialSource = {
    credentialFor: async (registry) => {
      const account = auth[servers.findIndex(({ host }) => host === registry)];
      return account && { kind: 'basic', source: 'test', ...account };
    },
  };
  const stores = createStores({
    engine: 'undici',
    connection: (registry) => ({
      timeoutSeconds: 0.3,
      ...(registry === server(0).host && {
        mirrors: servers.slice(1).map(({ host }) => (prefix === undefined ? host : `${host}/${prefix}`)),
      }),
    }),
    credentials,
    retry: { maxAttempts: 2, initialDelayMs: 1, maxDelayMs: 1 },
    circuitBreaker: { enabled: false },
    logger,
    userAgent: 'floe-oci/test',
  });
  const open = (number: number, withMirrors: boolean): Promise<Target & TagLister> =>
    stores.open(parseRegistryReference(`oci://${server(number).host}/team/product`), { mirrors: withMirrors });
  const direct = await Promise.all(servers.map((_, i) => open(i, false)));
  return {
    servers,
    server,
    repository: await open(0, true),
    unmirrored: await open(0, false),
    direct: (number) => direct[number] as Target & TagLister,
    log,
    async [Symbol.asyncDispose]() {
      await stores.close();
      await Promise.all(servers.map((one) => one.close()));
    },
  };
}
