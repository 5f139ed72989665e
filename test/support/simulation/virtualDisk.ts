import { AsyncLocalStorage } from 'node:async_hooks';
import * as fs from 'node:fs';
import { setTimeout as realSleep } from 'node:timers/promises';
import { below, oneOf, type Random } from '../random.ts';
import type { VirtualClock } from './virtualClock.ts';

/** Stands for a process: everything that is awaited in {@link run} is its doing, and stops for ever when it is killed. */
export class SimulatedProcess {
  #isDead = false;
  #end: () => void = () => {};

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Undefined when it was killed meanwhile. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    const killed = new Promise<undefined>((resolve) => {
      this.#end = () => resolve(undefined);
    });
    return Promise.race([context.run(this, work), killed]);
  }

  kill(): void {
    this.#isDead = true;
    this.#end();
  }
}

const context = new AsyncLocalStorage<SimulatedProcess>();

/** Whose doing it is that is going on; undefined outside of any {@link SimulatedProcess.run}. */
export function currentProcess(): SimulatedProcess | undefined {
  return context.getStore();
}

export interface DiskOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Share of the operations that fail, from 0 to 1. */
  readonly faultRate: number;
  /** Share of the locks that are taken away from who holds them, as from a process that was suspended. */
  readonly lossRate: number;
  /** Hears of every file that is put in the place of another, or of none. */
  readonly onReplace?: (path: string, before: Buffer | undefined, after: Buffer) => void;
}

/** What a disk says when it fails. */
const FAULTS = ['EIO', 'ENOSPC', 'EACCES', 'EMFILE'] as const;

let disk: DiskOptions | undefined;

/** From now on the mocked modules are driven by these; undefined: they are the real ones again. */
export function useDisk(options: DiskOptions | undefined): void {
  disk = options;
}

/** Takes time of the clock, then does it at once, unless it fails by the seed or its process is dead by then. */
async function operation<T>(name: string, path: string, act: () => T): Promise<T> {
  if (disk === undefined) return act();
  const { clock, random, faultRate } = disk;
  const process = context.getStore();
  await unlessDead(process, () => clock.sleep(0.1 + random()));
  if (random() < faultRate) {
    const code = oneOf(random, FAULTS);
    throw Object.assign(new Error(`${code}: simulated, ${name} '${path}'`), { code });
  }
  return act();
}

/** A dead process waits for ever. */
export async function unlessDead<T>(process: SimulatedProcess | undefined, wait: () => Promise<T>): Promise<T> {
  const result = await wait();
  if (process?.isDead) await new Promise<never>(() => {});
  return result;
}

function handleOf(fd: number, path: string): object {
  return {
    fd,
    close: async () => fs.closeSync(fd),
    stat: () => operation('fstat', path, () => fs.fstatSync(fd)),
    sync: () => operation('fsync', path, () => {}),
    chmod: (mode: number) => operation('fchmod', path, () => fs.fchmodSync(fd, mode)),
    readFile: () => operation('read', path, () => fs.readFileSync(fd)),
    read: (buffer: Buffer, offset = 0, length = buffer.length, position: number | null = null) =>
      operation('read', path, () => ({ bytesRead: fs.readSync(fd, buffer, offset, length, position), buffer })),
    datasync: () => operation('fdatasync', path, () => {}),
    writev: async (chunks: readonly Uint8Array[]) => {
      const bytes = Buffer.concat(chunks);
      // A disk need not take all at once, and one that gets full has taken a part.
      const part = (least: number): number => least + below(disk?.random ?? Math.random, bytes.length + 1 - least);
      try {
        const bytesWritten = await operation('write', path, () => fs.writeSync(fd, bytes, 0, part(1)));
        return { bytesWritten };
      } catch (error) {
        if (disk) fs.writeSync(fd, bytes, 0, part(0));
        throw error;
      }
    },
    writeFile: async (bytes: Uint8Array) => {
      try {
        await operation('write', path, () => fs.writeSync(fd, bytes));
      } catch (error) {
        // A disk that gets full has taken a part.
        if (disk) fs.writeSync(fd, bytes, 0, below(disk.random, bytes.length + 1));
        throw error;
      }
    },
  };
}

