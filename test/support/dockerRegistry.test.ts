import { expect, test } from 'vitest';
import { startDockerRegistry } from './dockerRegistry.ts';

function basic(user: string, password: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } };
}

test('a registry with users answers only those who know a password', async () => {
  await using registry = await startDockerRegistry({ users: { ada: 'correct' } });
  expect((await fetch(`${registry.url}/v2/`)).status).toBe(401);
  expect((await fetch(`${registry.url}/v2/`, basic('ada', 'wrong'))).status).toBe(401);
  expect((await fetch(`${registry.url}/v2/`, basic('ada', 'correct'))).status).toBe(200);
});

test('a registry keeps its address and its content over a restart, and refuses connections in between', async () => {
  await using registry = await startDockerRegistry();
  const upload = await fetch(`${registry.url}/v2/a/b/blobs/uploads/`, { method: 'POST' });
  const location = new URL(upload.headers.get('location') ?? '', registry.url);
  const digest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
  location.searchParams.set('digest', digest);
  expect((await fetch(location, { method: 'PUT', body: 'hello' })).status).toBe(201);

  await registry.stop();
  await expect(fetch(`${registry.url}/v2/`)).rejects.toThrow();

  await registry.start();
  expect(await (await fetch(`${registry.url}/v2/a/b/blobs/${digest}`)).text()).toBe('hello');
  expect(registry.log()).toContain('/v2/a/b/blobs/');
});

test('a registry that cannot start says why', async () => {
  await expect(startDockerRegistry({ config: { http: { addr: '127.0.0.1:nonsense' } } })).rejects.toThrow(/nonsense/);
});
