import { describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { tlsFixture } from '../support/transportServer.ts';
import { errorOf } from './support/runCli.ts';
import { makeWorkspace, type Workspace } from './support/workspace.ts';

const certificates = {
  'ca.crt': tlsFixture('ca.crt'),
  'client.crt': tlsFixture('client.crt'),
  'client.key': tlsFixture('client.key'),
};

/** Lists a repository that does not exist: exit 3 says that the registry was reached. */
async function list(registry: TestRegistry, workspace: Workspace, ...options: readonly string[]): Promise<number> {
  const argv = ['list', `oci://${registry.host}/r`, '--max-attempts', '1', ...options];
  return (await workspace.run(...argv)).code;
}

describe('TLS', () => {
  it('is spoken to a loopback host when an option of it is given', async () => {
    await using workspace = await makeWorkspace(certificates);
    const tls = { cert: tlsFixture('server.crt'), key: tlsFixture('server.key') };
    await using registry = await startRegistry({ tls, address: '127.0.0.2' });
    expect(await list(registry, workspace)).not.toBe(3);
    expect(await list(registry, workspace, '--no-plain-http')).toBe(5);
    expect(await list(registry, workspace, '--insecure')).toBe(3);
    expect(await list(registry, workspace, '--ca-file', 'ca.crt')).toBe(3);
    expect(await list(registry, workspace, '--plain-http')).not.toBe(3);
  });

  it('shows the client certificate that a registry asks for', async () => {
    await using workspace = await makeWorkspace(certificates);
    const tls = { cert: tlsFixture('server.crt'), key: tlsFixture('server.key'), clientCa: tlsFixture('ca.crt') };
    await using registry = await startRegistry({ tls, address: '127.0.0.2' });
    const own = ['--cert', 'client.crt', '--key', 'client.key'];
    expect(await list(registry, workspace, '--ca-file', 'ca.crt')).toBe(5);
    expect(await list(registry, workspace, '--ca-file', 'ca.crt', ...own)).toBe(3);
  });

  it('needs files that are there and are PEM', async () => {
    await using workspace = await makeWorkspace({
      ...certificates,
      'no.pem': 'text',
      'empty.pem': '-----BEGIN NOTHING',
    });
    const code = async (...options: string[]): Promise<readonly unknown[]> => {
      const result = await workspace.run('list', 'oci://127.0.0.1:1/r', '--json', '--max-attempts', '1', ...options);
      return [result.code, errorOf(result).code];
    };
    expect(await code('--ca-file', 'missing.crt')).toEqual([66, 'FILE_NOT_FOUND']);
    expect(await code('--ca-file', '.')).toEqual([66, 'FILE_NOT_READABLE']);
    expect(await code('--ca-file', 'no.pem')).toEqual([64, 'INVALID_ARGUMENT']);
    expect(await code('--cert', 'client.crt', '--key', 'client.crt')).toEqual([64, 'INVALID_ARGUMENT']);
  });
});
