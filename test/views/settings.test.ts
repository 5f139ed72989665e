import { beforeEach, expect, it } from 'vitest';
import { anonymous, memoryPins, parseRepositoryName, silentLogger } from '../../src/oci/index.ts';
import { ConnectedRegistries } from '../../src/views/connectedRegistries.ts';
import { Connections } from '../../src/views/connections.ts';
import { SOURCE_NAMES } from '../../src/views/credentials/sourceNames.ts';
import { Settings } from '../../src/views/settings.ts';
import { configuration } from '../support/vscode.ts';

let settings: Settings;
beforeEach(() => {
  configuration.clear();
  settings = new Settings();
});

function registriesIn(): ConnectedRegistries {
  const connections = new Connections(settings, {
    credentials: anonymous,
    pins: memoryPins(),
    onCredential: () => {},
    logger: silentLogger,
  });
  return new ConnectedRegistries(settings, connections, anonymous, { uses: { refusedAt: () => undefined } });
}

it('has a default for everything', () => {
  expect(settings.registries).toEqual([]);
  expect(settings.registryOptions.size).toBe(0);
  expect(settings.pageSize).toBe(100);
  expect(settings.concurrency).toBe(8);
  expect(settings.networkClient).toBe('auto');
  expect(settings.credentialSources).toEqual(SOURCE_NAMES);
  expect(settings.tagPatterns.immutable).toEqual([]);
});

it.each([
  ['registries', 'ghcr.io'],
  ['registries', [null, 3, {}, { url: 7 }]],
  ['registryOptions', ['x']],
  ['registryOptions', { 'ghcr.io': 'insecure' }],
  ['tree.pageSize', -1],
  ['tree.pageSize', '50'],
  ['transfer.concurrency', 1.5],
  ['network.client', 'carrier pigeon'],
])('reads %s of %j as its default', (name, value) => {
  configuration.set(`floeOci.${name}`, value);
  expect(settings.registries).toEqual([]);
  expect(settings.registryOptions.size).toBe(0);
  expect([settings.pageSize, settings.concurrency, settings.networkClient]).toEqual([100, 8, 'auto']);
});

it('takes of a registry what fits and leaves the rest', () => {
  configuration.set('floeOci.registryOptions', {
    'r.example': {
      plainHttp: true,
      insecure: 'yes',
      caFile: '/ca.pem',
      unknown: 1,
      uploadMode: 'x',
      mirrors: [1, 'm'],
    },
    's.example': { uploadMode: 'chunked' },
  });
  expect(settings.registryOptions.get('r.example')).toEqual({ plainHttp: true, caFile: '/ca.pem', mirrors: ['m'] });
  expect(settings.registryOptions.get('s.example')).toEqual({ uploadMode: 'chunked' });
});

it('takes the way to sign in to a registry, and no credential where that is misspelt', () => {
  configuration.set('floeOci.registryOptions', {
    a: { auth: 'docker' },
    b: { auth: 'dockr' },
    c: { auth: null },
    d: {},
  });
  const options = [...settings.registryOptions.values()];
  expect(options.map(({ auth }) => auth)).toEqual(['docker', 'anonymous', 'anonymous', undefined]);
});

it('says what has changed to whom it concerns', async () => {
  const heard: string[] = [];
  settings.onDidChangeRegistries(() => heard.push('registries'));
  settings.onDidChangeConnections(() => heard.push('connections'));
  await settings.writeRegistries([{ url: 'oci://ghcr.io', repositories: [] }]);
  expect(heard).toEqual(['registries']);
});

it('shows each registry once, under its name, and leaves out what is none', () => {
  configuration.set('floeOci.registries', [
    { name: 'GitHub', url: 'https://ghcr.io', repositories: ['acme/app', 'Not Valid'] },
    { url: 'not a host' },
    { url: 'localhost:5000' },
  ]);
  expect(registriesIn().all()).toMatchObject([
    { id: 'ghcr.io', label: 'GitHub', pinned: ['acme/app'] },
    { id: 'localhost:5000', label: 'localhost:5000', pinned: [] },
  ]);
});

