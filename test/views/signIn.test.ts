import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixed, OciError, parseRepositoryName, parseTag } from '../../src/oci/index.ts';
import { isLetIn, signIn } from '../../src/views/commands/signIn.ts';
import { signOut } from '../../src/views/commands/signOut.ts';
import { offerRemovals } from '../../src/views/credentials/offerRemoval.ts';
import { fill } from '../e2e/support/fill.ts';
import { artifact, putGraph } from '../support/artifacts.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { accounts, answers, asked, configuration } from '../support/vscode.ts';
import { windowParts } from './support/credentials.ts';
import { MemorySecrets } from './support/secrets.ts';

const WRONG = 'does not accept this user name with this password. Try again.';
const OTHER_WAY = 'button:Paste an Identity Token or Registry Token Instead';

let registry: TestRegistry;
let secrets: MemorySecrets;
beforeEach(async () => {
  registry = await startRegistry({ auth: { username: 'ada', password: 'horse' } });
  secrets = new MemorySecrets();
  answers.length = 0;
  asked.length = 0;
  configuration.clear();
  accounts.sessions.clear();
});
afterEach(() => registry.close());

const here = () => ({ registry: registry.host });

it('saves a login that the registry accepts, without uploading anything to find out', async () => {
  answers.push('ada', 'horse');
  const parts = windowParts(secrets);
  expect(await signIn(parts, here())).toBe(true);
  expect(await parts.credentials.credentialFor(registry.host)).toMatchObject({ username: 'ada', password: 'horse' });
  expect(new Set(registry.lines())).toEqual(new Set(['GET /v2/']));
});

it('says that a login is wrong, asks again, and saves nothing meanwhile', async () => {
  answers.push('ada', 'wrong', 'ada', 'horse');
  expect(await signIn(windowParts(secrets), here())).toBe(true);
  expect(asked).toEqual([
    'User name',
    'Password or access token of ada',
    `${registry.host} ${WRONG}`,
    'Password or access token of ada',
  ]);
  expect(secrets.entries.size).toBe(1);
});

it('sends a wrong password once', async () => {
  answers.push('ada', 'wrong');
  await signIn(windowParts(secrets), here());
  expect(registry.requests().filter(({ headers }) => headers['authorization'] !== undefined)).toHaveLength(1);
});

it('does not send what cannot be a user name', async () => {
  answers.push(' ', 'a:b', 'ada', 'horse');
  expect(await signIn(windowParts(secrets), here())).toBe(true);
  expect(asked.slice(1, 3)).toEqual(Array(2).fill('Type a user name. It has no colon.'));
});

it.each([[[]], [['ada']], [[OTHER_WAY]], [[OTHER_WAY, 'Identity Token']]])(
  'saves nothing when the user leaves a prompt after %j',
  async (given) => {
    answers.push(...given);
    expect(await signIn(windowParts(secrets), here())).toBe(false);
    expect(secrets.entries.size).toBe(0);
    expect(registry.lines()).toEqual([]);
  },
);

it('passes on what else is wrong with the registry', async () => {
  answers.push('ada', 'horse');
  registry.fail({ fault: { kind: 'html' } });
  await expect(signIn(windowParts(secrets), here())).rejects.toMatchObject({ code: 'INVALID_RESPONSE' });
  expect(secrets.entries.size).toBe(0);
});

it('saves a credential for part of a registry under its path', async () => {
  answers.push('ada', 'horse');
  const parts = windowParts(secrets);
  expect(await signIn(parts, { ...here(), path: 'team' })).toBe(true);
  expect(await parts.credentials.credentialFor(registry.host)).toBeUndefined();
  expect(await parts.credentials.credentialFor(registry.host, { repository: 'team/x' })).toMatchObject({
    username: 'ada',
  });
});

