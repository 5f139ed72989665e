import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCredentialHelper } from '../../../src/oci/credentials/credentialHelper.ts';
import { fileCredentials } from '../../../src/oci/credentials/fileCredentials.ts';
import { silentLogger } from '../../../src/oci/telemetry/logger.ts';
import { makeHelpers } from '../../support/credentialHelper.ts';
import { failure } from '../../support/failure.ts';
import { makeFolder, removeFolder, writeTree } from '../../support/fileTree.ts';

const ALICE = '{"ServerURL":"r.example","Username":"alice","Secret":"hunter2"}';

describe('a credential helper', () => {
  it('is given the registry on its standard input, and answers on its output', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('own', `[ "$#" = 1 ] && [ "$1" = get ] && [ "$(cat)" = r.example ] && echo '${ALICE}'`);
    const options = { environment: { PATH: helpers.path }, registry: 'r.example' };
    expect(await runCredentialHelper('own', 'get', 'r.example', options)).toBe(`${ALICE}\n`);
  });

  it('that knows nothing says so, in any of the usual ways', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('stdout', "cat >/dev/null; echo 'credentials not found in native keychain'; exit 1");
    await helpers.add('stderr', "echo 'Error: credentials not found in native keychain' >&2; exit 1");
    const options = { environment: { PATH: helpers.path }, registry: 'r.example' };
    for (const name of ['stdout', 'stderr']) {
      expect(await runCredentialHelper(name, 'get', 'r.example', options)).toBeUndefined();
    }
  });

  it('that fails is named, with its registry and its words', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('locked', "echo 'the keychain is locked'; exit 3");
    const options = { environment: { PATH: helpers.path }, registry: 'r.example' };
    await expect(runCredentialHelper('locked', 'get', 'r.example', options)).rejects.toEqual(
      failure('MISSING_CREDENTIAL', {
        reference: 'docker-credential-locked',
        reason: expect.stringMatching(/code 3: the keychain is locked, when asked for r\.example$/),
      }),
    );
    await expect(runCredentialHelper('absent', 'get', 'r.example', options)).rejects.toEqual(
      failure('MISSING_CREDENTIAL', { reason: expect.stringContaining('no such program') }),
    );
  });

  it('that fails with a secret in its answer is not quoted', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('talks', `echo '${ALICE}'; exit 1`);
    await helpers.add('echoes', "sed 's/.*Secret.:.\\([^\"]*\\).*/\\1/'; exit 1");
    const options = { environment: { PATH: helpers.path }, registry: 'r.example' };
    for (const [name, action] of [
      ['talks', 'get'],
      ['echoes', 'store'],
    ] as const) {
      const error = await runCredentialHelper(name, action, ALICE, options).catch((reason: unknown) => reason);
      expect(error).toEqual(failure('MISSING_CREDENTIAL'));
      expect(JSON.stringify(error)).not.toContain('hunter2');
    }
  });

  it.each(['../evil', 'a b', '$(touch x)', 'x;y', '/bin/sh', 'Upper', '', 'a\nb'])(
    'named %j is not run',
    async (name) => {
      await using helpers = await makeHelpers();
      const options = { environment: { PATH: helpers.path }, registry: 'r.example' };
      await expect(runCredentialHelper(name, 'get', 'r.example', options)).rejects.toEqual(
        failure('MISSING_CREDENTIAL'),
      );
    },
  );

  it('is looked for in absolute folders alone, and must be a program', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('own', 'echo {}');
    for (const path of ['.', '', 'relative', undefined]) {
      const options = { environment: { PATH: path }, registry: 'r.example' };
      await expect(runCredentialHelper('own', 'get', 'r.example', options)).rejects.toEqual(
        failure('MISSING_CREDENTIAL'),
      );
    }
    await chmod(join(helpers.folder, 'docker-credential-own'), 0o644);
    const options = { environment: { PATH: helpers.path }, registry: 'r.example' };
    await expect(runCredentialHelper('own', 'get', 'r.example', options)).rejects.toEqual(
      failure('MISSING_CREDENTIAL'),
    );
  });

  it('that takes too long, never stops talking, or is no longer wanted is ended', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('slow', 'echo $$ >&2; exec sleep 60');
    await helpers.add('loud', 'exec yes');
    const options = { environment: { PATH: helpers.path }, registry: 'r.example' };
    await expect(runCredentialHelper('slow', 'get', '', { ...options, timeoutSeconds: 0.2 })).rejects.toEqual(
      failure('MISSING_CREDENTIAL', { reason: expect.stringContaining('0.2 seconds') }),
    );
    await expect(runCredentialHelper('loud', 'get', '', options)).rejects.toEqual(
      failure('MISSING_CREDENTIAL', { reason: expect.stringContaining('bytes') }),
    );
    const abort = new AbortController();
    const running = runCredentialHelper('slow', 'get', '', { ...options, signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(running).rejects.toEqual(failure('CANCELLED'));
  });

  it('does not get our secrets, nor what would change Node', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('own', 'env');
    const secrets = { FLOE_REGISTRY_TOKEN: 'a', FLOE_REGISTRY_PASSWORD: 'a', FLOE_SECRET_X: 'a', NODE_OPTIONS: '--x' };
    const environment = { PATH: helpers.path, HOME: '/home/me', ...secrets };
    const output = await runCredentialHelper('own', 'get', '', { environment, registry: 'r.example' });
    expect(output).toContain('HOME=/home/me');
    expect(output).not.toMatch(/FLOE_|NODE_OPTIONS/);
  });
});

