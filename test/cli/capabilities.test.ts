import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { harborApi } from '../support/registry/apis.ts';
import { says } from '../support/registry/habits.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { PROFILES } from '../support/registry/profiles.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace } from './support/workspace.ts';

async function start(options: Parameters<typeof startRegistry>[0] = {}) {
  const server = await startRegistry(options);
  const workspace = await makeWorkspace({ 'notes.txt': 'hello', 'sbom.json': '{}' });
  const env = { XDG_STATE_HOME: workspace.path('state') };
  return {
    server,
    folder: join(env.XDG_STATE_HOME, 'floe/oci/registries'),
    run: (...argv: string[]) => workspace.runIn({ env }, ...argv),
    runIn: (more: Record<string, string>, ...argv: string[]) => workspace.runIn({ env: { ...env, ...more } }, ...argv),
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

const referrersAsked = (server: TestRegistry) => server.requests({ path: /\/referrers\// }).length;

describe('what a registry refused', () => {
  it('is not asked of it again by the next command, and told by doctor', async () => {
    await using it = await start({ quirks: { referrersApi: false } });
    const { server, run } = it;
    const place = `${server.host}/team/notes`;
    await run('push', `${place}:v1`, 'notes.txt');
    await run('attach', `${place}:v1`, 'sbom.json', '--artifact-type', 'application/vnd.example.sbom');
    const ask = async () => JSON.parse((await run('referrers', `${place}:v1`, '--json')).stdout).referrers.length;
    expect(await ask()).toBe(1);
    server.clearRequests();
    expect([await ask(), referrersAsked(server)]).toEqual([1, 0]);

    const [name = ''] = await readdir(it.folder);
    expect(name).toBe(`${encodeURIComponent(server.host)}.json`);
    expect((await stat(join(it.folder, name))).mode & 0o777).toBe(0o600);
    const { checks } = JSON.parse((await run('doctor', server.host, '--json')).stdout);
    expect(checks.map((check: { name: string }) => check.name)).toContain('Remembered');
  });

  it('is asked again where the file is damaged, or a registry answers otherwise by now', async () => {
    await using it = await start();
    const { server, run, folder } = it;
    const place = `${server.host}/team/notes`;
    await run('push', `${place}:v1`, 'notes.txt');
    const attached = () =>
      run('attach', `${place}:v1`, 'sbom.json', '--artifact-type', 'application/vnd.example.sbom', '--json');
    expect((await attached()).code).toBe(0);
    const file = join(folder, `${encodeURIComponent(server.host)}.json`);
    const kept = JSON.parse(await readFile(file, 'utf8'));
    expect(kept).toMatchObject({ version: 1, registry: server.host, capabilities: { referrersApi: true } });

    await writeFile(file, '{');
    server.clearRequests();
    await run('referrers', `${place}:v1`);
    expect(referrersAsked(server)).toBe(1);

    // It had none when it was last asked, says the file; its answer to a push says that it has one.
    await writeFile(file, JSON.stringify({ ...kept, capabilities: { referrersApi: false } }));
    await attached();
    expect(JSON.parse(await readFile(file, 'utf8')).capabilities.referrersApi).toBe(true);
  });

  it('is forgotten with the command where there is no place for state', async () => {
    await using server = await startRegistry();
    await using workspace = await makeWorkspace({ 'notes.txt': 'hello' });
    expect((await workspace.run('push', `${server.host}/team/notes:v1`, 'notes.txt')).code).toBe(0);
  });
});

describe('what is remembered wrongly', () => {
  /** As an earlier run may have left it. */
  async function remembered(it: Awaited<ReturnType<typeof start>>, capabilities: object, minutesAgo: number) {
    await mkdir(it.folder, { recursive: true });
    const since = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const value = { version: 1, registry: it.server.host, since, withoutReferrersApiSince: since, capabilities };
    await writeFile(join(it.folder, `${encodeURIComponent(it.server.host)}.json`), JSON.stringify(value));
  }
  const kept = async ({ folder }: Awaited<ReturnType<typeof start>>) => {
    const [name = ''] = await readdir(folder);
    return JSON.parse(await readFile(join(folder, name), 'utf8')).capabilities;
  };

  it('hides what only the API for referrers tells no longer than ten minutes', async () => {
    await using it = await start();
    const { server, run } = it;
    const place = `${server.host}/team/notes:v1`;
    await run('push', place, 'notes.txt');
    await run('attach', place, 'sbom.json', '--artifact-type', 'application/vnd.example.signature');
    const subject = server.repository('team/notes').tags.get('v1') ?? '';
    // Somebody else, to whom the API was hidden, has listed another one under the tag that stands in for it.
    const content = server.repository('team/notes');
    const other = content.putManifest(
      JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] }),
      'application/vnd.oci.image.index.v1+json',
    );
    const manifests = [
      { mediaType: 'application/vnd.oci.image.index.v1+json', digest: other, size: 89, artifactType: 'a/b' },
    ];
    content.putManifest(
      JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }),
      'application/vnd.oci.image.index.v1+json',
      subject.replace(':', '-'),
    );
    const types = async () => {
      const { stdout } = await run('referrers', place, '--json');
      return JSON.parse(stdout).referrers.map((each: { artifactType: string }) => each.artifactType);
    };
    await remembered(it, { referrersApi: false }, 9);
    expect(await types()).toEqual(['a/b']);
    await remembered(it, { referrersApi: false }, 11);
    server.clearRequests();
    expect(await types()).toEqual(['application/vnd.example.signature']);
    expect(referrersAsked(server)).toBe(1);
    expect((await kept(it)).referrersApi).toBe(true);
  });

  it.each(['repos', 'delete', 'push --create'])(
    'as a kind is corrected when the API of that kind is not there: %s',
    async (by) => {
      await using it = await start({ quirks: { tagDeletion: true } });
      const { server, run } = it;
      const place = `${server.host}/team/notes:v1`;
      await run('push', place, 'notes.txt');
      await remembered(it, { provider: 'harbor' }, 60);
      const commands: Record<string, string[]> = {
        repos: ['repos', server.host],
        delete: ['delete', place, '--yes'],
        'push --create': ['push', `${server.host}/other/notes:v1`, 'notes.txt', '--create'],
      };
      const result = await run(...(commands[by] ?? []));
      expect([result.code, result.stderr.includes('registry_api_not_used')]).toEqual([0, true]);
      expect((await kept(it)).provider).toBe('distribution');
      server.clearRequests();
      await run('repos', server.host);
      expect(server.requests({ path: /^\/api\// })).toEqual([]);
    },
  );

  it('is right all the same where the API is there, and only does not know what is asked', async () => {
    const { options } = PROFILES.Harbor;
    const adapters = [harborApi(options.auth, new Map([['acme', {}]])), ...(options.adapters ?? [])];
    await using it = await start({ ...options, adapters });
    await remembered(it, { provider: 'harbor' }, 60);
    const { username, password } = options.auth;
    const env = { FLOE_REGISTRY_USERNAME: username, FLOE_REGISTRY_PASSWORD: password };
    const result = await it.runIn(env, 'delete', `${it.server.host}/acme/none:v1`, '--yes');
    expect(result.code).toBe(3);
    expect((await kept(it)).provider).toBe('harbor');
  });
});

describe('a registry of which nothing more may be asked', () => {
  it('is left alone until then, which is said, and is not hammered', async () => {
    const headers = { 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '3600' };
    await using it = await start({ adapters: [says(headers)] });
    const result = await it.run('push', `${it.server.host}/team/notes:v1`, 'notes.txt');
    expect(result.code).toBe(5);
    expect(result.stderr).toMatch(/is left alone until .*: its limit of 100 requests is used up/);
    expect(it.server.requests().length).toBeLessThanOrEqual(2);
  });

  it('soon again is waited for', async () => {
    const headers = { 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '1' };
    let isUsedUp = true;
    await using it = await start({
      adapters: [
        async (exchange, next) => {
          const given = await (isUsedUp ? says(headers)(exchange, next) : next(exchange));
          isUsedUp = false;
          return given;
        },
      ],
    });
    expect((await it.run('push', `${it.server.host}/team/notes:v1`, 'notes.txt')).code).toBe(0);
  });

  it('shows what is left to whoever wants to know', async () => {
    const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4987', 'x-ratelimit-reset': '1790000000' };
    await using it = await start({ adapters: [says(headers)] });
    const place = `${it.server.host}/team/notes:v1`;
    expect((await it.run('push', place, 'notes.txt', '--verbose')).stderr).toMatch(
      /rate_limit host=\S+ limit=5000 remaining=4987 resetAt=/,
    );
    const { checks } = JSON.parse((await it.run('doctor', it.server.host, '--json')).stdout);
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'Rate limit', facts: expect.objectContaining({ limit: 5000, remaining: 4987 }) }),
    );
  });
});

it.each(['http://gitlab.example.com/api/v4', 'gitlab.example.com', 'https://ann:secret-word@gitlab.example.com/'])(
  '--api-url %s is wrong',
  async (url) => {
    await using workspace = await makeWorkspace();
    const wrong = await workspace.run('repos', 'registry.example.com/acme', '--api-url', url, '--json');
    expect([wrong.code, errorOf(wrong).code]).toEqual([64, 'INVALID_ARGUMENT']);
    expect(wrong.stderr).not.toContain('secret-word');
  },
);

it('--api-url is about one registry: the credential of another does not go there', async () => {
  await using workspace = await makeWorkspace();
  const places = ['a.example.com/acme/notes:v1', 'b.example.com/acme/notes:v1'];
  const wrong = await workspace.run('copy', ...places, '--api-url', 'https://gitlab.example.com/api/v4', '--json');
  expect([wrong.code, errorOf(wrong).code]).toEqual([64, 'WRONG_USAGE']);
});
