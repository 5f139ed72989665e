import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join, posix, win32 } from 'node:path';
import type { Environment } from './environment.ts';

/** What Windows takes for programs when PATHEXT says nothing. */
const EXTENSIONS = '.COM;.EXE;.BAT;.CMD';

/**
 * The absolute path of a program on PATH; undefined when there is none. Relative folders in PATH are passed over: what
 * lies in the working folder may come from anybody. On Windows, with the endings of PATHEXT in their order; on macOS also
 * where package managers put programs, which what is started from the desktop does not have on its PATH.
 * @param platform default: this one
 */
export async function findProgram(
  name: string,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  const isWindows = platform === 'win32';
  const { delimiter, isAbsolute } = isWindows ? win32 : posix;
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  const extensions = isWindows ? (environment['PATHEXT'] || EXTENSIONS).split(';').filter(Boolean) : [''];
  const folders = [...path.split(delimiter), ...(platform === 'darwin' ? usualFolders(environment) : [])];
  for (const folder of folders.filter((entry) => isAbsolute(entry))) {
    for (const extension of extensions) {
      const candidate = join(folder, `${name}${extension.toLowerCase()}`);
      if (await isProgram(candidate)) return candidate;
    }
  }
  return undefined;
}

/**
 * Whether only a command interpreter can run it. Node refuses to start such a file without one, because arguments cannot be
 * quoted safely for it. https://nodejs.org/en/blog/vulnerability/april-2024-security-releases-2
 */
export function isBatchFile(path: string): boolean {
  return /\.(bat|cmd)$/i.test(path);
}

function usualFolders(environment: Environment): readonly string[] {
  const home = environment['HOME'];
  return ['/usr/local/bin', '/opt/homebrew/bin', ...(home ? [join(home, '.docker', 'bin')] : [])];
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
