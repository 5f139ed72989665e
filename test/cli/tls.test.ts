import { createPrivateKey } from 'node:crypto';
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

  it('without verification is said to be, and stays TLS', async () => {
    const tls = { cert: tlsFixture('server.crt'), key: tlsFixture('server.key') };
    await using registry = await startRegistry({ tls, address: '127.0.0.2' });
    const place = `oci://${registry.host}/r`;
    await using workspace = await makeWorkspace({
      'manifest.yaml': `apiVersion: floe.dev/v1\nartifacts:\n  registry:\n    uri: ${place}\n    auth: { type: anonymous }\n    tls_verify: false\n`,
    });
    for (const argv of [
      ['list', place, '--insecure'],
      ['list', '--config', 'manifest.yaml'],
    ]) {
      const { code, stderr } = await workspace.run(...argv);
      expect([argv, code]).toEqual([argv, 3]);
      expect(stderr.match(/^warning: the certificate of .* is not verified/gm)).toHaveLength(1);
    }
    await using plain = await startRegistry();
    const refused = await workspace.run('list', `oci://${plain.host}/r`, '--insecure', '--max-attempts', '1');
    expect(refused.code).not.toBe(3);
    expect(plain.requests()).toEqual([]);
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

  it('takes no key that wants a passphrase, and says which file it is and what to do', async () => {
    const key = createPrivateKey(tlsFixture('client.key'));
    const cipher = 'aes-256-cbc';
    const forms = { pkcs8: { type: 'pkcs8', format: 'pem', cipher, passphrase: 'hidden-word' } } as const;
    const traditional =
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n';
    await using workspace = await makeWorkspace({
      ...certificates,
      'pkcs8.key': key.export(forms.pkcs8).toString(),
      'old.key': traditional,
    });
    for (const file of ['pkcs8.key', 'old.key']) {
      const result = await workspace.run(
        'list',
        'oci://127.0.0.1:1/r',
        '--json',
        '--cert',
        'client.crt',
        '--key',
        file,
      );
      expect([file, result.code]).toEqual([file, 64]);
      expect(errorOf(result)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: `"${file}" is not a value for --key.`,
        hint: expect.stringContaining(
          `without a passphrase, in a file that only you can read: umask 077; openssl pkey -in ${file}`,
        ),
      });
    }
  });
});