describe('a token that is pasted', () => {
  it('is tried for what it is', async () => {
    answers.push(OTHER_WAY, 'Identity Token', 'not good');
    expect(await signIn(windowParts(secrets), here())).toBe(false);
    expect(asked.at(-1)).toBe('Paste a token: one word, without spaces.');
  });

  it('of the wrong kind is refused, and nothing is saved', async () => {
    answers.push(OTHER_WAY, 'Registry Token', 'abc');
    expect(await signIn(windowParts(secrets), here())).toBe(false);
    expect(asked.at(-1)).toBe(`${registry.host} does not accept this registry token. Try again.`);
    expect(secrets.entries.size).toBe(0);
  });

  it('is saved with its kind', async () => {
    const open = await startRegistry();
    answers.push(OTHER_WAY, 'Identity Token', ' abc\n');
    const parts = windowParts(secrets);
    expect(await signIn(parts, { registry: open.host })).toBe(true);
    expect(await parts.credentials.credentialFor(open.host)).toMatchObject({ kind: 'identityToken', token: 'abc' });
    await open.close();
  });
});

it('says that a registry which lets everybody in could not check a credential', async () => {
  const open = await startRegistry();
  answers.push('ada', 'horse');
  expect(await signIn(windowParts(secrets), { registry: open.host })).toBe(true);
  expect(asked.at(-1)).toContain('lets everybody in');
  await open.close();
});

it('says that a credential is saved and another one is used, where the sources have such an order', async () => {
  answers.push('ada', 'horse');
  const parts = windowParts(secrets);
  const docker = fixed({ kind: 'basic', username: 'bob', password: 'x', source: 'config.json' }, registry.host);
  await signIn({ ...parts, sources: docker }, here());
  expect(asked.at(-1)).toContain('that from config.json is');
});

it('says the same where the settings want one that is not there', async () => {
  answers.push('ada', 'horse');
  const details = { reference: 'docker', reason: 'nothing is known' };
  const wanting = {
    credentialFor: async () => {
      throw new OciError('MISSING_CREDENTIAL', 'missing', details);
    },
  };
  expect(await signIn({ ...windowParts(secrets), sources: wanting }, here())).toBe(true);
  expect(asked.at(-1)).toContain('is not used, none is: the settings floeOci.credentials.sources and floeOci.reg');
});

describe('a keyring that does not work', () => {
  it('is explained, and the user may go on without it', async () => {
    secrets.broken = true;
    answers.push('ada', 'horse', 'Use for This Session');
    const parts = windowParts(secrets);
    expect(await signIn(parts, here())).toBe(true);
    expect(asked.at(-1)).toBe('VS Code cannot store the password: no keyring');
    expect(await parts.credentials.credentialFor(registry.host)).toMatchObject({ source: 'this session' });
    expect(parts.logged.join()).not.toContain('horse');
  });

  it('means not signed in when the user does not agree', async () => {
    secrets.broken = true;
    answers.push('ada', 'horse');
    const parts = windowParts(secrets);
    expect(await signIn(parts, here())).toBe(false);
    expect(await parts.credentials.credentialFor(registry.host)).toBeUndefined();
  });
});

it('two windows: what one signs in to, the other is let in to', async () => {
  const [one, other] = [windowParts(secrets), windowParts(secrets)];
  expect(await isLetIn(other, registry.host)).toBe(false);
  answers.push('ada', 'horse');
  await signIn(one, here());
  expect(await isLetIn(other, registry.host)).toBe(true);
});

