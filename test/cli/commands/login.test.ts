import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makeHelpers } from '../../support/credentialHelper.ts';
import { startDockerRegistry } from '../../support/dockerRegistry.ts';
import { startRegistry } from '../../support/registry/index.ts';
import { startTokenServer } from '../../support/tokenServer.ts';
import { errorOf } from '../support/runCli.ts';
import { makeWorkspace, sample, type Workspace } from '../support/workspace.ts';

const PASSWORD = 'right-password';
const users = { me: PASSWORD };
const auth = { username: 'me', password: PASSWORD };
const ENCODED = Buffer.from(`me:${PASSWORD}`).toString('base64');
const SECRETS = new RegExp(`${PASSWORD}|${ENCODED}`);

const typed = (text: string): AsyncIterable<string> =>
  (async function* () {
    yield text;
  })();

function homeIn({ folder }: Workspace): { readonly env: { readonly HOME: string; readonly PATH: string } } {
  return { env: { HOME: `${folder}/home`, PATH: '/usr/bin:/bin' } };
}

const configOf = ({ folder }: Workspace): Promise<string> => readFile(`${folder}/home/.docker/config.json`, 'utf8');

describe.each(['htpasswd', 'tokens'])('a real registry with %s', (kind) => {
  async function start() {
    const tokens = await startTokenServer({ users });
    const registry = await startDockerRegistry(
      kind === 'tokens' ? { config: { auth: tokens.registryAuth } } : { users },
    );
    const close = async (): Promise<void> => {
      await registry[Symbol.asyncDispose]();
      await tokens[Symbol.asyncDispose]();
    };
    return { host: registry.host, tokens, [Symbol.asyncDispose]: close };
  }

  it('is signed in to with a password that works, is used from then on, and signed out of', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await start();
    const home = homeIn(workspace);
    // The token server is another one, without TLS: the first command says that it may get the password.
    const first = { env: { ...home.env, FLOE_REGISTRY_REALM: registry.tokens.url.href } };
    const login = ['login', registry.host, '-u', 'me', '--password-stdin'];
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];

    const wrong = await workspace.runIn({ ...first, stdin: typed('wrong\n') }, ...login, '--json');
    expect([wrong.code, errorOf(wrong).code]).toEqual([2, 'UNAUTHORIZED']);
    await expect(configOf(workspace)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await workspace.runIn(home, 'push', '-a', 'doc.json', ...place)).code).toBe(2);

    const right = await workspace.runIn({ ...first, stdin: typed(`${PASSWORD}\n`) }, ...login);
    expect(right).toMatchObject({ code: 0, stdout: `Signed in to ${registry.host} as me.\n` });
    expect(right.stderr).toMatch(/^warning: the password is kept in .*config\.json, which is not encrypted/);
    expect(JSON.parse(await configOf(workspace))).toEqual({ auths: { [registry.host]: { auth: ENCODED } } });
    expect((await stat(`${workspace.folder}/home/.docker/config.json`)).mode & 0o777).toBe(0o600);

    expect((await workspace.runIn(home, 'push', '-a', 'doc.json', ...place)).code).toBe(0);
    const pulled = await workspace.runIn(home, 'pull', ...place, '--verbose');
    expect(pulled.bytes).toEqual(sample);
    expect(pulled.stderr).toMatch(
      new RegExp(`^debug: credential registry=${registry.host} source=\\S+config.json username=me$`, 'm'),
    );
    for (const { stdout, stderr } of [wrong, right, pulled]) expect(stdout + stderr).not.toMatch(SECRETS);

    expect(await workspace.runIn(home, 'logout', registry.host)).toMatchObject({
      code: 0,
      stdout: `Signed out of ${registry.host}.\n`,
    });
    expect(JSON.parse(await configOf(workspace))).toEqual({ auths: {} });
    expect((await workspace.runIn(home, 'pull', ...place, '--refresh')).code).toBe(2);
    const again = await workspace.runIn(home, 'logout', registry.host, '--json');
    expect(JSON.parse(again.stdout)).toEqual({ registry: registry.host, isRemoved: false });
  });
});