it('says of a registry whose certificate is not verified that it is so, and not of one without TLS', () => {
  configuration.set(
    'floeOci.registries',
    ['a.example', 'b.example', 'c.example'].map((url) => ({ url })),
  );
  configuration.set('floeOci.registryOptions', {
    'https://a.example': { insecure: true },
    'b.example': { insecure: true, plainHttp: true },
  });
  expect(
    registriesIn()
      .all()
      .map(({ isUnverified }) => isUnverified),
  ).toEqual([true, false, false]);
});

it('connects a registry once, and pins repositories of it', async () => {
  const registries = registriesIn();
  await registries.add('ghcr.io');
  await registries.add('ghcr.io', parseRepositoryName('acme/app'));
  await registries.add('ghcr.io', parseRepositoryName('acme/app'));
  expect(settings.registries).toEqual([{ url: 'oci://ghcr.io', repositories: ['acme/app'] }]);
});

it('unpins and disconnects without touching the others', async () => {
  configuration.set('floeOci.registries', [
    { name: 'Mine', url: 'ghcr.io', repositories: ['a/b', 'c/d'] },
    { url: 'localhost:5000', repositories: ['a/b'] },
  ]);
  const registries = registriesIn();
  await registries.unpin('ghcr.io', parseRepositoryName('a/b'));
  expect(settings.registries).toEqual([
    { name: 'Mine', url: 'ghcr.io', repositories: ['c/d'] },
    { url: 'localhost:5000', repositories: ['a/b'] },
  ]);
  await registries.remove('ghcr.io');
  expect(settings.registries).toEqual([{ url: 'localhost:5000', repositories: ['a/b'] }]);
});

it('takes sources of credentials in the order given, each once, and none that it does not know', () => {
  configuration.set('floeOci.credentials.sources', ['docker', 'keychain', 'secretStorage', 'docker', 7]);
  expect(settings.credentialSources).toEqual(['docker', 'secretStorage']);
  configuration.set('floeOci.credentials.sources', []);
  expect(settings.credentialSources).toEqual([]);
});

it('one option of a registry is written and taken out, and the others stay', async () => {
  const others = { '127.0.0.1:5000': { insecure: true }, 'r.example': { plainHttp: true } };
  configuration.set('floeOci.registryOptions', others);
  await settings.writeRegistryOption('r.example', 'provider', 'quay');
  expect(configuration.get('floeOci.registryOptions')).toEqual({
    ...others,
    'r.example': { plainHttp: true, provider: 'quay' },
  });
  await settings.writeRegistryOption('s.example', 'provider', 'zot');
  await settings.writeRegistryOption('s.example', 'provider', undefined);
  await settings.writeRegistryOption('r.example', 'provider', undefined);
  expect(configuration.get('floeOci.registryOptions')).toEqual(others);
});

it('all of a project is kept among the repositories of its registry, and taken out again', async () => {
  configuration.set('floeOci.registries', [{ url: 'r.example', repositories: ['team/app'] }]);
  const registries = registriesIn();
  await registries.add('r.example', 'acme/*');
  await registries.add('r.example', 'acme/*');
  expect(settings.registries[0]?.repositories).toEqual(['team/app', 'acme/*']);
  expect(registries.find('r.example')).toMatchObject({ pinned: ['team/app'], projects: ['acme'] });
  await registries.unpin('r.example', 'acme/*');
  expect(registries.find('r.example')).toMatchObject({ pinned: ['team/app'], projects: [] });
});

it('the kind of a registry is what the user says, else what its name says', async () => {
  configuration.set('floeOci.registries', [{ url: 'oci://ghcr.io', repositories: [] }]);
  const registries = registriesIn();
  expect(registries.find('ghcr.io')?.hosting).toMatchObject({ kind: 'ghcr', isChosen: false });
  await registries.setKind('ghcr.io', 'harbor');
  expect(registries.find('ghcr.io')?.hosting).toMatchObject({ kind: 'harbor', isChosen: true });
  configuration.set('floeOci.registryOptions', { 'https://ghcr.io': { provider: 'nothing known' } });
  expect(registries.find('ghcr.io')?.hosting).toMatchObject({ kind: 'ghcr', isChosen: false });
});
