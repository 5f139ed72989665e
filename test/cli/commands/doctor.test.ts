import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startProxy } from '../../support/proxyServer.ts';
import { startRegistry } from '../../support/registry/index.ts';
import { closedPort, serve, tlsFixture } from '../../support/transportServer.ts';
import { type CliResult, errorOf } from '../support/runCli.ts';
import { makeWorkspace } from '../support/workspace.ts';

const auth = { username: 'me', password: 'right-password' };
const right = { FLOE_REGISTRY_USERNAME: 'me', FLOE_REGISTRY_PASSWORD: 'right-password' };
const wrong = { ...right, FLOE_REGISTRY_PASSWORD: 'wrong-password' };

afterEach(() => vi.unstubAllEnvs());

interface Reported {
  readonly status: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly causes: readonly string[];
}

/** The checks by name. */
function checksIn({ stdout }: CliResult): Record<string, Reported> {
  const { checks } = JSON.parse(stdout) as { checks: readonly (Reported & { name: string })[] };
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

describe('without a registry', () => {
  it('says what is true of this machine, and asks nobody', async () => {
    await using workspace = await makeWorkspace({ 'ca.crt': tlsFixture('ca.crt') });
    const env = {
      HOME: workspace.path('home'),
      HTTPS_PROXY: 'http://me:hidden-word@proxy.example:3128',
      NO_PROXY: '.internal',
      NODE_EXTRA_CA_CERTS: 'ca.crt',
    };
    const result = await workspace.runIn({ env }, 'doctor', '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({ registry: null, ok: true });
    const checks = checksIn(result);
    expect(Object.keys(checks)).toEqual([
      'Version',
      'manifest.yaml',
      'Sources',
      'Proxies',
      'Authorities',
      'Cache',
      'Token servers',
    ]);
    expect(checks['Version']?.facts).toMatchObject({ node: process.versions.node });
    expect(checks['Sources']?.text).toBe('environment, manifest, docker, podman, kubernetes, cloud, else anonymous');
    expect(checks['Proxies']).toMatchObject({
      text: 'HTTPS_PROXY http://proxy.example:3128 (with a user name); not for .internal',
    });
    expect(checks['Authorities']?.text).toContain('NODE_EXTRA_CA_CERTS ca.crt');
    expect(checks['Cache']?.facts).toMatchObject({ entries: 0 });
    expect(checks['Token servers']?.text).toContain('~/');
    expect(result.stdout).not.toMatch(/hidden-word|bWU6aGlkZGVu/);
    expect(result.stdout).not.toContain(`"${workspace.path('home')}`);
  });

  it('leaves the name of the home out of what lay underneath, too', async () => {
    await using workspace = await makeWorkspace({ home: 'a file' });
    const home = workspace.path('home');
    const named = ['r.invalid', '--ca-file', `${home}/ca.crt`];
    const result = await workspace.runIn({ env: { HOME: home } }, 'doctor', ...named, '--json');
    expect(checksIn(result)['Registry']?.causes.join()).toContain('~/ca.crt');
    expect(result.stdout).not.toContain(home);
  });

  it('warns of a cache that cannot be made, and leaves nothing where one can be', async () => {
    await using workspace = await makeWorkspace({ file: 'in the way' });
    const blocked = await workspace.run('doctor', '--json', '--cache-dir', workspace.path('file/cache'));
    expect(blocked).toMatchObject({ code: 0, stderr: '' });
    expect(checksIn(blocked)['Cache']).toMatchObject({ status: 'warning', facts: { code: 'FILE_NOT_WRITABLE' } });
    const free = await workspace.run('doctor', '--json', '--cache-dir', workspace.path('new/cache'));
    expect(checksIn(free)['Cache']?.status).toBe('ok');
    expect(await readdir(workspace.path('.'))).not.toContain('new');
  });

  it('warns of certificates that are not there, which Node says nothing of', async () => {
    await using workspace = await makeWorkspace({ 'no.pem': 'text' });
    for (const file of ['missing.pem', 'no.pem']) {
      const result = await workspace.runIn({ env: { NODE_EXTRA_CA_CERTS: file } }, 'doctor');
      expect(result.code).toBe(0);
      expect(result.stdout).toMatch(new RegExp(`^warning Authorities .*${file}`, 'm'));
    }
  });

  it('tells everything else when a setting is wrong, and then fails for that', async () => {
    await using workspace = await makeWorkspace({
      'manifest.yaml': 'apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: 5\n',
    });
    const broken = await workspace.run('doctor');
    expect(broken.code).toBe(65);
    expect(broken.stdout).toMatch(/^FAILED {2}manifest\.yaml/m);
    expect(broken.stdout).toMatch(/^ok +Token servers|^\? +Token servers/m);
    await using empty = await makeWorkspace();
    const proxy = await empty.runIn({ env: { HTTPS_PROXY: 'ftp://hidden-word' } }, 'doctor', 'r.example');
    expect(proxy.code).toBe(64);
    expect(proxy.stdout + proxy.stderr).not.toContain('hidden-word');
  });
});

describe('with a registry', () => {
  it.each(['basic', 'bearer'] as const)('says who we are to it and what it can do: %s', async (scheme) => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ auth: { ...auth, scheme } });
    registry.repository('team/orders');
    const result = await workspace.runIn({ env: right }, 'doctor', registry.host, '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const checks = checksIn(result);
    expect(checks['Credential']).toMatchObject({ text: 'FLOE_REGISTRY_USERNAME, user me', facts: { kind: 'basic' } });
    expect(checks['Proxy']?.text).toBe('none on the way');
    expect(checks['Registry']).toMatchObject({ status: 'ok', facts: { url: `http://${registry.host}/v2/` } });
    expect(checks['Sign-in']?.text).toBe('the credential is accepted');
    expect(checks['Catalog']?.facts).toEqual({ catalog: 'open' });
    expect(checks['Referrers']?.facts).toEqual({ referrers: 'api' });
    expect(checks['Circuit']?.facts).toMatchObject({ state: 'closed', failures: 0 });
    expect(result.stdout).not.toMatch(/right-password|team\/orders/);
    expect(registry.requests().length).toBeLessThanOrEqual(10);
  });

  it('that is open says so, and a repository that is named is asked for its referrers', async () => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ quirks: { referrersApi: false } });
    registry.fail({ path: /_catalog/, fault: { kind: 'status', status: 404 } });
    const result = await workspace.run('doctor', registry.host, '--json');
    expect(checksIn(result)).toMatchObject({
      Credential: { facts: { source: null } },
      'Sign-in': { text: 'nobody is asked who they are' },
      Catalog: { facts: { catalog: 'none' } },
      Referrers: { status: 'unknown' },
    });
    const named = await workspace.run('doctor', `oci://${registry.host}/team/orders`, '--json');
    expect(checksIn(named)['Referrers']?.facts).toEqual({ referrers: 'tags' });
  });

  it.each(['basic', 'bearer'] as const)('sends a wrong password once, and exits with 2: %s', async (scheme) => {
    await using workspace = await makeWorkspace();
    await using registry = await startRegistry({ auth: { ...auth, scheme } });
    const result = await workspace.runIn({ env: wrong }, 'doctor', registry.host, '--json');
    expect(result.code).toBe(2);
    expect(errorOf(result).code).toBe('UNAUTHORIZED');
    expect(checksIn(result)).toMatchObject({ Registry: { status: 'ok' }, 'Sign-in': { status: 'failed' } });
    const sent = registry.requests().filter(({ headers }) => headers['authorization'] !== undefined);
    expect(sent).toHaveLength(1);
    expect(result.stdout + result.stderr).not.toContain('wrong-password');
  });

  it('that is not there is exit 5 with the reason and its causes', async () => {
    await using workspace = await makeWorkspace();
    const { host } = await closedPort();
    const result = await workspace.run('doctor', host, '--json');
    expect([result.code, errorOf(result).code]).toEqual([5, 'REGISTRY_UNAVAILABLE']);
    const { Registry, 'Sign-in': signIn } = checksIn(result);
    expect(Registry).toMatchObject({ status: 'failed', text: expect.stringContaining('refused') });
    expect(Registry?.causes.join()).toContain('ECONNREFUSED');
    expect(signIn).toBeUndefined();
  });

  it('whose certificate is not trusted shows who made it', async () => {
    await using workspace = await makeWorkspace({ 'ca.crt': tlsFixture('ca.crt') });
    const tls = { cert: tlsFixture('server.crt'), key: tlsFixture('server.key') };
    await using registry = await startRegistry({ tls, address: '127.0.0.2' });
    const untrusted = await workspace.run('doctor', registry.host, '--no-plain-http', '--json');
    expect([untrusted.code, errorOf(untrusted).code]).toEqual([5, 'TLS_FAILED']);
    expect(errorOf(untrusted).hint).toContain('NODE_EXTRA_CA_CERTS');
    expect(checksIn(untrusted)['Certificate']).toMatchObject({
      status: 'warning',
      facts: { protocol: 'TLSv1.3', objection: expect.stringMatching(/ISSUER|VERIFY|SELF_SIGNED/) },
    });
    const trusted = await workspace.run('doctor', registry.host, '--ca-file', 'ca.crt', '--json');
    expect(trusted.code).toBe(0);
    expect(checksIn(trusted)['Certificate']?.status).toBe('ok');
    const insecure = await workspace.run('doctor', registry.host, '--insecure');
    expect(insecure.stdout).toMatch(/^warning Certificate .*accepted all the same/m);
  });

  it('behind a proxy names the proxy, and leaves the name to it', async () => {
    await using workspace = await makeWorkspace({ 'ca.crt': tlsFixture('ca.crt') });
    const home = await serve((_, response) => response.end('{}'), { certificate: 'other' });
    await using proxy = await startProxy({ target: home.url, user: 'me:hidden-word' });
    for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'NO_PROXY', 'HTTP_PROXY']) vi.stubEnv(name, undefined);
    const through = async (userInfo: string): Promise<CliResult> => {
      const HTTPS_PROXY = proxy.origin.replace('//', `//${userInfo}@`);
      // The connection reads the variables of the process.
      vi.stubEnv('HTTPS_PROXY', HTTPS_PROXY);
      const argv = ['doctor', 'registry.example', '--ca-file', 'ca.crt', '--json', '--verbose'];
      return workspace.runIn({ env: { HTTPS_PROXY } }, ...argv);
    };
    try {
      const let_through = await through('me:hidden-word');
      expect(let_through.code).toBe(0);
      expect(checksIn(let_through)['Proxy']?.facts).toEqual({ origin: proxy.origin, variable: 'HTTPS_PROXY' });
      expect(checksIn(let_through)['Name']).toBeUndefined();
      const refused = await through('me:other-hidden-word');
      expect(refused.code).toBe(5);
      expect(refused.stdout).toContain('PROXY_REFUSED');
      for (const { stdout, stderr } of [let_through, refused]) expect(stdout + stderr).not.toMatch(/hidden-word/);
    } finally {
      await home.close();
    }
  });

  it('of manifest.yaml is looked at when none is named, and gets no secret that nobody has meant for it', async () => {
    await using registry = await startRegistry({ auth });
    await using workspace = await makeWorkspace({
      'manifest.yaml': `apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: oci://${registry.host}/team/orders\n    auth: { type: basic, credentials_ref: { source: env, name: robot } }\n`,
    });
    const suspect = await workspace.runIn({ env: right }, 'doctor', '--json');
    expect(suspect.code).toBe(2);
    expect(checksIn(suspect)['Credential']).toMatchObject({ status: 'failed', facts: { code: 'MISSING_CREDENTIAL' } });
    expect(registry.requests().every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
    const meant = { ...right, FLOE_REGISTRY_HOST: registry.host };
    expect((await workspace.runIn({ env: meant }, 'doctor', '--json')).code).toBe(0);
    expect((await workspace.runIn({ env: right }, 'doctor', registry.host)).code).toBe(0);
  });

  it('that cannot be asked with what was given is told like everything else', async () => {
    await using workspace = await makeWorkspace();
    const result = await workspace.run('doctor', 'r.example', '--ca-file', 'missing.crt', '--json');
    expect([result.code, errorOf(result).code]).toEqual([66, 'FILE_NOT_FOUND']);
    expect(checksIn(result)).toMatchObject({ Version: { status: 'ok' }, Registry: { status: 'failed' } });
    const realm = await workspace.runIn({ env: { FLOE_REGISTRY_REALM: 'nowhere' } }, 'doctor', 'r.example', '--json');
    expect([realm.code, checksIn(realm)['Registry']?.facts['code']]).toEqual([64, 'INVALID_ARGUMENT']);
  });

  it('that is none is wrong usage, and so is one without asking anybody', async () => {
    await using workspace = await makeWorkspace();
    expect((await workspace.run('doctor', 'no host')).code).toBe(65);
    expect((await workspace.run('doctor', 'r.example', '--offline')).code).toBe(64);
    expect((await workspace.run('doctor', '--offline')).code).toBe(0);
  });
});
