import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  Availability,
  anonymous,
  memoryPins,
  parseRepositoryName,
  parseTag,
  silentLogger,
} from '../../src/oci/index.ts';
import { ConnectedRegistries } from '../../src/views/connectedRegistries.ts';
import { Connections } from '../../src/views/connections.ts';
import { HostStates } from '../../src/views/hostStates.ts';
import { Settings } from '../../src/views/settings.ts';
import { fill } from '../e2e/support/fill.ts';
import { artifact } from '../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { tlsFixture } from '../support/transportServer.ts';
import { configuration, folders } from '../support/vscode.ts';

const repository = parseRepositoryName('team/product');
const version = parseTag('1.0.0');
const down = { fault: { kind: 'status', status: 503 } } as const;

let registry: TestRegistry;
let mirror: TestRegistry;
beforeEach(async () => {
  configuration.clear();
  registry = await startRegistry();
  mirror = await startRegistry();
  fill(registry, 'team/product', artifact(1), '1.0.0');
  fill(mirror, 'proxy/team/product', artifact(1), '1.0.0');
});
afterEach(async () => {
  await Promise.all([registry.close(), mirror.close()]);
});

async function open() {
  const settings = new Settings();
  const availability = new Availability();
  const states = new HostStates(availability);
  const connections = new Connections(settings, {
    credentials: anonymous,
    pins: memoryPins(),
    onCredential: () => {},
    availability,
    logger: silentLogger,
  });
  const uses = { refusedAt: () => undefined };
  const registries = new ConnectedRegistries(settings, connections, anonymous, { uses, states });
  return { connections, states, place: await registries.add(registry.host) };
}

it('a client key that wants a passphrase fails its registry with the file and what to do', async () => {
  const [clientCertFile, clientKeyFile] = ['/tls/client.crt', '/tls/client.key'];
  folders.files.set(clientCertFile, tlsFixture('client.crt'));
  folders.files.set(
    clientKeyFile,
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
  );
  configuration.set('floeOci.registryOptions', { [registry.host]: { clientCertFile, clientKeyFile } });
  const { place } = await open();
  await expect((async () => (await place.reader(repository)).resolve(version))()).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    details: {
      argument: 'clientKeyFile',
      value: clientKeyFile,
      accepted: expect.stringContaining('without a passphrase'),
    },
  });
  expect(registry.requests()).toEqual([]);
});

it('requests are repeated as often as the setting says, from the next connection on', async () => {
  configuration.set('floeOci.retry.maxAttempts', 1);
  registry.fail({ ...down, times: 1 });
  const { connections, place } = await open();
  const resolve = async () => (await place.reader(repository)).resolve(version);
  await expect(resolve()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  configuration.set('floeOci.retry.maxAttempts', 2);
  configuration.set('floeOci.retry.initialDelayMs', 100);
  registry.fail({ ...down, times: 1 });
  connections.reset();
  expect((await resolve()).digest).toMatch(/^sha256:/);
});

it('a registry that does not answer is left alone, and its row can say so', async () => {
  configuration.set('floeOci.retry.maxAttempts', 1);
  configuration.set('floeOci.circuitBreaker.failureThreshold', 1);
  registry.fail(down);
  const { place, states } = await open();
  await expect(place.ping()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  await expect(place.ping()).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
  expect(place.state).toMatchObject({ kind: 'open', failures: 1 });
  states.dispose();
});

it('a mirror is read while the registry is not available, and never written', async () => {
  configuration.set('floeOci.retry.maxAttempts', 1);
  configuration.set('floeOci.registryOptions', {
    [registry.host]: { mirrors: ['not a host', `${mirror.host}/proxy`] },
  });
  registry.fail(down);
  const { place } = await open();
  expect((await (await place.reader(repository)).resolve(version)).digest).toMatch(/^sha256:/);
  await expect((await place.open(repository)).resolve(version)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
});
