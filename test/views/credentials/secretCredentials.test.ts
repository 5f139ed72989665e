import { beforeEach, describe, expect, it } from 'vitest';
import { SecretCredentials } from '../../../src/views/credentials/secretCredentials.ts';
import { Recorder } from '../support/recorder.ts';
import { MemorySecrets } from '../support/secrets.ts';

const KEY = 'floeOci.credential.v1:';
const registry = 'r.example:5000';
const login = { kind: 'basic', username: 'ada', password: 'horse' } as const;

let secrets: MemorySecrets;
let log: Recorder;
let credentials: SecretCredentials;
beforeEach(() => {
  secrets = new MemorySecrets();
  log = new Recorder();
  credentials = new SecretCredentials(secrets, log);
});

/** Events cross windows in their own time. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function heardBy(window: SecretCredentials): string[] {
  const heard: string[] = [];
  window.onDidChange((scope) => heard.push(scope));
  return heard;
}

it('keeps a login under its registry, with the user name inside', async () => {
  await credentials.store({ registry }, login);
  expect(JSON.parse(secrets.entries.get(`${KEY}r.example:5000`) ?? '')).toEqual({ version: 1, ...login });
  expect(await credentials.credentialFor(registry)).toEqual({ ...login, source: "VS Code's secret storage" });
});

it.each([
  { kind: 'identityToken', token: 'refresh' },
  { kind: 'registryToken', token: 'bearer' },
  { kind: 'identityToken', token: 'refresh', username: 'ada' },
] as const)('keeps what a token is for: %j', async (token) => {
  await credentials.store({ registry }, token);
  expect(await credentials.credentialFor(registry)).toEqual({ ...token, source: expect.any(String) });
});

it('knows nothing of another registry', async () => {
  await credentials.store({ registry }, login);
  for (const other of ['r.example', 'r.example:50001', 'xr.example:5000', 'example:5000']) {
    expect(await credentials.credentialFor(other)).toBeUndefined();
  }
});

describe('for part of a registry', () => {
  const robot = (name: string) => ({ kind: 'basic', username: name, password: 'x' }) as const;
  const userOf = async (repository?: string) =>
    (await credentials.credentialFor(registry, repository === undefined ? {} : { repository }))?.username;

  it('the longest path that a repository is in counts, by whole parts', async () => {
    await credentials.store({ registry }, robot('all'));
    await credentials.store({ registry, path: 'team' }, robot('team'));
    await credentials.store({ registry, path: 'team/product' }, robot('product'));
    expect(await userOf('team/product')).toBe('product');
    expect(await userOf('team/product/deep')).toBe('product');
    expect(await userOf('team/products')).toBe('team');
    expect(await userOf('teams')).toBe('all');
    expect(await userOf()).toBe('all');
  });

  it('a credential is none for the rest, and none for the registry as a whole', async () => {
    await credentials.store({ registry, path: 'team' }, robot('team'));
    expect(await userOf('other/product')).toBeUndefined();
    expect(await userOf()).toBeUndefined();
    expect([...secrets.entries.keys()]).toEqual([`${KEY}r.example:5000/team`]);
  });

  it('disconnecting forgets all of the registry, and nothing of another', async () => {
    await credentials.store({ registry }, robot('all'));
    await credentials.store({ registry, path: 'team' }, robot('team'));
    await credentials.store({ registry: 'other.example' }, robot('other'));
    await credentials.deleteAll(registry);
    expect(await credentials.scopes()).toEqual([{ registry: 'other.example' }]);
  });
});

it.each([
  'nonsense',
  'null',
  '{"version":2,"kind":"basic","username":"a","password":"b"}',
  '{"version":1,"kind":"basic","username":"a"}',
  '{"version":1,"kind":"ticket","token":"a"}',
])('takes an entry that it cannot read for none, and leaves it alone: %s', async (text) => {
  secrets.entries.set(KEY + registry, text);
  expect(await credentials.credentialFor(registry)).toBeUndefined();
  expect(secrets.entries.get(KEY + registry)).toBe(text);
  expect(log.lines).toEqual(['warn saved_credential_not_understood {"for":"r.example:5000"}']);
});

it('lists what there is, without what others have put there', async () => {
  await credentials.store({ registry, path: 'team' }, login);
  credentials.keepForSession({ registry: 's.example' }, login);
  secrets.entries.set('something.else', 'x');
  secrets.entries.set(`${KEY}not a registry`, 'x');
  expect(await credentials.scopes()).toEqual([{ registry, path: 'team' }, { registry: 's.example' }]);
});

it('cannot list where VS Code cannot, and goes on without', async () => {
  Object.assign(secrets, { keys: undefined });
  await credentials.store({ registry }, login);
  expect(await credentials.scopes()).toBeUndefined();
  await credentials.deleteAll(registry);
  expect(secrets.entries.size).toBe(0);
});

describe('two windows', () => {
  let second: SecretCredentials;
  beforeEach(() => {
    second = new SecretCredentials(secrets, log);
  });

  it('hear of what the other stores and removes, once, and use it', async () => {
    const [here, there] = [heardBy(credentials), heardBy(second)];
    await second.credentialFor(registry);
    await credentials.store({ registry }, login);
    await settled();
    expect(await second.credentialFor(registry)).toMatchObject(login);
    expect([here, there]).toEqual([[registry], [registry]]);
    await second.delete({ registry });
    await settled();
    expect(await credentials.credentialFor(registry)).toBeUndefined();
    expect([here, there]).toEqual([
      [registry, registry],
      [registry, registry],
    ]);
  });

  it('do not react to what changes nothing, so that none answers the other for ever', async () => {
    await credentials.store({ registry }, login);
    await second.credentialFor(registry);
    await settled();
    const [here, there] = [heardBy(credentials), heardBy(second)];
    await credentials.store({ registry }, login);
    await second.store({ registry }, login);
    await secrets.store('something.else', 'x');
    await settled();
    expect([here, there]).toEqual([[], []]);
  });

  it('have sessions of their own', async () => {
    credentials.keepForSession({ registry }, login);
    expect(await second.credentialFor(registry)).toBeUndefined();
  });
});

describe('a keyring that does not work', () => {
  it('refuses to store, and the window can do without', async () => {
    const heard = heardBy(credentials);
    secrets.broken = true;
    await expect(credentials.store({ registry }, login)).rejects.toThrow('no keyring');
    expect(heard).toEqual([]);
    credentials.keepForSession({ registry }, login);
    expect(await credentials.credentialFor(registry)).toEqual({ ...login, source: 'this session' });
    expect(secrets.entries.size).toBe(0);
  });

  it('has no credentials, and nothing of them is logged', async () => {
    await credentials.store({ registry }, login);
    secrets.broken = true;
    expect(await credentials.credentialFor(registry)).toBeUndefined();
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(/^warn secret_storage_failed /);
    expect(log.lines.join()).not.toContain('horse');
  });
});

it('forgets what it is told to forget, wherever it is', async () => {
  await credentials.store({ registry }, login);
  credentials.keepForSession({ registry }, { ...login, password: 'other' });
  await credentials.delete({ registry });
  expect(await credentials.credentialFor(registry)).toBeUndefined();
  expect(secrets.entries.size).toBe(0);
});
