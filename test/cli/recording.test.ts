import { readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { startRegistry } from '../support/registry/index.ts';
import { replaying } from '../support/registry/replay.ts';
import { makeWorkspace } from './support/workspace.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});
function owned<T extends AsyncDisposable>(made: T): T {
  cleanup.push(async () => made[Symbol.asyncDispose]());
  return made;
}

it('a recording holds every hop without its secrets, and a registry can be played from it', async () => {
  const auth = { username: 'robot', password: 'pass-of-robot', scheme: 'bearer' } as const;
  const registry = owned(await startRegistry({ auth }));
  const workspace = owned(await makeWorkspace());
  const env = { FLOE_REGISTRY_USERNAME: auth.username, FLOE_REGISTRY_PASSWORD: auth.password };
  const inspect = (host: string, ...more: readonly string[]) =>
    workspace.runIn({ env }, 'inspect', `oci://${host}/team/orders:v1.0.0`, '--no-cache', '--json', ...more);
  await workspace.runIn({ env }, 'push', '-a', 'doc.json', '-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0');
  registry.clearRequests();

  const { code, stdout } = await inspect(registry.host, '--record', 'bug.har');
  expect(code).toBe(0);
  const text = await readFile(workspace.path('bug.har'), 'utf8');
  const { log } = JSON.parse(text);
  expect(log).toMatchObject({ version: '1.2', creator: { name: 'floe-oci' } });
  expect(log.entries.map((entry: { readonly request: { readonly method: string } }) => entry.request.method)).toEqual(
    registry.requests().map(({ method }) => method),
  );
  expect(text).not.toContain(auth.password);
  expect(text).toContain('Bearer ***');
  for (const { headers } of registry.requests()) {
    const [, sent] = headers['authorization']?.split(' ') ?? [];
    if (sent !== undefined) expect(text).not.toContain(sent);
  }

  const played = owned(await startRegistry({ adapters: [await replaying(workspace.path('bug.har'))] }));
  const again = await inspect(played.host, '--record', 'again.har');
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout).digest).toBe(JSON.parse(stdout).digest);
});

it('a failure becomes a test: what is played fails in the same way', async () => {
  const registry = owned(await startRegistry());
  const workspace = owned(await makeWorkspace());
  registry.fail({ path: /tags/, fault: { kind: 'html' } });
  const list = (host: string, ...more: readonly string[]) =>
    workspace.run('list', `oci://${host}/team/orders`, '--no-cache', '--json', ...more);
  const first = await list(registry.host, '--record', 'bug.har');
  const played = owned(await startRegistry({ adapters: [await replaying(workspace.path('bug.har'))] }));
  const again = await list(played.host);
  expect(first.code).not.toBe(0);
  expect(again.code).toBe(first.code);
  expect(JSON.parse(again.stderr).error.code).toBe(JSON.parse(first.stderr).error.code);
});
