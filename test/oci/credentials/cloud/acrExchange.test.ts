import { describe, expect, it } from 'vitest';
import { acrCredentials } from '../../../../src/oci/credentials/cloud/acrCredentials.ts';
import { exchangeForAcr, type PostForm } from '../../../../src/oci/credentials/cloud/acrExchange.ts';
import { message } from '../../../support/cloud/cloudServer.ts';

const HOST = 'contoso.azurecr.io';
const NOW = new AbortController().signal;
const answering =
  (status: number, text: string): PostForm =>
  async () => ({ status, text });
const exchange = (post: PostForm) => exchangeForAcr(HOST, { token: 'secret-entra-token', source: 'test' }, post, NOW);

describe('the exchange of a token of Azure', () => {
  it('asks the registry itself, over TLS', async () => {
    let asked: { href: string; form: Record<string, string> } | undefined;
    await exchange(async ({ href }, form) => {
      asked = { href, form: Object.fromEntries(form) };
      return { status: 200, text: message('azure/acrRefreshToken.json', { token: 'opaque' }) };
    });
    expect(asked).toEqual({
      href: `https://${HOST}/oauth2/exchange`,
      form: { grant_type: 'access_token', service: HOST, access_token: 'secret-entra-token' },
    });
  });

  it('believes the token about its end, and knows the usual one', async () => {
    const claims = message('azure/acrRefreshTokenClaims.json', { notBefore: 1, expires: 1_900_000_000, service: HOST });
    const token = ['{}', claims, 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
    const told = await exchange(answering(200, message('azure/acrRefreshToken.json', { token })));
    expect(told.expiresAt).toBe(1_900_000_000_000);
    const silent = await exchange(answering(200, message('azure/acrRefreshToken.json', { token: 'opaque' })));
    expect(silent.expiresAt).toBeGreaterThan(Date.now() + 2 * 3_600_000);
  });

  it.each([
    [401, message('azure/acrUnauthorized.json'), 'UNAUTHORIZED'],
    [403, '{"errors":[{"code":"DENIED","message":"client with IP 192.0.2.1 is not allowed access"}]}', 'DENIED'],
    [429, '', 'REGISTRY_UNAVAILABLE'],
    [503, '<html></html>', 'REGISTRY_UNAVAILABLE'],
    [302, '', 'INVALID_RESPONSE'],
    [200, '{}', 'INVALID_RESPONSE'],
    [200, 'not JSON', 'INVALID_RESPONSE'],
  ])('answered %i %s is %s', async (status, text, code) => {
    const failure: Error = await exchange(answering(status, text)).then(
      () => expect.unreachable(),
      (error: unknown) => error as Error,
    );
    expect(failure).toMatchObject({ code });
    expect(failure.message).toContain(HOST);
    expect(failure.message).not.toContain('secret-entra-token');
  });
});

describe('the account of somebody', () => {
  const exchanged = answering(200, message('azure/acrRefreshToken.json', { token: 'opaque' }));

  it('leads to a token for registries of Azure, and for no other', async () => {
    const hosts: string[] = [];
    const tokenFor = async (host: string) => {
      hosts.push(host);
      return { token: 'secret-entra-token', source: 'Microsoft account' };
    };
    const source = acrCredentials({ tokenFor, post: exchanged });
    const credential = { kind: 'identityToken', token: 'opaque', source: 'Microsoft account' };
    expect(await source.credentialFor(HOST)).toMatchObject(credential);
    expect(await source.credentialFor(HOST)).toMatchObject(credential);
    expect(await source.credentialFor('registry.example.com')).toBeUndefined();
    expect(hosts).toEqual([HOST]);
  });

  it('that is not signed in leads to none, and is asked for again', async () => {
    const tokens = [undefined, { token: 'secret-entra-token', source: 'Microsoft account' }];
    const source = acrCredentials({ tokenFor: async () => tokens.shift(), post: exchanged });
    expect(await source.credentialFor(HOST)).toBeUndefined();
    expect(await source.credentialFor(HOST)).toMatchObject({ token: 'opaque' });
  });
});