describe('a credential that has become stale', () => {
  beforeEach(async () => {
    await registry.close();
    const auth = { username: 'ada', password: 'new', scheme: 'bearer', anonymousPull: true } as const;
    registry = await startRegistry({ auth });
    fill(registry, 'team/product', artifact(1), '1.0.0');
  });

  it('is done without where content is public, and its registry says so until another one is typed', async () => {
    const account = { username: 'ada', source: 'config.json' };
    const stale = fixed({ kind: 'basic', password: 'old', ...account }, registry.host);
    const parts = windowParts(secrets, [stale]);
    const place = await parts.registries.add(registry.host);
    expect(place.refused).toBeUndefined();
    const store = await place.open(parseRepositoryName('team/product'));
    await expect(store.resolve(parseTag('1.0.0'))).resolves.toMatchObject({
      digest: artifact(1).root.descriptor.digest,
    });
    expect(place.refused).toEqual(account);
    answers.push('ada', 'new');
    await signIn(parts, here());
    parts.connections.reset();
    await (await place.open(parseRepositoryName('team/product'))).resolve(parseTag('1.0.0'));
    parts.uses.reset();
    expect(place.refused).toBeUndefined();
  });

  it('is not done without where something is written', async () => {
    const stale = fixed({ kind: 'basic', username: 'ada', password: 'old', source: 'config.json' }, registry.host);
    const parts = windowParts(secrets, [stale]);
    const place = await parts.registries.add(registry.host);
    const store = await place.open(parseRepositoryName('team/product'));
    await expect(putGraph(store, artifact(2), '2.0.0')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(registry.requests({ method: 'PUT' })).toEqual([]);
    await parts.connections.close();
  });
});

describe('signing out', () => {
  it('of the only credential of a registry asks nothing', async () => {
    const parts = windowParts(secrets);
    await parts.credentials.store(here(), { kind: 'basic', username: 'ada', password: 'horse' });
    await signOut(parts, registry.host);
    expect(secrets.entries.size).toBe(0);
    expect(asked).toEqual([`Signed out of ${registry.host}. Its password is removed from this machine.`]);
  });

  it('says where credentials come from that are not ours to forget', async () => {
    const docker = fixed({ kind: 'basic', username: 'bob', password: 'x', source: 'config.json' }, registry.host);
    const parts = windowParts(secrets, [docker]);
    await signOut(parts, registry.host);
    expect(asked).toEqual([`No password is saved for ${registry.host}. What is used for it comes from config.json.`]);
  });

  it('lets one choose among those of a registry, and from the palette among all, connected or not', async () => {
    const parts = windowParts(secrets);
    const robot = { kind: 'basic', username: 'robot', password: 'x' } as const;
    await parts.credentials.store({ registry: 'old.example' }, robot);
    await parts.credentials.store({ registry: 'r.example' }, robot);
    await parts.credentials.store({ registry: 'r.example', path: 'team' }, robot);
    answers.push('r.example/team');
    await signOut(parts, 'r.example');
    expect(await parts.credentials.scopes()).toEqual([{ registry: 'old.example' }, { registry: 'r.example' }]);
    answers.push('old.example');
    await signOut(parts);
    expect(await parts.credentials.scopes()).toEqual([{ registry: 'r.example' }]);
  });

  it('forgets the secret of a manifest.yaml, with what was allowed of it', async () => {
    const parts = windowParts(secrets);
    const reference = { source: 'env', name: 'orders-robot' };
    await parts.references.store(reference, 'r.example', { kind: 'basic', username: 'robot', password: 'x' });
    answers.push('env/orders-robot');
    await signOut(parts);
    expect(secrets.entries.size).toBe(0);
    expect(asked.at(-1)).toContain('The secret env/orders-robot is removed');
  });
});

describe('a registry that leaves the settings', () => {
  const login = { kind: 'basic', username: 'ada', password: 'horse' } as const;
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('has its password removed when the user wants it', async () => {
    const parts = windowParts(secrets);
    await parts.registries.add('r.example');
    await parts.credentials.store({ registry: 'r.example' }, login);
    await parts.credentials.store({ registry: 'kept.example' }, login);
    offerRemovals(parts);
    answers.push('Remove Password');
    await parts.registries.remove('r.example');
    await settled();
    expect(asked).toHaveLength(1);
    expect(await parts.credentials.scopes()).toEqual([{ registry: 'kept.example' }]);
  });

  it('keeps it otherwise, and one without a password is not worth a question', async () => {
    const parts = windowParts(secrets);
    await parts.registries.add('r.example');
    await parts.registries.add('open.example');
    await parts.credentials.store({ registry: 'r.example' }, login);
    offerRemovals(parts);
    await parts.registries.remove('open.example');
    await settled();
    expect(asked).toEqual([]);
    await parts.registries.remove('r.example');
    await settled();
    expect(asked).toHaveLength(1);
    expect(secrets.entries.size).toBe(1);
  });
});
