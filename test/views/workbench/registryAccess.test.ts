import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Disposable, type LogOutputChannel, Uri } from 'vscode';
import { parseRepositoryName } from '../../../src/oci/index.ts';
import { Contributions } from '../../../src/views/api/contributions.ts';
import { Settings } from '../../../src/views/settings.ts';
import { Observability } from '../../../src/views/telemetry/observability.ts';
import { RegistryAccess } from '../../../src/views/workbench/registryAccess.ts';
import type { WorkbenchOptions } from '../../../src/views/workbench/workbenchOptions.ts';
import { fill } from '../../e2e/support/fill.ts';
import { artifact } from '../../support/artifacts.ts';
import { ecrEnvironment, startEcrApi } from '../../support/cloud/ecrApi.ts';
import { startRegistry } from '../../support/registry/index.ts';
import { configuration } from '../../support/vscode.ts';
import { MemorySecrets } from '../support/secrets.ts';
import { MemoryState } from '../support/state.ts';

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

let opened: Disposable[];
beforeEach(() => {
  configuration.clear();
  opened = [];
});
afterEach(() => {
  for (const each of opened) each.dispose();
  vi.unstubAllEnvs();
});

function open(environment: Readonly<Record<string, string>>): RegistryAccess {
  const settings = new Settings();
  const secrets = new MemorySecrets();
  const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as LogOutputChannel;
  const observability = new Observability({ log, settings, secrets, environment: {} });
  const options = {
    settings,
    secrets,
    state: new MemoryState(),
    environment,
    cacheFolder: Uri.file(join(tmpdir(), 'no-such-cache-of-the-tests')),
    contributions: new Contributions(),
  } as unknown as WorkbenchOptions;
  const access = new RegistryAccess(options, observability);
  opened.push(access, settings);
  return access;
}

it("the identity of the environment is used for Amazon's API only where the settings let clouds be asked", async () => {
  await using registry = await startRegistry();
  await using api = await startEcrApi({ keys: KEYS, account: undefined, content: registry.content });
  fill(registry, 'acme/notes', artifact(1), '1.0.0');
  const environment = ecrEnvironment(api, KEYS);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  configuration.set('floeOci.registryOptions', { [registry.host]: { provider: 'ecr' } });
  const { connections } = open(environment);
  const list = async (): Promise<number> => {
    const stores = await connections.storesFor(registry.host);
    const provider = await stores.provider(registry.host);
    let tags = 0;
    for await (const page of provider.tags(parseRepositoryName('acme/notes'))) tags += page.length;
    return tags;
  };

  configuration.set('floeOci.credentials.sources', ['secretStorage', 'docker']);
  expect(await list()).toBe(1);
  expect(api.requests).toEqual([]);

  configuration.set('floeOci.credentials.sources', ['cloud']);
  connections.reset();
  expect(await list()).toBe(1);
  expect(api.requests).not.toEqual([]);
});
