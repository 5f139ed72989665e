import { expect, it } from 'vitest';
import { startDockerRegistry } from './dockerRegistry.ts';
import { startTokenServer } from './tokenServer.ts';

it("a token of the test's own server opens a real registry, as far as it reaches", async () => {
  await using tokens = await startTokenServer({ users: { me: 'secret' }, publicRepositories: ['open'] });
  await using registry = await startDockerRegistry({ config: { auth: tokens.registryAuth } });
  const tokenFor = async (scope: string, authorization?: string): Promise<string> => {
    const answer = await fetch(`${tokens.url}?service=x&scope=${scope}`, {
      headers: authorization ? { authorization } : {},
    });
    return ((await answer.json()) as { token: string }).token;
  };
  const statusOf = async (path: string, token?: string): Promise<number> =>
    (await fetch(`${registry.url}${path}`, { headers: token ? { authorization: `Bearer ${token}` } : {} })).status;
  const mine = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  expect(await statusOf('/v2/closed/tags/list')).toBe(401);
  expect(await statusOf('/v2/closed/tags/list', await tokenFor('repository:closed:pull'))).toBe(401);
  expect(await statusOf('/v2/closed/tags/list', await tokenFor('repository:closed:pull', mine))).toBe(404);
  expect(await statusOf('/v2/open/tags/list', await tokenFor('repository:open:pull'))).toBe(404);
});
