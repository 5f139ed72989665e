import type { LogOutputChannel } from 'vscode';
import { type CredentialSource, chain, memoryPins, silentLogger } from '../../../src/oci/index.ts';
import { ConnectedRegistries } from '../../../src/views/connectedRegistries.ts';
import { Connections } from '../../../src/views/connections.ts';
import { AccountCredentials } from '../../../src/views/credentials/accountCredentials.ts';
import { CredentialUses } from '../../../src/views/credentials/credentialUses.ts';
import { SecretCredentials } from '../../../src/views/credentials/secretCredentials.ts';
import { SecretReferences } from '../../../src/views/credentials/secretReferences.ts';
import { Presenter } from '../../../src/views/present.ts';
import { Settings } from '../../../src/views/settings.ts';
import type { MemorySecrets } from './secrets.ts';

/** The parts of one window that have to do with credentials, over a secret storage that windows share. */
export function windowParts(secrets: MemorySecrets, others: readonly CredentialSource[] = []) {
  const logged: string[] = [];
  const log = { error: (text: string) => logged.push(text), info: () => {} } as unknown as LogOutputChannel;
  const settings = new Settings();
  const credentials = new SecretCredentials(secrets, silentLogger);
  const accounts = new AccountCredentials({ engine: 'undici', logger: silentLogger });
  const sources = chain(credentials, accounts, ...others);
  const uses = new CredentialUses(silentLogger);
  const connections = new Connections(settings, {
    credentials: sources,
    pins: memoryPins(),
    onCredential: uses.take,
    logger: silentLogger,
  });
  const registries = new ConnectedRegistries(settings, connections, sources, { uses });
  const presenter = new Presenter(log, { credentials: async () => false, secret: async () => false });
  const references = new SecretReferences(secrets, { isTrusted: () => true, ask: async () => true });
  return { logged, settings, credentials, references, accounts, sources, uses, connections, registries, presenter };
}
