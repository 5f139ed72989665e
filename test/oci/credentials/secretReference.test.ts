import { describe, expect, it } from 'vitest';
import {
  formatSecretReference,
  isSourceReadable,
  type SecretsBackend,
  secretCredentials,
  variablesOf,
} from '../../../src/oci/credentials/secretReference.ts';
import { failure } from '../../support/failure.ts';
import { type FileTree, makeFolder, removeFolder } from '../../support/fileTree.ts';

const env = (key?: string) => ({ source: 'env', name: 'orders-robot', ...(key !== undefined && { key }) });
const ask = (
  reference: Parameters<typeof secretCredentials>[0],
  type: 'basic' | 'token',
  environment: Record<string, string>,
) => secretCredentials(reference, { type, environment }).credentialFor('r.example');

const PAIR = { FLOE_SECRET_ORDERS_ROBOT_USERNAME: 'robot', FLOE_SECRET_ORDERS_ROBOT_PASSWORD: 'secret' };

describe('a secret in the environment', () => {
  it.each<[object, 'basic' | 'token', string | undefined, Record<string, string>]>([
    [{ username: 'robot', password: 'secret' }, 'basic', undefined, PAIR],
    [{ username: 'robot', password: 'a:b' }, 'basic', undefined, { FLOE_SECRET_ORDERS_ROBOT: 'robot:a:b' }],
    [{ username: 'robot', password: 'x' }, 'basic', 'api-key', { ...PAIR, FLOE_SECRET_ORDERS_ROBOT_API_KEY: 'x' }],
    [{ username: 'robot', password: 'x' }, 'basic', 'pull', { FLOE_SECRET_ORDERS_ROBOT_PULL: 'robot:x' }],
    [{ username: '__token__', password: 't' }, 'token', undefined, { FLOE_SECRET_ORDERS_ROBOT: 't' }],
    [{ username: '__token__', password: 't' }, 'token', undefined, { FLOE_SECRET_ORDERS_ROBOT_TOKEN: 't' }],
    [{ username: '__token__', password: 't' }, 'token', 'pull', { FLOE_SECRET_ORDERS_ROBOT_PULL: 't' }],
  ])('is %j as %s with key %s', async (credential, type, key, environment) => {
    expect(await ask(env(key), type, environment)).toMatchObject({
      kind: 'basic',
      ...credential,
      source: formatSecretReference(env(key)),
    });
  });

  it('that is not there is none', async () => {
    for (const type of ['basic', 'token'] as const) {
      expect(await ask(env(), type, { FLOE_SECRET_ORDERS: 'x:y', FLOE_SECRET_ORDERS_ROBOT: '' })).toBeUndefined();
      expect(await ask({ source: 'vault', name: 'orders-robot' }, type, PAIR)).toBeUndefined();
    }
  });

  it.each([
    ['user name', { FLOE_SECRET_ORDERS_ROBOT_PASSWORD: 'hunter2' }],
    ['password', { FLOE_SECRET_ORDERS_ROBOT_USERNAME: 'robot' }],
    ['user name', { FLOE_SECRET_ORDERS_ROBOT: 'hunter2' }],
  ])('without its %s is an error that names it, not its value', async (part, environment) => {
    const error = await ask(env(), 'basic', environment).catch((reason: unknown) => reason);
    expect(error).toEqual(
      failure('MISSING_CREDENTIAL', { reference: 'env/orders-robot', reason: expect.stringContaining(part) }),
    );
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('has variables that a message can name', () => {
    expect(variablesOf(env(), 'basic')).toBe(Object.keys(PAIR).join(' and '));
    expect(variablesOf(env('pull'), 'token')).toBe('FLOE_SECRET_ORDERS_ROBOT_PULL');
  });
});

describe('a secret that a backend looks up', () => {
  const asked: unknown[] = [];
  const backend = (values: Readonly<Record<string, string>>): SecretsBackend => ({
    read: async (reference) => {
      asked.push(reference);
      return values[reference.key ?? ''];
    },
  });
  const from = (values: Readonly<Record<string, string>>, type: 'basic' | 'token', key?: string) => {
    const reference = { source: 'vault', name: 'orders-robot', ...(key !== undefined && { key }) };
    const options = { type, environment: {}, backends: { vault: backend(values) } };
    return secretCredentials(reference, options).credentialFor('r.example');
  };

  it('is asked for by source, name and key', async () => {
    const found = await from({ username: 'robot', pull: 'secret' }, 'basic', 'pull');
    expect(found).toMatchObject({ username: 'robot', password: 'secret', source: 'vault/orders-robot/pull' });
    expect(asked).toEqual([
      { source: 'vault', name: 'orders-robot', key: 'username' },
      { source: 'vault', name: 'orders-robot', key: 'pull' },
    ]);
    expect(await from({ '': 't' }, 'token')).toMatchObject({ username: '__token__', password: 't' });
    expect(await from({}, 'token')).toBeUndefined();
  });

  it('tells which sources can be read at all', () => {
    expect(['env', 'kubernetes', 'vault', 'toString'].map((source) => isSourceReadable(source))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isSourceReadable('vault', { vault: backend({}) })).toBe(true);
  });
});

describe('a secret of Kubernetes', () => {
  async function mounted(tree: FileTree, type: 'basic' | 'token', key?: string) {
    const folder = await makeFolder({ 'orders-robot': tree });
    try {
      const reference = { source: 'kubernetes', name: 'orders-robot', ...(key !== undefined && { key }) };
      return await ask(reference, type, { FLOE_OCI_SECRETS_DIR: folder });
    } finally {
      await removeFolder(folder);
    }
  }
  const config = JSON.stringify({ auths: { 'r.example': { username: 'pull', password: 'secret', email: 'x' } } });

  it('is a folder with a file for each value', async () => {
    expect(await mounted({ username: 'robot\n', password: 'secret\r\n' }, 'basic')).toMatchObject({
      username: 'robot',
      password: 'secret',
      source: 'kubernetes/orders-robot',
    });
    expect(await mounted({ token: 't' }, 'token')).toMatchObject({ username: '__token__', password: 't' });
    expect(await mounted({ pull: 't' }, 'token', 'pull')).toMatchObject({ password: 't' });
  });

  it('is a pull secret', async () => {
    expect(await mounted({ '.dockerconfigjson': config }, 'basic')).toMatchObject({
      username: 'pull',
      password: 'secret',
    });
    expect(
      await mounted({ '.dockerconfigjson': '{"auths":{"other.example":{"auth":"YTpi"}}}' }, 'basic'),
    ).toBeUndefined();
  });

  it('that is not mounted is none, and its key leads to no other folder', async () => {
    expect(await mounted({}, 'basic')).toBeUndefined();
    expect(await mounted({ token: 't' }, 'token', '../orders-robot/token')).toMatchObject({ password: 't' });
    expect(await mounted({ other: 'x:y' }, 'basic', '../orders-robot/other')).toBeUndefined();
  });
});