describe.each(['the file', 'the store'])('an identity token that the token server gives, in %s', (where) => {
  it('is kept in the place of the password, and is what is used from then on', async () => {
    const identityToken = 'identity-of-me-0123456789';
    await using tokens = await startTokenServer({ users, identityToken });
    await using registry = await startDockerRegistry({ config: { auth: tokens.registryAuth } });
    await using helpers = await makeHelpers();
    await helpers.addStore('test');
    await using workspace = await makeWorkspace(
      where === 'the store' ? { 'home/.docker/config.json': '{"credsStore":"test"}' } : {},
    );
    const env = { ...homeIn(workspace).env, PATH: helpers.path };
    const first = { ...env, FLOE_REGISTRY_REALM: tokens.url.href };
    const login = ['login', registry.host, '-u', 'me', '--password-stdin', '--json'];

    const wrong = await workspace.runIn({ env: first, stdin: typed('wrong') }, ...login);
    expect(wrong.code).toBe(2);
    const result = await workspace.runIn({ env: first, stdin: typed(PASSWORD) }, ...login);
    expect(JSON.parse(result.stdout)).toMatchObject({ username: 'me', kind: 'identityToken' });
    expect(result.stdout + result.stderr).not.toContain(identityToken);
    const entry = { auth: Buffer.from('me:').toString('base64'), identitytoken: identityToken };
    expect(JSON.parse(await configOf(workspace)).auths).toEqual({
      [registry.host]: where === 'the store' ? {} : entry,
    });
    expect(result.stderr.includes('the identity token is kept in')).toBe(where === 'the file');

    const before = tokens.asked.length;
    const place = ['-r', `oci://${registry.host}/team/orders`, '-t', 'v1.0.0'];
    expect((await workspace.runIn({ env }, 'push', '-a', 'doc.json', ...place)).code).toBe(0);
    const used = tokens.asked.slice(before);
    expect(used.map(({ method, authorization }) => [method, authorization])).toEqual(
      used.map(() => ['POST', undefined]),
    );
    expect(used.map(({ parameters }) => parameters.get('refresh_token'))).toContain(identityToken);
    expect((await workspace.runIn({ env }, 'logout', registry.host)).stdout).toContain('Signed out');
    expect((await workspace.runIn({ env }, 'pull', ...place, '--refresh')).code).toBe(2);
  });
});

