import { createStores, fixed, type ProviderName, type Stores } from '../../../src/oci/index.ts';
import { Hosting } from '../../../src/views/hosting.ts';
import { type HarborProject, harborApi } from '../../support/registry/apis.ts';
import { startRegistry, type TestRegistry } from '../../support/registry/index.ts';
import { PROFILES } from '../../support/registry/profiles.ts';
import { Recorder } from './recorder.ts';

/** A Harbor of the test, with what the views know of it. */
export interface TestHarbor {
  readonly server: TestRegistry;
  readonly stores: Stores;
  readonly projects: Map<string, HarborProject>;
  readonly hosting: Hosting;
  close(): Promise<void>;
}

/**
 * Starts it with the project `acme`, whose tags `v1…` are immutable, and its user signed in.
 * @param chosen what the user says that it is
 */
export async function startHarbor(chosen?: ProviderName): Promise<TestHarbor> {
  const { options } = PROFILES.Harbor;
  const projects = new Map<string, HarborProject>([['acme', { immutable: /^v1/ }]]);
  const adapters = [harborApi(options.auth, projects), ...(options.adapters ?? [])];
  const server = await startRegistry({ ...options, adapters });
  const { username, password } = options.auth;
  const credentials = fixed({ kind: 'basic', source: 'test', username, password }, server.host);
  const stores = createStores({
    engine: 'undici',
    credentials,
    retry: { maxAttempts: 1 },
    connection: () => (chosen === undefined ? {} : { provider: chosen }),
    logger: new Recorder(),
    userAgent: 'test',
  });
  const capabilities = () => stores.capabilities(server.host);
  return {
    server,
    stores,
    projects,
    hosting: new Hosting({
      registry: server.host,
      stores: async () => stores,
      chosen: () => chosen,
      seems: () => capabilities().provider,
      capabilities,
    }),
    async close() {
      await stores.close();
      await server.close();
    },
  };
}
