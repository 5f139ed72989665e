import { describe, expect, it } from 'vitest';
import { environmentCredentials } from '../../../src/oci/credentials/environment.ts';

const USER = { FLOE_REGISTRY_USERNAME: 'alice', FLOE_REGISTRY_PASSWORD: 'secret' };
const TOKEN = { FLOE_REGISTRY_TOKEN: 'token' };

describe('credentials from the environment', () => {
  it('are none when nothing is set', async () => {
    for (const environment of [
      {},
      { FLOE_REGISTRY_TOKEN: '', FLOE_REGISTRY_USERNAME: '' },
      { FLOE_REGISTRY_HOST: 'r.example' },
    ]) {
      expect(await environmentCredentials(environment, ['r.example']).credentialFor('r.example')).toBeUndefined();
    }
  });

  it('are a user name and a password', async () => {
    expect(await environmentCredentials(USER, ['r.example']).credentialFor('r.example')).toEqual({
      kind: 'basic',
      username: 'alice',
      password: 'secret',
      source: expect.stringContaining('FLOE_REGISTRY_USERNAME'),
    });
  });

  it('are a token, which stands as a password', async () => {
    expect(await environmentCredentials(TOKEN, ['r.example']).credentialFor('r.example')).toMatchObject({
      kind: 'basic',
      password: 'token',
      source: 'FLOE_REGISTRY_TOKEN',
    });
  });

  it('go to FLOE_REGISTRY_HOST and nowhere else, whatever the command names', async () => {
    const environment = { ...USER, FLOE_REGISTRY_HOST: 'r.example' };
    for (const named of [[], ['other.example'], ['r.example', 'other.example']]) {
      const source = environmentCredentials(environment, named);
      expect(await source.credentialFor('r.example')).toMatchObject({ username: 'alice' });
      expect(await source.credentialFor('other.example')).toBeUndefined();
    }
  });

  it('go without it to the one registry that is named, and not to another that is asked', async () => {
    const source = environmentCredentials(USER, ['r.example', 'R.EXAMPLE']);
    expect(await source.credentialFor('r.example')).toMatchObject({ username: 'alice' });
    expect(await source.credentialFor('other.example')).toBeUndefined();
  });

  it('go nowhere when no registry is named', async () => {
    expect(await environmentCredentials(USER, []).credentialFor('r.example')).toBeUndefined();
  });

  it('are an error that names the variable when two registries are named', () => {
    expect(() => environmentCredentials(USER, ['a.example', 'b.example'])).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: expect.objectContaining({
          argument: 'FLOE_REGISTRY_HOST',
          accepted: expect.stringMatching(/a\.example, b\.example/),
        }),
      }),
    );
    expect(() => environmentCredentials({}, ['a.example', 'b.example'])).not.toThrow();
  });

  it('are an error when both a token and a user are set', () => {
    expect(() => environmentCredentials({ ...USER, ...TOKEN }, ['r.example'])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.not.stringContaining('secret') }),
    );
  });

  it.each([
    ['FLOE_REGISTRY_PASSWORD', { FLOE_REGISTRY_USERNAME: 'alice' }],
    ['FLOE_REGISTRY_USERNAME', { FLOE_REGISTRY_PASSWORD: 'secret' }],
  ])('are MISSING_CREDENTIAL without %s', (reference, environment) => {
    expect(() => environmentCredentials(environment, ['r.example'])).toThrow(
      expect.objectContaining({ code: 'MISSING_CREDENTIAL', details: expect.objectContaining({ reference }) }),
    );
  });

  it('are an error when FLOE_REGISTRY_HOST is no host', () => {
    expect(() => environmentCredentials({ ...USER, FLOE_REGISTRY_HOST: 'https://r.example' }, [])).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: expect.objectContaining({ argument: 'FLOE_REGISTRY_HOST' }),
      }),
    );
  });
});