describe('signing in', () => {
  it('asks a person for what is missing, and shows no password', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ auth });
    const asked: unknown[] = [];
    const ask = async (question: string, { isHidden }: { readonly isHidden: boolean }): Promise<string> => {
      asked.push([question, isHidden]);
      return isHidden ? PASSWORD : 'me';
    };
    const result = await workspace.runIn({ ...homeIn(workspace), ask }, 'login', registry.host, '--json');
    expect(asked).toEqual([
      ['User name: ', false],
      ['Password: ', true],
    ]);
    expect(JSON.parse(result.stdout)).toEqual({
      registry: registry.host,
      username: 'me',
      kind: 'basic',
      savedIn: `${workspace.folder}/home/.docker/config.json`,
      isEncrypted: false,
    });
    expect(result.stdout + result.stderr).not.toMatch(SECRETS);
  });

  it.each([
    [['login', 'r.example', '-u', 'me'], 'no terminal'],
    [['login', 'r.example', '--password-stdin'], 'without a user name'],
    [['login', 'r.example', '-u', 'a:b', '--password-stdin'], 'not a user name'],
    [['login', 'r.example', '-u', 'me', '--password-stdin'], 'no password on standard input'],
    [['login'], 'argument'],
    [['login', 'r.example', '-p', 'hunter2'], "'-p'"],
    [['login', 'r.example', '--password=hunter2'], "'--password'"],
  ])('%j is wrong usage', async (argv, words) => {
    await using workspace = await makeWorkspace();
    const result = await workspace.runIn({ ...homeIn(workspace), stdin: typed('') }, ...argv);
    expect(result).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(words) });
    expect(result.stderr).not.toContain('hunter2');
  });

  it('to something that is no host, or with no place to keep it, is said before a password is asked for', async () => {
    await using workspace = await makeWorkspace();
    const login = ['login', 'https://r.example', '-u', 'me', '--password-stdin', '--json'];
    expect(errorOf(await workspace.runIn(homeIn(workspace), ...login)).code).toBe('INVALID_REFERENCE');
    const homeless = await workspace.run('login', 'r.example', '-u', 'me', '--password-stdin', '--json');
    expect(errorOf(homeless)).toMatchObject({ code: 'WRONG_USAGE', hint: expect.stringContaining('DOCKER_CONFIG') });
  });

  it('takes no more for a password than one can be, and waits for none longer than wanted', async () => {
    await using workspace = await makeWorkspace();
    const login = ['login', 'r.example', '-u', 'me', '--password-stdin'];
    const endless = await workspace.runIn({ ...homeIn(workspace), stdin: typed('x'.repeat(70_000)) }, ...login);
    expect(endless).toMatchObject({ code: 64, stderr: expect.stringContaining('more than a password') });
    const abort = new AbortController();
    const silent = (async function* () {
      abort.abort();
      yield await new Promise<string>(() => {});
    })();
    const waiting = await workspace.runIn({ ...homeIn(workspace), stdin: silent, signal: abort.signal }, ...login);
    expect(waiting.code).toBe(130);
  });

  it('that nobody answers is cancelled', async () => {
    await using workspace = await makeWorkspace();
    const world = { ...homeIn(workspace), ask: async () => undefined };
    expect((await workspace.runIn(world, 'login', 'r.example')).code).toBe(130);
  });

  it('to a registry that asks for nothing says that nothing was checked', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry();
    const world = { ...homeIn(workspace), stdin: typed('x') };
    const result = await workspace.runIn(world, 'login', registry.host, '-u', 'me', '--password-stdin');
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('could not be checked') });
  });

  it('keeps the password in the store that Docker uses, and out of every file', async () => {
    await using workspace = await makeWorkspace({ 'home/.docker/config.json': '{"credsStore":"test","x":[1]}' });
    await using registry = await startRegistry({ auth });
    await using helpers = await makeHelpers();
    await helpers.addStore('test');
    const env = { ...homeIn(workspace).env, PATH: helpers.path };
    const login = ['login', registry.host, '-u', 'me', '--password-stdin'];
    const result = await workspace.runIn({ env, stdin: typed(PASSWORD) }, ...login);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(await configOf(workspace))).toEqual({
      credsStore: 'test',
      x: [1],
      auths: { [registry.host]: {} },
    });
    expect((await workspace.runIn({ env }, 'list', `oci://${registry.host}/r`)).code).toBe(3);
    expect((await workspace.runIn({ env }, 'logout', registry.host)).stdout).toContain('Signed out');
    expect((await workspace.runIn({ env }, 'list', `oci://${registry.host}/r`)).code).toBe(2);
  });
});

describe('signing out', () => {
  it("says what another client's file still has", async () => {
    const file = JSON.stringify({ auths: { 'r.example': { auth: ENCODED } } });
    await using workspace = await makeWorkspace({ 'podman.json': file, 'home/.docker/config.json': file });
    const env = { ...homeIn(workspace).env, REGISTRY_AUTH_FILE: workspace.path('podman.json') };
    const result = await workspace.runIn({ env }, 'logout', 'r.example');
    expect(result).toMatchObject({ code: 0, stdout: 'Signed out of r.example.\n' });
    expect(result.stderr).toBe(`warning: ${workspace.path('podman.json')} still has a credential for r.example\n`);
  });
});
