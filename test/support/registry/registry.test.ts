import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RegistryOptions, startRegistry, type TestRegistry } from './index.ts';

// The official conformance suite judges this registry; these are the parts that tests of ours lean on most.

let registry: TestRegistry;
const start = async (options: RegistryOptions = {}): Promise<void> => {
  registry = await startRegistry(options);
};
beforeEach(() => start());
afterEach(() => registry.close());

const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, registry.url), init);
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const session = async (): Promise<string> =>
  (await ask('/v2/a/blobs/uploads/', { method: 'POST' })).headers.get('location') ?? '';

describe('uploads', () => {
  it('take chunks in order, and nothing from an old location', async () => {
    const first = await session();
    const chunk = (to: string, range: string, body: string) =>
      ask(to, { method: 'PATCH', headers: { 'content-range': range }, body });
    const accepted = await chunk(first, '0-2', 'abc');
    expect([accepted.status, accepted.headers.get('range')]).toEqual([202, '0-2']);
    expect((await chunk(first, '3-5', 'def')).status).toBe(416);
    const second = accepted.headers.get('location') ?? '';
    expect((await chunk(second, '9-11', 'def')).status).toBe(416);
    expect((await ask(second)).status).toBe(204);
    const ended = await ask(`${second}&digest=${sha256('abcdef')}`, { method: 'PUT', body: 'def' });
    expect(ended.status).toBe(201);
    expect(await (await ask(`/v2/a/blobs/${sha256('abcdef')}`)).text()).toBe('abcdef');
  });

  it('refuse content with another digest, and keep none of it', async () => {
    const refused = await ask(`${await session()}&digest=${sha256('other')}`, { method: 'PUT', body: 'abc' });
    expect([refused.status, await refused.json()]).toMatchObject([400, { errors: [{ code: 'DIGEST_INVALID' }] }]);
    expect(registry.repository('a').blobs.size).toBe(0);
  });
});

describe('access', () => {
  const auth = { username: 'ann', password: 'secret', denied: ['closed'] };
  const basic = { authorization: `Basic ${btoa('ann:secret')}` };

  it('by password wants it on every request', async () => {
    await registry.close();
    await start({ auth });
    expect((await ask('/v2/')).headers.get('www-authenticate')).toMatch(/^Basic /);
    expect((await ask('/v2/', { headers: basic })).status).toBe(200);
    expect((await ask('/v2/closed/tags/list', { headers: basic })).status).toBe(403);
  });

  it('by token wants one for the right repository', async () => {
    await registry.close();
    await start({ auth: { ...auth, scheme: 'bearer' } });
    const challenge = (await ask('/v2/a/tags/list')).headers.get('www-authenticate');
    expect(challenge).toBe(`Bearer realm="${registry.url}/token",service="test-registry",scope="repository:a:pull"`);
    const given = await ask('/token?service=test-registry&scope=repository:a:pull', { headers: basic });
    const { token } = (await given.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask('/v2/a/tags/list', { headers })).status).toBe(404);
    const elsewhere = await ask('/v2/b/tags/list', { headers });
    expect(elsewhere.headers.get('www-authenticate')).toContain('insufficient_scope');
    const wrong = await ask('/token', { headers: { authorization: `Basic ${btoa('ann:wrong')}` } });
    expect(wrong.status).toBe(401);
  });
});

describe('the log', () => {
  it('knows every request, what moved, and what was in flight together', async () => {
    registry.fail({ path: /v2\/$/, fault: { kind: 'delay', milliseconds: 50 } });
    await Promise.all([ask('/v2/'), ask('/v2/')]);
    await ask(`${await session()}&digest=${sha256('abc')}`, { method: 'PUT', body: 'abc' });
    await ask(`/v2/a/blobs/${sha256('abc')}`);
    expect(
      registry
        .requests()
        .map(({ method, status, received, sent, overlap }) => [method, status, received, sent, overlap]),
    ).toEqual([
      ['GET', 200, 0, 2, 2],
      ['GET', 200, 0, 2, 2],
      ['POST', 202, 0, 0, 1],
      ['PUT', 201, 3, 0, 1],
      ['GET', 200, 0, 3, 1],
    ]);
    expect(registry.requests({ method: 'PUT', path: /uploads/ })).toHaveLength(1);
  });
});

describe('faults', () => {
  it('strike the requests that their rule means, as often as it says', async () => {
    registry.fail({ method: 'GET', path: /v2\/$/, skip: 1, times: 2, fault: { kind: 'status', status: 503 } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await ask('/v2/')).status);
    statuses.push((await ask('/v2/_catalog')).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200, 200]);
  });

  it('break an answer off', async () => {
    const digest = registry.repository('a').putBlob('x'.repeat(1000));
    for (const kind of ['reset', 'truncate'] as const) {
      registry.clearFaults();
      registry.fail({ fault: { kind, afterBytes: 10 } });
      await expect(ask(`/v2/a/blobs/${digest}`).then((answer) => answer.text())).rejects.toThrow();
    }
  });

  it('of silence end with the registry', async () => {
    registry.fail({ fault: { kind: 'stall', afterBytes: 0 } });
    const answer = await ask('/v2/');
    await registry.close();
    await expect(answer.text()).rejects.toThrow();
  });
});
