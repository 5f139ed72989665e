import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { says } from '../support/registry/habits.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
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
