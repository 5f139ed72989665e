import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cache } from '../../../src/oci/cache/cache.ts';
import { HOST } from '../../../src/oci/files/temporaryFile.ts';
import { LayoutStore } from '../../../src/oci/layout/layoutStore.ts';
import { encodedOf } from '../../../src/oci/spec/digest.ts';
import { parseRepositoryName } from '../../../src/oci/spec/repositoryName.ts';
import { copy } from '../../../src/oci/transfer/copy.ts';
import { unpack } from '../../../src/oci/transfer/unpack.ts';
import { validate } from '../../../src/oci/transfer/validate.ts';
import { writeFileFrom } from '../../../src/oci/transfer/writeFileFrom.ts';
import { blob, emptyConfig, imageManifest, putGraph, tagOf } from '../../support/artifacts.ts';
import { failure } from '../../support/failure.ts';
import { type Connected, connect } from './support.ts';

const MIB = 1024 * 1024;
const large = blob(1, { size: 20 * MIB, title: 'model.bin' });
const root = imageManifest([large]);
const { digest } = large.descriptor;
const v1 = tagOf('v1');
const ARRIVED = 12 * MIB;

let connected: Connected;
let folder: string;
let layout: LayoutStore;
beforeEach(async () => {
  connected = await connect();
  folder = await mkdtemp(join(tmpdir(), 'floe-later-'));
  layout = await LayoutStore.open(join(folder, 'layout'), { create: true });
  await putGraph(connected.repository(), { root, contents: [emptyConfig, large, root] }, v1);
  connected.server.clearRequests();
});
afterEach(async () => {
  await connected[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const path = new RegExp(`blobs/${digest}`);
const breakOff = (): void =>
  connected.server.fail(
    { method: 'GET', path, times: 1, fault: { kind: 'truncate', afterBytes: ARRIVED } },
    { method: 'GET', path, skip: 1, fault: { kind: 'status', status: 503 } },
  );
const backUp = () => copy(connected.fresh(), v1, layout, { tags: [v1] });
const ranges = (): readonly (string | undefined)[] =>
  connected.server.requests({ method: 'GET', path }).map(({ headers }) => headers['range']);
const parts = async (where = layout.path): Promise<readonly string[]> =>
  (await readdir(where)).filter((name) => name.endsWith('.part'));
const heal = (): void => {
  connected.server.clearFaults();
  connected.server.clearRequests();
};
/** A beginning of the blob as a process leaves it that is no longer there. */
const leave = async (bytes: Uint8Array, pid = 2 ** 22 + 1, where = layout.path): Promise<string> => {
  const name = `.floe-oci-${pid}-${HOST}-0123456789abcdef.${encodedOf(digest)}.part`;
  await writeFile(join(where, name), bytes);
  return name;
};

describe('a large blob that did not arrive', () => {
  it('is continued by a later run, which gets no byte twice', async () => {
    breakOff();
    await expect(backUp()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(await parts()).toHaveLength(1);
    heal();
    await backUp();
    expect(ranges()).toEqual([`bytes=${ARRIVED}-`]);
    expect(await parts()).toEqual([]);
    expect((await validate(layout, [root.descriptor])).problems).toEqual([]);
  });

  it('is continued in the cache, and a pull through it has all of it', async () => {
    const place = { registry: connected.server.host, repository: parseRepositoryName('team/product') };
    const pull = async (): Promise<void> => {
      const cache = new Cache({ path: join(folder, 'cache') });
      try {
        const store = cache.repository(place, connected.fresh(), {});
        await unpack(store, await store.resolve(v1), join(folder, 'files'));
      } finally {
        await cache.close();
      }
    };
    breakOff();
    await expect(pull()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(await readdir(join(folder, 'files')).catch(() => [])).toEqual([]);
    expect(await parts(join(folder, 'cache'))).toHaveLength(1);
    heal();
    await pull();
    expect(ranges()).toEqual([`bytes=${ARRIVED}-`]);
    expect(await parts(join(folder, 'cache'))).toEqual([]);
    expect(await readdir(join(folder, 'files'))).toEqual(['model.bin']);
  });

  it('is continued after the process was killed', async () => {
    await leave(large.bytes.subarray(0, 7 * MIB));
    await backUp();
    expect(ranges()).toEqual([`bytes=${7 * MIB}-`]);
    expect(await parts()).toEqual([]);
  });

  it('needs no request when all of it is there', async () => {
    await leave(large.bytes);
    await backUp();
    expect(ranges()).toEqual([]);
  });

  it('is left to a process that is still at it', async () => {
    const name = await leave(large.bytes.subarray(0, 7 * MIB), process.pid);
    await backUp();
    expect(ranges()).toEqual([undefined]);
    expect(await parts()).toEqual([name]);
  });

  it.each([
    ['wrong', Buffer.alloc(5 * MIB)],
    ['too long', Buffer.alloc(21 * MIB)],
  ])('is begun anew when what is left of it is %s', async (_, bytes) => {
    await leave(bytes);
    await backUp();
    expect(ranges().at(-1)).toBeUndefined();
    expect(await parts()).toEqual([]);
    expect((await validate(layout, [root.descriptor])).problems).toEqual([]);
  });

  it('comes whole from a registry that does not give the rest', async () => {
    await connected[Symbol.asyncDispose]();
    connected = await connect({ quirks: { ranges: 'ignored' } });
    await putGraph(connected.repository(), { root, contents: [emptyConfig, large, root] }, v1);
    connected.server.clearRequests();
    await leave(large.bytes.subarray(0, 7 * MIB));
    await backUp();
    expect(ranges()).toEqual([`bytes=${7 * MIB}-`, undefined]);
    expect((await validate(layout, [root.descriptor])).problems).toEqual([]);
  });

  it('is forgotten after a day', async () => {
    const other = join(layout.path, (await leave(Buffer.alloc(MIB))).replace(encodedOf(digest), '0'.repeat(64)));
    await writeFile(other, 'what nobody came back for');
    const old = new Date(Date.now() - 25 * 3_600_000);
    await utimes(other, old, old);
    await backUp();
    expect(await parts()).toEqual([]);
  });

  it('goes with the cache when that is cleared', async () => {
    const cache = new Cache({ path: join(folder, 'cache') });
    const store = cache.repository(
      { registry: connected.server.host, repository: parseRepositoryName('team/product') },
      connected.fresh(),
      {},
    );
    await mkdir(join(folder, 'files'));
    breakOff();
    const pulled = store.resolve(v1).then((manifest) => unpack(store, manifest, join(folder, 'files')));
    await expect(pulled).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    await cache.clear();
    await cache.close();
    expect(await parts(join(folder, 'cache'))).toEqual([]);
  });
});

describe('a large file that did not arrive in a folder', () => {
  const files = (): string => join(folder, 'files');
  const pull = async (): Promise<void> => {
    const store = connected.fresh();
    await unpack(store, await store.resolve(v1), files());
  };

  it('is continued by a later run, which gets no byte twice', async () => {
    breakOff();
    await expect(pull()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(await readdir(files())).toEqual([expect.stringMatching(/^\.floe-oci-0-.*\.part$/)]);
    heal();
    await pull();
    expect(ranges()).toEqual([`bytes=${ARRIVED}-`]);
    expect(await readdir(files())).toEqual(['model.bin']);
    expect((await readFile(join(files(), 'model.bin'))).equals(large.bytes)).toBe(true);
  });

  it('is continued after the process was killed', async () => {
    connected.server.fail({ method: 'GET', path, fault: { kind: 'stall', afterBytes: ARRIVED } });
    const program = join(import.meta.dirname, '../../support/killing/transferProcess.ts');
    const child = spawn(process.execPath, [program, 'pull', connected.server.host, folder, v1], { stdio: 'ignore' });
    const exit = once(child, 'exit');
    const arrived = async (): Promise<number> => {
      const [name] = await parts(files()).catch(() => []);
      return name === undefined ? 0 : (await stat(join(files(), name))).size;
    };
    await vi.waitFor(async () => expect(await arrived()).toBe(ARRIVED), { timeout: 30_000 });
    child.kill('SIGKILL');
    await exit;
    heal();
    await pull();
    expect(ranges()).toEqual([`bytes=${ARRIVED}-`]);
    expect(await readdir(files())).toEqual(['model.bin']);
    expect((await readFile(join(files(), 'model.bin'))).equals(large.bytes)).toBe(true);
  });

  it('is begun anew when what is left of it is wrong', async () => {
    await mkdir(files());
    await leave(Buffer.alloc(5 * MIB), 0, files());
    await pull();
    expect(ranges().at(-1)).toBeUndefined();
    expect(await readdir(files())).toEqual(['model.bin']);
  });

  it('leaves nothing behind when it was wrong', async () => {
    connected.server.fail({ method: 'GET', path, fault: { kind: 'corrupt', at: 100 } });
    await expect(pull()).rejects.toEqual(failure('DIGEST_MISMATCH'));
    expect(await readdir(files()).catch(() => [])).toEqual([]);
  });

  it('is forgotten after a day, even when nothing large is pulled there again', async () => {
    await mkdir(files());
    const old = join(files(), await leave(Buffer.alloc(2 * MIB), 0, files()));
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(old, yesterday, yesterday);
    const store = connected.fresh();
    const small = blob('small', { title: 'small.txt' });
    const manifest = imageManifest([small]);
    await putGraph(connected.repository(), { root: manifest, contents: [emptyConfig, small, manifest] });
    await unpack(store, manifest.descriptor, files());
    expect(await readdir(files())).toEqual(['small.txt']);
  });

  it('of a name of its own is continued as well', async () => {
    const target = join(folder, 'one.bin');
    const pullOne = () => writeFileFrom(connected.fresh(), large.descriptor, target);
    breakOff();
    await expect(pullOne()).rejects.toEqual(failure('REGISTRY_UNAVAILABLE'));
    expect(await parts(folder)).toHaveLength(1);
    heal();
    await pullOne();
    expect(ranges()).toEqual([`bytes=${ARRIVED}-`]);
    expect(await parts(folder)).toEqual([]);
    expect((await readFile(target)).equals(large.bytes)).toBe(true);
  });
});