describe('a configuration file with helpers', () => {
  async function configured(config: object, path: string) {
    const folder = await makeFolder({ 'config.json': JSON.stringify(config) });
    const warn = vi.fn();
    const source = fileCredentials(join(folder, 'config.json'), {
      environment: { PATH: path },
      logger: { ...silentLogger, warn },
    });
    return { source, warn, folder, [Symbol.asyncDispose]: () => removeFolder(folder) };
  }
  const inFile = { auth: Buffer.from('file:x').toString('base64') };

  it("asks the registry's own before the store, and the file last", async () => {
    await using helpers = await makeHelpers();
    for (const name of ['own', 'store']) await helpers.addStore(name);
    await helpers.add('own', `cat >/dev/null; echo '${ALICE}'`);
    const config = {
      credHelpers: { 'r.example': 'own', 'file.example': '' },
      credsStore: 'store',
      auths: { 'file.example': inFile, 'left.example': inFile },
    };
    await using file = await configured(config, helpers.path);
    expect(await file.source.credentialFor('r.example')).toMatchObject({
      username: 'alice',
      source: 'docker-credential-own',
    });
    expect(await file.source.credentialFor('file.example')).toMatchObject({ username: 'file' });
    expect(await helpers.calls()).toEqual([]);
    expect(await file.source.credentialFor('left.example')).toMatchObject({ username: 'file' });
    expect(await helpers.calls()).toEqual(['get left.example', 'get https://left.example']);
  });

  it("asks for Docker Hub by Docker's name for it", async () => {
    await using helpers = await makeHelpers();
    await helpers.addStore('store');
    await using file = await configured({ credsStore: 'store' }, helpers.path);
    expect(await file.source.credentialFor('docker.io')).toBeUndefined();
    expect(await helpers.calls()).toEqual(['get https://index.docker.io/v1/', 'get docker.io']);
  });

  it('takes the user name <token> for an identity token, and empty answers for none', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('token', `echo '{"Username":"<token>","Secret":"refresh"}'`);
    await helpers.add('empty', `echo '{"Username":"","Secret":""}'`);
    await using file = await configured({ credHelpers: { 't.example': 'token', 'e.example': 'empty' } }, helpers.path);
    expect(await file.source.credentialFor('t.example')).toEqual({
      kind: 'identityToken',
      token: 'refresh',
      source: 'docker-credential-token',
    });
    expect(await file.source.credentialFor('e.example')).toBeUndefined();
  });

  it('does not repeat an answer that cannot be read', async () => {
    await using helpers = await makeHelpers();
    await helpers.add('odd', "echo 'hunter2'");
    await using file = await configured({ credHelpers: { 'r.example': 'odd' } }, helpers.path);
    const error = await file.source.credentialFor('r.example').catch((reason: unknown) => reason);
    expect(error).toEqual(failure('MISSING_CREDENTIAL', { reference: 'docker-credential-odd' }));
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('is asked once by many at the same time, remembers the answer, and is asked again when it was refused', async () => {
    await using helpers = await makeHelpers();
    await helpers.addStore('store');
    await using file = await configured({ credsStore: 'store' }, helpers.path);
    await writeTree(helpers.folder, { 'kept/r.example': ALICE });
    const all = await Promise.all(Array.from({ length: 20 }, () => file.source.credentialFor('r.example')));
    expect(new Set(all.map((one) => one?.username))).toEqual(new Set(['alice']));
    await file.source.credentialFor('r.example', { repository: 'a/b' });
    expect(await helpers.calls()).toEqual(['get r.example']);
    await file.source.credentialFor('r.example', { isRefused: true });
    expect(await helpers.calls()).toEqual(['get r.example', 'get r.example']);
  });

  it('fails with a broken store only where the file says that the store has the credential', async () => {
    await using file = await configured({ credsStore: 'absent', auths: { 'r.example': {} } }, '/nowhere');
    await expect(file.source.credentialFor('r.example')).rejects.toEqual(failure('MISSING_CREDENTIAL'));
    expect(await file.source.credentialFor('other.example')).toBeUndefined();
    expect(file.warn).toHaveBeenCalledWith(
      'credential_helper_failed',
      expect.objectContaining({ registry: 'other.example' }),
    );
  });
});
