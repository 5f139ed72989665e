import { execFileSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../support/fileTree.ts';
import { startRegistry, type TestRegistry } from '../support/registry/index.ts';
import { dist, type ProcessResult, runProgram } from './support/binary.ts';
import { makeWorkspace, sample, type Workspace } from './support/workspace.ts';

const isRoot = process.getuid?.() === 0;
const [OWN_USER, OWN_GROUP] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];

/** Who may be somebody else is two users who share a group; who may not is himself, twice. */
const USERS = isRoot ? [20_001, 20_002] : [OWN_USER, OWN_USER];
const GROUP = isRoot ? 30_000 : OWN_GROUP;

/** The command line, where every user can read it. */
let program: string;
let workspace: Workspace;
let registry: TestRegistry;
let place: string;

beforeAll(async () => {
  const folder = await makeFolder();
  await chmod(folder, 0o755);
  await cp(join(dist, 'cli.js'), join(folder, 'cli.js'));
  await cp(join(dist, 'floe-oci.mjs'), join(folder, 'alone', 'floe-oci.mjs'));
  await cp(join(dist, 'cli-chunks'), join(folder, 'cli-chunks'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  program = folder;
  workspace = await makeWorkspace();
  registry = await startRegistry();
  place = `oci://${registry.host}/team/orders`;
  for (const tag of ['v1.0.0', 'v2.0.0', 'latest']) {
    const pushed = await workspace.run('push', '-a', 'doc.json', '-r', place, '-t', tag);
    expect(pushed.code).toBe(0);
  }
});

afterAll(async () => {
  await registry.close();
  await workspace[Symbol.asyncDispose]();
  await removeFolder(program);
});

/** A volume as a pod gets it: of somebody else, for a group. */
async function makeVolume(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await makeFolder();
  if (isRoot) await chown(path, 0, GROUP);
  await chmod(path, 0o2775);
  return { path, [Symbol.asyncDispose]: () => removeFolder(path) };
}

interface Pod {
  readonly user?: number | undefined;
  readonly cache?: string;
  /** The file of the command line; default: cli.js, which loads others. */
  readonly file?: string;
  /** What comes before the command line, such as a shell that changes what there is to see. */
  readonly inside?: readonly string[];
}

/** Runs the command line as that user, who has no home and works where nobody may write. */
function run({ user, cache, file = 'cli.js', inside = [] }: Pod, ...argv: readonly string[]): Promise<ProcessResult> {
  // It is only now that it becomes the user: Node itself may be where he may not read.
  const become =
    isRoot && user !== undefined
      ? [
          '--import',
          `data:text/javascript,process.setgroups([${GROUP}]);process.setgid(${user});process.setuid(${user})`,
        ]
      : [];
  const [command = '', ...args] = [...inside, process.execPath, ...become, join(program, file), ...argv];
  return runProgram(command, args, '/', { PATH: process.env['PATH'], ...(cache && { FLOE_OCI_CACHE_DIR: cache }) });
}

const pullOf = (tag: string): readonly string[] => ['pull', '-r', place, '-t', tag];
const PULLED = { code: 0, stdout: sample, stderr: '' };

/** Requests since the last time. */
function asked(): number {
  const count = registry.lines().length;
  registry.clearRequests();
  return count;
}

describe('pods that share a volume', () => {
  it('read and write one cache, though each has a user of its own', async () => {
    await using volume = await makeVolume();
    const cache = volume.path;
    const [one, other] = USERS.map((user): Pod => ({ user, cache })) as [Pod, Pod];
    asked();
    expect(await run(one, ...pullOf('v1.0.0'))).toEqual(PULLED);
    expect(asked()).toBeGreaterThan(0);
    expect(await run(other, ...pullOf('v1.0.0'))).toEqual(PULLED);
    expect(asked()).toBe(0);
    expect(await run(other, ...pullOf('v2.0.0'))).toEqual(PULLED);
    expect(asked()).toBeGreaterThan(0);
    expect(await run(one, ...pullOf('v2.0.0'))).toEqual(PULLED);
    expect(asked()).toBe(0);
    const status = await run(one, 'cache', 'status', '--json');
    expect(JSON.parse(status.stdout.toString())).toMatchObject({ path: cache, entries: 2 });
    for (const task of ['verify', 'prune', 'clear']) {
      expect(await run(other, 'cache', task)).toMatchObject({ code: 0, stderr: '' });
      expect(await run(one, ...pullOf('latest'))).toEqual(PULLED);
    }
  }, 60_000);

  it('make folders that the group may write to, where it may write to the volume', async () => {
    await using volume = await makeVolume();
    await run({ user: USERS[0], cache: volume.path }, ...pullOf('v1.0.0'));
    for (const name of ['references', 'blobs', 'blobs/sha256']) {
      expect((await stat(join(volume.path, name))).mode & 0o777).toBe(0o775);
    }
    await using own = await makeVolume();
    const cache = join(own.path, 'cache');
    await run({ user: USERS[0], cache }, ...pullOf('v1.0.0'));
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
  });

  it('note what they use of each other’s', async () => {
    await using volume = await makeVolume();
    const [one, other] = USERS.map((user): Pod => ({ user, cache: volume.path })) as [Pod, Pod];
    await run(one, ...pullOf('v1.0.0'));
    const [name = ''] = await readdir(join(volume.path, 'references'));
    const record = join(volume.path, 'references', name);
    const before = Date.now() / 1000 - 2 * 3600;
    await utimes(record, before, before);
    expect(await run(other, ...pullOf('v1.0.0'))).toEqual(PULLED);
    expect((await stat(record)).mtimeMs).toBeGreaterThan(before * 1000 + 3_600_000);
    expect(await run(one, ...pullOf('v1.0.0'))).toEqual(PULLED);
  });
});

/**
 * A shell in which the whole file system is read-only but for one folder. Who may not mount says so by the answer: then it
 * is the permissions of an ordinary user that have to keep him from writing.
 */
function readOnlyBut(folder: string): readonly string[] {
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@"';
  const inside = ['unshare', ...(isRoot ? [] : ['--map-root-user']), '--mount', 'sh', '-c', script, folder];
  try {
    execFileSync(inside[0] as string, [...inside.slice(1), 'true'], { stdio: 'ignore' });
    return inside;
  } catch {
    return [];
  }
}

describe('a pod whose file system is read-only', () => {
  it.each(['cli.js', 'alone/floe-oci.mjs'])(
    'pulls with %s through a cache on a volume, and without any',
    async (file) => {
      await using volume = await makeVolume();
      const inside = readOnlyBut(volume.path);
      const [user] = USERS;
      const pod = { user, inside, file, cache: volume.path };
      expect(await run(pod, ...pullOf('v1.0.0'))).toEqual(PULLED);
      asked();
      expect(await run(pod, ...pullOf('v1.0.0'))).toEqual(PULLED);
      expect(asked()).toBe(0);
      expect(await run({ user, inside, file }, ...pullOf('v1.0.0'))).toEqual(PULLED);
      expect(asked()).toBeGreaterThan(0);
      expect((await run({ user, inside, file }, 'inspect', `${place}:v1.0.0`)).code).toBe(0);
      const list = await run({ user, inside, file }, 'list', place);
      expect(list).toMatchObject({ code: 0, stderr: '' });
    },
    60_000,
  );

  it('says once that a cache elsewhere cannot be used, and pulls all the same', async () => {
    await using volume = await makeVolume();
    const closed = join(program, 'closed');
    await mkdir(closed, { mode: 0o555 });
    const pod = { user: USERS[0], inside: readOnlyBut(volume.path), cache: join(closed, 'cache') };
    const { code, stdout, stderr } = await run(pod, ...pullOf('v1.0.0'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: sample });
    expect(stderr).toMatch(/^warning: the cache [^\n]* cannot be used, and is done without: [^\n]*\n$/);
    const document = join(closed, 'out.json');
    const failed = await run(pod, ...pullOf('v1.0.0'), '-o', document, '--no-cache', '--json');
    expect(failed.code).toBe(73);
    expect(JSON.parse(failed.stderr).error).toMatchObject({ code: 'FILE_NOT_WRITABLE' });
  });

  it('serves a cache that is part of its image, which nobody may write to', async () => {
    await using volume = await makeVolume();
    await using image = await makeVolume();
    await run({ cache: image.path }, ...pullOf('v1.0.0'));
    asked();
    const pod = { user: USERS[0], inside: readOnlyBut(volume.path), cache: image.path };
    expect(await run(pod, ...pullOf('v1.0.0'))).toEqual(PULLED);
    expect(await run(pod, ...pullOf('v1.0.0'), '--max-attempts', '1')).toEqual(PULLED);
    expect(asked()).toBe(0);
  });
});
