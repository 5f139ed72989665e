import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

/** What decides where the cache is when nobody has said. */
export interface CacheSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Whether a folder exists that we may write to; default: asks the file system. */
  readonly isWritable?: (path: string) => Promise<boolean>;
}

/** Where an operator mounts a volume for the cache, in a pod. */
const SHARED = '/var/cache/floe/oci';

/**
 * The folder of the cache when nothing says otherwise: `/var/cache/floe/oci` where it exists and is writable, else the
 * user's cache folder. Undefined where there is no such folder, as in a container without HOME: then there is no cache.
 * https://specifications.freedesktop.org/basedir-spec/0.8/
 */
export async function defaultCacheFolder(surroundings: CacheSurroundings): Promise<string | undefined> {
  const { env, platform, isWritable = isWritableFolder } = surroundings;
  if (platform === 'win32') {
    const local = absolute(env['LOCALAPPDATA'], win32);
    return local && win32.join(local, 'floe', 'oci', 'Cache');
  }
  if (await isWritable(SHARED)) return SHARED;
  const xdg = absolute(env['XDG_CACHE_HOME'], posix);
  if (xdg !== undefined) return posix.join(xdg, 'floe', 'oci');
  const home = absolute(env['HOME'], posix);
  return home && posix.join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'floe', 'oci');
}

/** The specification has relative paths ignored, and so is the root, which is what HOME is for users without a home. */
function absolute(path: string | undefined, { isAbsolute, parse }: typeof posix): string | undefined {
  return path !== undefined && isAbsolute(path) && parse(path).root !== path ? path : undefined;
}

async function isWritableFolder(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
