import { join, posix, win32 } from 'node:path';
import * as z from 'zod/mini';
import { invalidFile, parseJson, readSmallFile } from './credentialFile.ts';
import type { Environment } from './environment.ts';
import { removeFile, replaceFile } from './replaceFile.ts';

/**
 * One file a registry, so that processes that learn of different registries at once do not take turns, and a file that is
 * damaged is about one registry. `%3A` for the colon: Windows has no file names with one.
 */
function fileFor(folder: string, registry: string): string {
  return join(folder, `${encodeURIComponent(registry)}.json`);
}

const Realm = z.object({
  registry: z.string(),
  /** An origin and nothing else, which `URL` spells in one way. */
  realm: z.string().check(z.refine((text) => URL.canParse(text) && new URL(text).origin === text)),
});

/**
 * The origin of the token server that got the secrets of a registry, as {@link writeRealm} has kept it.
 * @throws OciError INVALID_DOCUMENT, FILE_NOT_READABLE, LIMIT_EXCEEDED
 */
export async function readRealm(folder: string, registry: string): Promise<string | undefined> {
  const file = fileFor(folder, registry);
  const text = await readSmallFile(file);
  if (text === undefined) return undefined;
  const { success, data } = Realm.safeParse(parseJson(text, file));
  if (!success)
    throw invalidFile(file, [{ path: '', message: 'does not hold a registry and the origin of its realm' }]);
  return data.registry === registry ? data.realm : undefined;
}

/** Keeps it; there is no secret in the file. @throws OciError FILE_NOT_WRITABLE */
export async function writeRealm(folder: string, registry: string, realm: string): Promise<void> {
  await replaceFile(fileFor(folder, registry), `${JSON.stringify({ registry, realm })}\n`);
}

/** Forgets it. @throws OciError FILE_NOT_WRITABLE */
export async function removeRealm(folder: string, registry: string): Promise<void> {
  await removeFile(fileFor(folder, registry));
}

/**
 * The folder of such files in which the user's state is kept; undefined where there is none, as in a container without HOME.
 * https://specifications.freedesktop.org/basedir-spec/0.8/
 */
export function realmFolder(environment: Environment, platform: NodeJS.Platform): string | undefined {
  const below = (name: string, ...rest: readonly string[]): string | undefined => {
    const folder = environment[name] ?? '';
    const { isAbsolute, join: joined, parse } = platform === 'win32' ? win32 : posix;
    // Relative ones are to be ignored, and the root is what HOME is for users without a home.
    return isAbsolute(folder) && parse(folder).root !== folder
      ? joined(folder, ...rest, 'floe', 'oci', 'realms')
      : undefined;
  };
  if (platform === 'win32') return below('LOCALAPPDATA');
  const inHome = platform === 'darwin' ? ['Library', 'Application Support'] : ['.local', 'state'];
  return below('XDG_STATE_HOME') ?? below('HOME', ...inHome);
}
