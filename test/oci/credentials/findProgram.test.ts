import { chmod } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCredentialHelper } from '../../../src/oci/credentials/credentialHelper.ts';
import { findProgram } from '../../../src/oci/credentials/findProgram.ts';
import { makeFolder, removeFolder } from '../../support/fileTree.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeFolder({
    'a/tool.cmd': '',
    'b/tool.exe': '',
    'b/tool.com': '',
    'b/tool': '',
    'b/docker-credential-gcloud.cmd': 'echo never',
    'home/.docker/bin/tool': '',
    'c/data': '',
  });
  for (const name of ['a/tool.cmd', 'b/tool.exe', 'b/tool.com', 'b/tool', 'b/docker-credential-gcloud.cmd']) {
    await chmod(`${folder}/${name}`, 0o755);
  }
  await chmod(`${folder}/home/.docker/bin/tool`, 0o755);
});
afterEach(() => removeFolder(folder));

const at = (...names: readonly string[]): string => names.map((name) => `${folder}/${name}`).join(';');

describe('on Windows a program', () => {
  it('is looked for in one folder after the other, with the endings of PATHEXT', async () => {
    expect(await findProgram('tool', { PATH: at('b') }, 'win32')).toBe(`${folder}/b/tool.com`);
    expect(await findProgram('tool', { Path: at('b'), PATHEXT: '.EXE;.COM' }, 'win32')).toBe(`${folder}/b/tool.exe`);
    expect(await findProgram('tool', { PATH: at('a', 'b') }, 'win32')).toBe(`${folder}/a/tool.cmd`);
    expect(await findProgram('tool', { PATH: at('a', 'b'), PATHEXT: '.EXE' }, 'win32')).toBe(`${folder}/b/tool.exe`);
    expect(await findProgram('none', { PATH: at('a', 'b') }, 'win32')).toBeUndefined();
  });

  it('that is a batch file is not run, and the error says why', async () => {
    const options = { environment: { PATH: at('b') }, registry: 'gcr.io', platform: 'win32' } as const;
    await expect(runCredentialHelper('gcloud', 'get', 'gcr.io', options)).rejects.toMatchObject({
      code: 'MISSING_CREDENTIAL',
      details: { reference: 'docker-credential-gcloud', reason: expect.stringContaining('batch file') },
    });
  });
});

describe('elsewhere a program', () => {
  it('has no ending, may be executed, and is in no relative folder', async () => {
    expect(await findProgram('tool', { PATH: `b:.:${folder}/b` }, 'linux')).toBe(`${folder}/b/tool`);
    expect(await findProgram('data', { PATH: `${folder}/c` }, 'linux')).toBeUndefined();
  });

  it('may be where Docker Desktop puts it, on macOS', async () => {
    const environment = { PATH: '/nowhere', HOME: `${folder}/home` };
    expect(await findProgram('tool', environment, 'darwin')).toBe(`${folder}/home/.docker/bin/tool`);
    expect(await findProgram('tool', environment, 'linux')).toBeUndefined();
  });
});
