import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startDockerRegistry } from '../support/dockerRegistry.ts';
import { startTokenServer } from '../support/tokenServer.ts';
import { runProgram } from './support/binary.ts';
import { makeWorkspace, sample } from './support/workspace.ts';

const users = { me: 'right-password' };

async function start(kind: string) {
  const tokens = await startTokenServer({ users });
  const registry = await startDockerRegistry(kind === 'tokens' ? { config: { auth: tokens.registryAuth } } : { users });
  return {
    host: registry.host,
    realm: tokens.url.href,
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await tokens[Symbol.asyncDispose]();
    },
  };
}

const typed = (text: string): AsyncIterable<string> =>
  (async function* () {
    yield text;
  })();

describe.each(['htpasswd', 'tokens'])('signing in to a real registry with %s', (kind) => {
  it('by us is enough for skopeo, and signing in by skopeo is enough for us', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await start(kind);
    const orders = `${registry.host}/team/orders:v1.0.0`;
    const ours = {
      HOME: `${workspace.folder}/ours`,
      PATH: process.env['PATH'] ?? '',
      FLOE_REGISTRY_REALM: registry.realm,
    };
    const theirs = { ...ours, HOME: `${workspace.folder}/theirs`, REGISTRY_AUTH_FILE: workspace.path('auth.json') };
    const skopeo = async (env: Record<string, string>, ...argv: string[]): Promise<number | null> =>
      (await runProgram('skopeo', argv, workspace.folder, env)).code;

    const login = ['login', registry.host, '-u', 'me', '--password-stdin'];
    expect((await workspace.runIn({ env: ours, stdin: typed('right-password') }, ...login)).code).toBe(0);
    expect((await workspace.runIn({ env: ours }, 'push', '-a', 'doc.json', orders)).code).toBe(0);
    const copy = ['copy', '--src-tls-verify=false', `docker://${orders}`, 'oci:copied:v1.0.0'];
    expect(await skopeo(ours, ...copy)).toBe(0);
    expect(await skopeo(theirs, ...copy)).not.toBe(0);

    expect((await workspace.runIn({ env: theirs }, 'resolve', orders)).code).toBe(2);
    const signIn = ['login', '--tls-verify=false', '-u', 'me', '-p', 'right-password', registry.host];
    expect(await skopeo(theirs, ...signIn)).toBe(0);
    expect(JSON.parse(await readFile(theirs.REGISTRY_AUTH_FILE, 'utf8'))).toHaveProperty(['auths', registry.host]);
    const pulled = await workspace.runIn(
      { env: theirs },
      'pull',
      '-r',
      `oci://${registry.host}/team/orders`,
      '-t',
      'v1.0.0',
    );
    expect(pulled.bytes).toEqual(sample);
  });
});
