import { afterEach, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from './index.ts';
import { PROFILES, type ProfileName } from './profiles.ts';

let server: TestRegistry;
afterEach(() => server.close());

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DIGEST = `sha256:${'0'.repeat(64)}`;

interface Talk {
  /** A request without credentials. */
  bare(path: string, init?: RequestInit): Promise<Response>;
  /** A request of the user, with whatever the registry wants to see. */
  signedIn(path: string, init?: RequestInit): Promise<Response>;
}

async function talkTo(name: ProfileName): Promise<Talk> {
  const { options } = PROFILES[name];
  const { auth } = options;
  server = await startRegistry(options);
  const basic = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  const bare = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}${path}`, init);
  const authorization = async (): Promise<string> => {
    if (auth.scheme === 'basic') return basic;
    const actions = auth.deleteAction === 'pull,push' ? 'pull,push' : 'pull,push,delete';
    const answered = await bare(`${auth.tokenPath ?? '/token'}?scope=repository:a/b:${actions}`, {
      headers: { authorization: basic },
    });
    const { token, access_token } = (await answered.json()) as Record<string, string>;
    return `Bearer ${token ?? access_token}`;
  };
  return {
    bare,
    signedIn: async (path, init = {}) =>
      bare(path, { ...init, headers: { ...init.headers, authorization: await authorization() } }),
  };
}

const challengeOf = (response: Response): string | null => response.headers.get('www-authenticate');
const codeOf = async (response: Response): Promise<string | undefined> =>
  ((await response.json()) as { errors?: { code?: string }[] }).errors?.[0]?.code;
const putManifest = (size: number, configSize = 2): RequestInit => {
  const content = server.repository('a/b');
  const config = {
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: content.putBlob(configSize === 0 ? '' : '{}'),
    size: configSize,
  };
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: [],
    annotations: { a: 'x'.repeat(size) },
  });
  return { method: 'PUT', body, headers: { 'content-type': MANIFEST } };
};

it('distribution calls a large manifest invalid, and refuses large pages', async () => {
  const { signedIn } = await talkTo('distribution');
  const large = await signedIn('/v2/a/b/manifests/v1', putManifest(4 * 1024 * 1024));
  expect([large.status, await codeOf(large)]).toEqual([400, 'MANIFEST_INVALID']);
  expect((await signedIn('/v2/_catalog?n=10000')).status).toBe(400);
  expect((await signedIn(`/v2/a/b/referrers/${DIGEST}`)).status).toBe(404);
});

it('zot writes its challenge in lower case, and has nothing after a tag that is not there', async () => {
  const { bare, signedIn } = await talkTo('zot');
  expect(challengeOf(await bare('/v2/'))).toMatch(/^bearer realm=/);
  server.repository('a/b');
  const after = await signedIn('/v2/a/b/tags/list?last=v1');
  expect([after.status, await after.text()]).toEqual([404, '']);
  expect((await signedIn('/v2/a/b/manifests/v1', putManifest(4 * 1024 * 1024))).status).toBe(413);
});

it('Harbor answers a refused token with Basic, sets cookies, has no access_token and keeps tags', async () => {
  const { bare, signedIn } = await talkTo('Harbor');
  expect(challengeOf(await bare('/v2/a/b/tags/list'))).toMatch(/^Bearer/);
  const refused = await bare('/v2/a/b/tags/list', { headers: { authorization: 'Bearer x' } });
  expect([refused.status, challengeOf(refused)]).toEqual([401, 'Basic realm="harbor"']);
  expect(refused.headers.get('set-cookie')).toContain('sid=');
  const forged = await bare('/v2/a/b/blobs/uploads/', { method: 'POST', headers: { cookie: 'sid=1' } });
  expect(forged.status).toBe(403);
  expect((await bare('/service/token', { method: 'POST' })).status).toBe(405);
  const kept = await signedIn('/v2/a/b/manifests/v1', { method: 'DELETE' });
  expect([kept.status, await codeOf(kept)]).toEqual([400, 'UNSUPPORTED']);
  expect(challengeOf(await bare('/v2/_catalog'))).toBe('Basic realm="harbor"');
});

it('ECR wants the repository made, drops chunks and deletes nothing', async () => {
  const { bare, signedIn } = await talkTo('ECR');
  const stranger = await bare('/v2/');
  expect([stranger.status, await stranger.text()]).toEqual([401, 'Not Authorized\n']);
  expect(challengeOf(stranger)).toContain('service="ecr.amazonaws.com"');
  const missing = await signedIn('/v2/a/b/blobs/uploads/', { method: 'POST' });
  expect([missing.status, await codeOf(missing)]).toEqual([404, 'NAME_UNKNOWN']);
  server.repository('a/b');
  const begun = await signedIn('/v2/a/b/blobs/uploads/', { method: 'POST' });
  const first = await signedIn(begun.headers.get('location') ?? '', { method: 'PATCH', body: 'one' });
  const second = await signedIn(first.headers.get('location') ?? '', { method: 'PATCH', body: 'two' });
  expect([first.status, second.status, second.headers.get('range')]).toEqual([201, 201, '0-2']);
  expect((await signedIn('/v2/a/b/manifests/v1', { method: 'DELETE' })).status).toBe(405);
  expect((await signedIn('/v2/a/b/tags/list?n=1001')).status).toBe(400);
});

it('ACR gives an access_token alone, and links that end with an empty parameter', async () => {
  const { bare, signedIn } = await talkTo('ACR');
  const basic = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
  const token = await bare('/oauth2/token?scope=repository:a/b:pull', { headers: { authorization: basic } });
  expect(Object.keys((await token.json()) as object)).toEqual(['access_token']);
  for (let i = 0; i < 3; i++) server.repository('a/b').tags.set(`v${i}`, DIGEST);
  expect((await signedIn('/v2/a/b/tags/list?n=2')).headers.get('link')).toMatch(/&orderby=>; rel="next"$/);
  expect((await signedIn('/v2/a/b/tags/list?n=2&last=v1')).status).toBe(400);
});

it('GAR does not challenge who shows a wrong token, and keeps what has tags', async () => {
  const { bare, signedIn } = await talkTo('GAR');
  const refused = await bare('/v2/a/b/tags/list', { headers: { authorization: 'Bearer x' } });
  expect([refused.status, challengeOf(refused)]).toEqual([401, null]);
  const empty = await signedIn('/v2/a/b/manifests/v1', putManifest(1, 0));
  expect(empty.status).toBe(400);
  const put = await signedIn('/v2/a/b/manifests/v1', putManifest(1));
  const kept = await signedIn(put.headers.get('location') ?? '', { method: 'DELETE' });
  expect([kept.status, await codeOf(kept)]).toEqual([400, 'GOOGLE_MANIFEST_DANGLING_TAG']);
  expect(await (await signedIn('/v2/a/b/tags/list')).json()).toMatchObject({ child: [], manifest: {} });
});

it('GHCR lists no referrers and deletes nothing', async () => {
  const { signedIn } = await talkTo('GHCR');
  expect((await signedIn(`/v2/a/b/referrers/${DIGEST}`)).status).toBe(404);
  expect((await signedIn('/v2/a/b/manifests/v1', { method: 'DELETE' })).status).toBe(405);
});

it('Docker Hub says what is left, and has no catalog', async () => {
  const { bare, signedIn } = await talkTo('Docker Hub');
  expect((await signedIn('/v2/a/b/manifests/v1')).headers.get('ratelimit-remaining')).toBe('76;w=21600');
  expect((await bare('/v2/_catalog')).status).toBe(401);
});

it('Quay does not know delete, hides that it lists a referrer, and goes on by a word of its own', async () => {
  const { bare, signedIn } = await talkTo('Quay');
  const unknown = await bare('/v2/auth?scope=repository:a/b:delete');
  expect([unknown.status, await codeOf(unknown)]).toEqual([400, 'INVALID_REQUEST']);
  expect((await signedIn(`/v2/a/b/referrers/${DIGEST}`)).status).toBe(400);
  for (let i = 0; i < 3; i++) server.repository('a/b').tags.set(`v${i}`, DIGEST);
  const [, next = ''] =
    /<[^>]*?(\/v2[^>]*)>/.exec((await signedIn('/v2/a/b/tags/list?n=2')).headers.get('link') ?? '') ?? [];
  expect(next).toMatch(/next_page=/);
  expect(await (await signedIn(next)).json()).toMatchObject({ tags: ['v2'] });
});

it('Nexus writes its challenge in capitals, and null among the tags', async () => {
  const { bare, signedIn } = await talkTo('Nexus');
  expect(challengeOf(await bare('/v2/'))).toMatch(/^BASIC /);
  server.repository('a/b').tags.set('v1', DIGEST);
  expect(await (await signedIn('/v2/a/b/tags/list')).json()).toMatchObject({ tags: [null, 'v1'] });
});

it('Artifactory names no scope, and lists what is no tag', async () => {
  const { bare, signedIn } = await talkTo('Artifactory');
  expect(challengeOf(await bare('/v2/a/b/tags/list'))).not.toContain('scope');
  expect((await bare('/token', { method: 'POST' })).status).toBe(401);
  server.repository('a/b').tags.set('v1', DIGEST);
  expect(await (await signedIn('/v2/a/b/tags/list')).json()).toMatchObject({ tags: [DIGEST, '_uploads', 'v1'] });
});

it('GitLab has its tokens elsewhere, and takes a dashed digest for a digest', async () => {
  const { bare, signedIn } = await talkTo('GitLab');
  expect(challengeOf(await bare('/v2/'))).toContain('/jwt/auth');
  const digest = server.repository('a/b').putManifest('{}', MANIFEST);
  const found = await signedIn(`/v2/a/b/manifests/${digest.replace(':', '-')}`, { headers: { accept: MANIFEST } });
  expect(found.status).toBe(200);
});
