import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publicAddress, readProvenance } from '../../src/floe/provenance.ts';

const run = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-provenance-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function git(...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  const { stdout } = await run('git', [...identity, ...args], { cwd: folder });
  return stdout.trim();
}

async function commit(): Promise<string> {
  await git('init', '--quiet');
  await writeFile(join(folder, 'file'), 'content');
  await git('add', 'file');
  await git('commit', '--quiet', '--message', 'A commit');
  return await git('rev-parse', 'HEAD');
}

describe('provenance', () => {
  it('is the revision, and the address of origin without its password, also from a folder below', async () => {
    const revision = await commit();
    await git('remote', 'add', 'origin', 'https://ada:hunter2@git.example/ports/tides.git');
    await mkdir(join(folder, 'target'));
    expect(await readProvenance(join(folder, 'target'))).toEqual({
      'org.opencontainers.image.revision': revision,
      'org.opencontainers.image.source': 'https://git.example/ports/tides.git',
    });
  });

  it('is the revision alone where there is no origin, or one on this machine', async () => {
    const revision = await commit();
    expect(await readProvenance(folder)).toEqual({ 'org.opencontainers.image.revision': revision });
    await git('remote', 'add', 'origin', '/srv/git/tides.git');
    expect(await readProvenance(folder)).toEqual({ 'org.opencontainers.image.revision': revision });
  });

  it('runs nothing that the repository asks for', async () => {
    await commit();
    const witness = join(folder, 'witness');
    await git('config', 'core.fsmonitor', `touch ${witness}`);
    await readProvenance(folder);
    await expect(run('ls', [witness])).rejects.toThrow();
  });

  it('is an error where there is no repository, no commit or no folder', async () => {
    const failure = { code: 'INVALID_ARGUMENT', details: { argument: 'provenance' } };
    await expect(readProvenance(folder)).rejects.toMatchObject(failure);
    await git('init', '--quiet');
    await expect(readProvenance(folder)).rejects.toMatchObject(failure);
    await expect(readProvenance(join(folder, 'nowhere'))).rejects.toMatchObject(failure);
  });

  it('can be cancelled', async () => {
    await expect(readProvenance(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('the address of a remote', () => {
  it.each([
    ['https://git.example/a/b.git', 'https://git.example/a/b.git'],
    ['https://token@git.example/a/b?x=1#y', 'https://git.example/a/b'],
    ['https://ada:hunter2@git.example:8443/a', 'https://git.example:8443/a'],
    ['ssh://git@git.example:22/a/b.git', 'ssh://git.example:22/a/b.git'],
    ['git@git.example:a/b.git', 'ssh://git.example/a/b.git'],
    ['git.example:a/b.git', 'ssh://git.example/a/b.git'],
    ['/srv/git/a.git', undefined],
    ['../a.git', undefined],
    ['C:\\git\\a', undefined],
    ['C:/git/a', undefined],
    ['file:///srv/git/a.git', undefined],
    ['ext::sh -c whatever', undefined],
    ['', undefined],
  ])('%s is shown as %s', (remote, shown) => {
    expect(publicAddress(remote)).toBe(shown);
  });
});
