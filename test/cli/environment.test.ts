import { expect, it } from 'vitest';
import { startProxy } from '../support/proxyServer.ts';
import { startRegistry } from '../support/registry/index.ts';
import { tlsFixture } from '../support/transportServer.ts';
import { runBinary } from './support/binary.ts';
import { makeWorkspace } from './support/workspace.ts';

/* What a process of its own takes from its environment. 127.0.0.2 is nobody's exception for loopback hosts. */

const tls = { cert: tlsFixture('server.crt'), key: tlsFixture('server.key') };

it('NODE_EXTRA_CA_CERTS is trusted, and an error without it names it', async () => {
  await using workspace = await makeWorkspace({ 'ca.crt': tlsFixture('ca.crt') });
  await using registry = await startRegistry({ tls, address: '127.0.0.2' });
  const list = ['list', `oci://${registry.host}/team/orders`, '--no-plain-http', '--max-attempts', '1'];
  const bare = await runBinary(list, { cwd: workspace.folder });
  expect(bare.code).toBe(5);
  expect(bare.stderr).toMatch(/not trusted here.*\nhint: .*--ca-file.*NODE_EXTRA_CA_CERTS/);
  const env = { NODE_EXTRA_CA_CERTS: workspace.path('ca.crt') };
  expect((await runBinary(list, { cwd: workspace.folder, env })).code).toBe(3);
});

it('HTTPS_PROXY is gone through with its user name and password, but for NO_PROXY', async () => {
  await using workspace = await makeWorkspace();
  await using registry = await startRegistry({ tls });
  await using proxy = await startProxy({ target: new URL(registry.url), user: 'me:proxy-p4ssw0rd' });
  const list = ['list', 'oci://registry.example/team/orders', '--insecure', '--max-attempts', '1', '--verbose'];
  const through = (userInfo: string): Record<string, string> => ({
    HTTPS_PROXY: proxy.origin.replace('//', `//${userInfo}@`),
  });
  const env = through('me:proxy-p4ssw0rd');
  expect((await runBinary(list, { cwd: workspace.folder, env })).code).toBe(3);
  expect(proxy.asked).toEqual(['CONNECT registry.example:443']);
  const refused = await runBinary(list, { cwd: workspace.folder, env: through('me:other-p4ssw0rd') });
  expect(refused.code).toBe(5);
  expect(refused.stderr).toMatch(/answered 407.*\nhint: .*HTTPS_PROXY.*USER:PASSWORD/);
  expect(refused.stderr).not.toContain('p4ssw0rd');
  const asked = proxy.asked.length;
  const passedBy = { ...env, NO_PROXY: '.example' };
  expect((await runBinary([...list, '--timeout', '5'], { cwd: workspace.folder, env: passedBy })).code).toBe(5);
  expect(proxy.asked).toHaveLength(asked);
});