/** In the place of `node:fs/promises`: as much of it as caches and layouts need, on a real folder. */
export const promises = {
  access: (path: string, mode?: number) => operation('access', path, () => fs.accessSync(path, mode)),
  chmod: (path: string, mode: number) => operation('chmod', path, () => fs.chmodSync(path, mode)),
  lstat: (path: string, options?: fs.StatOptions) => operation('lstat', path, () => fs.lstatSync(path, options)),
  mkdir: (path: string, options?: fs.MakeDirectoryOptions) =>
    operation('mkdir', path, () => fs.mkdirSync(path, options)),
  open: (path: string, flags?: string, mode?: number) =>
    operation('open', path, () => handleOf(fs.openSync(path, flags ?? 'r', mode), path)),
  readdir: (path: string) => operation('readdir', path, () => fs.readdirSync(path).sort()),
  realpath: (path: string) => operation('realpath', path, () => fs.realpathSync(path)),
  rename: (from: string, to: string) =>
    operation('rename', to, () => {
      const before = fs.existsSync(to) ? fs.readFileSync(to) : undefined;
      disk?.onReplace?.(to, before, fs.readFileSync(from));
      fs.renameSync(from, to);
    }),
  rm: (path: string, options?: fs.RmOptions) => operation('rm', path, () => fs.rmSync(path, options)),
  rmdir: (path: string) => operation('rmdir', path, () => fs.rmdirSync(path)),
  stat: (path: string, options?: fs.StatOptions) => operation('stat', path, () => fs.statSync(path, options)),
  utimes: (path: string, atime: number, mtime: number) =>
    operation('utimes', path, () => fs.utimesSync(path, atime, mtime)),
};

/** In the place of `node:timers/promises`. */
export async function sleep(
  milliseconds: number,
  _value: unknown,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const process = context.getStore();
  if (disk === undefined) return realSleep(milliseconds, undefined, options);
  const { clock } = disk;
  await unlessDead(process, () => clock.sleep(milliseconds, options.signal));
}

interface LockOptions {
  readonly stale: number;
  readonly fs: Record<
    'mkdir' | 'rmdir',
    (path: string, callback: (error: NodeJS.ErrnoException | null) => void) => void
  >;
  readonly onCompromised: (error: Error) => void;
}

/** Who holds which lock, and when it last gave a sign of life. */
const holders = new Map<string, { readonly isAlive: () => boolean; readonly since: number }>();

/** In the place of `proper-lockfile`: a holder that lives gives signs of life, in the time of the clock. */
export async function lock(
  path: string,
  { fs: calls, stale, onCompromised }: LockOptions,
): Promise<() => Promise<void>> {
  const process = context.getStore();
  const now = (): number => disk?.clock.now() ?? 0;
  const call = (name: 'mkdir' | 'rmdir') =>
    new Promise<void>((resolve, reject) => calls[name](path, (error) => (error ? reject(error) : resolve())));
  removeStale(path, now(), stale);
  let isHeld = true;
  try {
    await call('mkdir');
  } catch (error) {
    const isOfAnother = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw isOfAnother ? Object.assign(new Error('held'), { code: 'ELOCKED' }) : error;
  }
  holders.set(identityOf(path), { isAlive: () => isHeld && process?.isDead !== true, since: now() });
  if (disk && disk.random() < disk.lossRate) {
    const { clock, random } = disk;
    const own = identityOf(path);
    void clock.sleep(below(random, 10)).then(() => {
      if (!isHeld || process?.isDead || !fs.existsSync(path) || identityOf(path) !== own) return;
      fs.rmSync(path, { recursive: true });
      onCompromised(new Error('taken away'));
    });
  }
  return async () => {
    isHeld = false;
    await call('rmdir');
  };
}

/** One that nobody holds any more, or nobody has held since it was made, goes when it has been silent for so long. */
function removeStale(path: string, now: number, stale: number): void {
  if (!fs.existsSync(path)) return;
  const own = identityOf(path);
  const holder = holders.get(own);
  if (holder === undefined) holders.set(own, { isAlive: () => false, since: now });
  else if (!holder.isAlive() && now - holder.since > stale) fs.rmSync(path, { recursive: true });
}

function identityOf(path: string): string {
  const { ino, birthtimeMs } = fs.statSync(path);
  return `${ino} ${birthtimeMs}`;
}
