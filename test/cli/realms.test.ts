import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serve, type TestServer, tlsFixture } from '../support/transportServer.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const PASSWORD = 'right-password';
const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

/** A server that says yes to every password. */
async function tokenServer(certificate?: string): Promise<TestServer> {
  const server = await serve((_, response) => response.end('{"token":"granted"}'), certificate ? { certificate } : {});
  cleanup.push(() => server.close());
  return server;
}

/** A registry without tags that takes `Bearer granted`, and names the token server that it is told to. */
async function registryNaming(tokens: TestServer, certificate?: string) {
  const state = { tokens };
  const server = await serve(
    ({ headers }, response) => {
      response.setHeader('content-type', 'application/json');
      if (headers.authorization === 'Bearer granted') response.end('{"name":"team/orders","tags":[]}');
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="${state.tokens.url}token"` }).end('{}');
    },
    certificate ? { certificate } : {},
  );
  cleanup.push(() => server.close());
  return Object.assign(state, { host: server.host });
}

const credential = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: PASSWORD };
const certificates = { 'ca.crt': tlsFixture('ca.crt') };

function envIn(workspace: Workspace, more: Readonly<Record<string, string>> = {}): { env: Record<string, string> } {
  return { env: { ...credential, XDG_STATE_HOME: workspace.path('state'), ...more } };
}

describe('a token server on another host', () => {
  async function setUp() {
    const workspace = await makeWorkspace(certificates);
    cleanup.push(async () => workspace[Symbol.asyncDispose]());
    const [first, second] = [await tokenServer('server'), await tokenServer('server')];
    const registry = await registryNaming(first, 'server');
    const list = ['list', `oci://${registry.host}/team/orders`, '--ca-file', 'ca.crt', '--max-attempts', '1', '--json'];
    const folder = workspace.path('state/floe/oci/realms');
    return { workspace, first, second, registry, list, folder };
  }

  it('is trusted the first time by TLS, and remembered by the next command, which refuses another one', async () => {
    const { workspace, first, second, registry, list, folder } = await setUp();
    expect(await workspace.runIn(envIn(workspace), ...list)).toMatchObject({ code: 0, stderr: '' });
    const [file = ''] = await readdir(folder);
    expect(JSON.parse(await readFile(`${folder}/${file}`, 'utf8'))).toEqual({
      registry: registry.host,
      realm: first.url.origin,
    });
    expect((await stat(`${folder}/${file}`)).mode & 0o777).toBe(0o600);

    registry.tokens = second;
    const refused = await workspace.runIn(envIn(workspace), ...list);
    expect(refused.code).toBe(2);
    expect(errorOf(refused)).toMatchObject({
      code: 'REALM_REFUSED',
      hint: expect.stringContaining(`FLOE_REGISTRY_REALM=${second.url.origin}`),
      details: { registry: registry.host, from: first.url.origin, to: second.url.origin },
    });
    expect(second.requests).toHaveLength(0);
  });

  it('may change when FLOE_REGISTRY_REALM names it, which is remembered', async () => {
    const { workspace, second, registry, list } = await setUp();
    await workspace.runIn(envIn(workspace), ...list);
    registry.tokens = second;
    const told = envIn(workspace, { FLOE_REGISTRY_REALM: second.url.href });
    expect((await workspace.runIn(told, ...list)).code).toBe(0);
    expect((await workspace.runIn(envIn(workspace), ...list)).code).toBe(0);
  });

  it('may be no other than the one that FLOE_REGISTRY_REALM names, the first time either', async () => {
    const { workspace, first, second, list } = await setUp();
    const told = envIn(workspace, { FLOE_REGISTRY_REALM: second.url.origin });
    expect((await workspace.runIn(told, ...list)).code).toBe(2);
    expect(first.requests).toHaveLength(0);
    const wrong = await workspace.runIn(envIn(workspace, { FLOE_REGISTRY_REALM: 'https://a:b@x.example' }), ...list);
    expect([wrong.code, errorOf(wrong).code]).toEqual([64, 'INVALID_ARGUMENT']);
    expect(wrong.stderr).not.toContain('a:b');
  });

  it('that changes is asked about on a terminal, once, and nothing is sent before the yes', async () => {
    const { workspace, second, registry, list } = await setUp();
    await workspace.runIn(envIn(workspace), ...list);
    registry.tokens = second;
    const no = vi.fn(async () => false);
    expect((await workspace.runIn({ ...envIn(workspace), confirm: no }, ...list)).code).toBe(2);
    expect(no).toHaveBeenCalledTimes(1);
    expect(second.requests).toHaveLength(0);
    const yes = vi.fn(async () => true);
    expect((await workspace.runIn({ ...envIn(workspace), confirm: yes }, ...list)).code).toBe(0);
    expect(yes.mock.calls).toEqual([[expect.stringContaining(second.url.origin)]]);
    expect((await workspace.runIn(envIn(workspace), ...list)).code).toBe(0);
  });

  it('is forgotten with the credential', async () => {
    const { workspace, registry, list, folder } = await setUp();
    await workspace.runIn(envIn(workspace), ...list);
    const home = envIn(workspace, { HOME: workspace.path('home') });
    expect((await workspace.runIn(home, 'logout', registry.host)).code).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is remembered by many commands at once', async () => {
    const { workspace, first, list, folder } = await setUp();
    const results = await Promise.all(Array.from({ length: 5 }, () => workspace.runIn(envIn(workspace), ...list)));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    const files = await readdir(folder);
    expect(files).toHaveLength(1);
    expect(await readFile(`${folder}/${files[0]}`, 'utf8')).toContain(first.url.origin);
  });

  it('that cannot be remembered is said once, and nothing fails', async () => {
    const { workspace, list, folder } = await setUp();
    const broken = envIn(workspace, { XDG_STATE_HOME: workspace.path('doc.json') });
    const unwritable = await workspace.runIn(broken, ...list);
    expect(unwritable.code).toBe(0);
    expect(unwritable.stderr.match(/^warning: which token servers/gm)).toHaveLength(1);

    await workspace.runIn(envIn(workspace), ...list);
    const [file = ''] = await readdir(folder);
    for (const damaged of ['', '{"registry":', '[]', '{"registry":"x","realm":"javascript:0"}']) {
      await writeFile(`${folder}/${file}`, damaged);
      const result = await workspace.runIn(envIn(workspace), ...list);
      expect([result.code, result.stderr.match(/^warning: /gm)?.length]).toEqual([0, 1]);
      expect((await workspace.runIn(envIn(workspace), ...list)).stderr).toBe('');
    }
    await chmod(`${folder}/${file}`, 0o600);
  });
});

describe('a token server on another origin without TLS', () => {
  it('gets no password of a registry that is itself without, unless a person or the environment says so', async () => {
    await using workspace = await makeWorkspace();
    const tokens = await tokenServer();
    const registry = await registryNaming(tokens);
    const list = ['list', `oci://${registry.host}/team/orders`, '--max-attempts', '1', '--json'];
    const refused = await workspace.runIn(envIn(workspace), ...list);
    expect(refused.code).toBe(2);
    expect(errorOf(refused)).toMatchObject({
      code: 'REALM_REFUSED',
      message: expect.stringContaining('without TLS'),
      details: { from: null, to: tokens.url.origin },
    });
    expect(tokens.requests).toHaveLength(0);
    const asked = vi.fn(async () => true);
    expect((await workspace.runIn({ ...envIn(workspace), confirm: asked }, ...list)).code).toBe(0);
    expect(asked).toHaveBeenCalledTimes(1);
    expect((await workspace.runIn(envIn(workspace), ...list)).code).toBe(0);
  });
});
