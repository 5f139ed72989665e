import { afterEach, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from './index.ts';
import { type FaultName, withFaults } from './namedFaults.ts';
import { PROFILES } from './profiles.ts';

// Those that are one switch of the registry, or one rule, are what tests of the switch and the rule are about.

let server: TestRegistry;
afterEach(() => server.close());

async function start(...faults: readonly FaultName[]): Promise<void> {
  server = await startRegistry(withFaults({}, faults));
}

const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, server.url), init);
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const putBlob = (size = 10): string => server.repository('a').putBlob('x'.repeat(size));
const putManifest = (): void => {
  server.repository('a').putManifest('{}', MANIFEST, 'v1');
};
const manifest = (init: RequestInit = {}) =>
  ask('/v2/a/manifests/v1', { ...init, headers: { accept: MANIFEST, ...init.headers } });
const link = async (): Promise<string | null> => {
  for (const tag of ['a', 'b']) server.repository('a').tags.set(tag, 'sha256:0');
  return (await ask('/v2/a/tags/list?n=1')).headers.get('link');
};

describe('a fault by its name', () => {
  it('redirects blobs to another origin, where no credential is taken', async () => {
    await start('redirected-blobs');
    const answered = await ask(`/v2/a/blobs/${putBlob()}`, { redirect: 'manual' });
    const location = answered.headers.get('location') ?? '';
    expect([answered.status, new URL(location).hostname]).toEqual([307, 'localhost']);
    expect(await (await fetch(location)).text()).toBe('xxxxxxxxxx');
    expect((await fetch(location, { headers: { authorization: 'Bearer x' } })).status).toBe(400);
    expect((await ask('/v2/')).status).toBe(200);
  });

  it('cuts the first answer with a blob, and not the next one', async () => {
    await start('cut-blob');
    const path = `/v2/a/blobs/${putBlob(200_000)}`;
    await expect(ask(path).then((answered) => answered.text())).rejects.toThrow();
    expect(await (await ask(path)).text()).toHaveLength(200_000);
  });

  it('cuts the first large upload to a repository', async () => {
    await start('cut-upload');
    const put = async (size: number) => {
      const { headers } = await ask('/v2/a/blobs/uploads/', { method: 'POST' });
      return ask(headers.get('location') ?? '', { method: 'PATCH', body: 'x'.repeat(size) });
    };
    expect((await put(10)).status).toBe(202);
    await expect(put(200_000)).rejects.toThrow();
    expect((await put(200_000)).status).toBe(202);
  });

  it('compresses, and answers no HEAD', async () => {
    await start('gzip', 'no-head');
    putManifest();
    const answered = await manifest({ headers: { 'accept-encoding': 'gzip' } });
    expect([answered.headers.get('content-encoding'), await answered.text()]).toEqual(['gzip', '{}']);
    expect((await manifest({ method: 'HEAD' })).status).toBe(405);
  });

  it('lengthens manifests, and has parameters in their type', async () => {
    await start('other-manifests', 'type-parameters');
    putManifest();
    const answered = await manifest();
    expect([answered.headers.get('content-type'), await answered.text()]).toEqual([
      `${MANIFEST}; charset=utf-8`,
      '{}\n',
    ]);
  });

  it.each([
    ['link-unquoted', /^<\/v2\/a\/tags\/list\?last=a&n=1>; rel=next$/],
    ['link-parameters', /; title="more, please"; rel="next"$/],
    ['link-among-others', /^<\/v2\/a\/tags\/list>; rel="first", <.*last=a.*>; rel="next"$/],
    ['link-elsewhere', /^<http:\/\/localhost:\d+\/v2/],
    ['link-to-itself', /^<\/v2\/a\/tags\/list\?n=1>; rel="next"$/],
  ] as const)('writes links otherwise: %s', async (name, expected) => {
    await start(name);
    expect(await link()).toMatch(expected);
  });

  it('asks everybody to wait once at each address', async () => {
    await start('retry-after');
    const first = await ask('/v2/a/tags/list');
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '1']);
    expect([(await ask('/v2/a/tags/list')).status, (await ask('/v2/b/tags/list')).status]).toEqual([404, 429]);
  });

  it('keeps the ways of the profile that it is added to', async () => {
    server = await startRegistry(withFaults(PROFILES.Harbor.options, ['tokens-end', 'challenge-several']));
    const challenge = (await ask('/v2/a/tags/list')).headers.get('www-authenticate');
    expect(challenge).toMatch(/^Negotiate, Bearer realm="http:.*\/service\/token".*, Digest realm="none"/);
    const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
    const given = await ask('/service/token?scope=repository:a:pull', { headers: { authorization } });
    const { token, access_token } = (await given.json()) as Record<string, string>;
    expect(access_token).toBe('');
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) {
      statuses.push((await ask('/v2/a/tags/list', { headers: { authorization: `Bearer ${token}` } })).status);
    }
    expect(statuses).toEqual([404, 404, 404, 404, 404, 401]);
  });

  it('gives bearer tokens where it is about them', async () => {
    await start('realm-relative', 'access-token');
    expect((await ask('/v2/')).headers.get('www-authenticate')).toContain('realm="/token"');
    expect(Object.keys((await (await ask('/token')).json()) as object)).toEqual(['access_token']);
  });
});
